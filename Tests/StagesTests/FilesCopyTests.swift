import Crypto
import Glibc
import ImageStore
import Model
import Pipeline
import Platform
import Recipes
import TestSupport
import Testing

@Suite struct `Copying files into an image` {
    private let copy = "- files: [copy: {from: site, to: /srv/site}]"

    private func makeSite(_ fixture: StageFixture) throws {
        try fixture.write("site/index.html", "hello\n")
        try fixture.write("site/bin/run", "#!/bin/sh\n", permissions: 0o755)
        try link("index.html", "\(fixture.folder)/recipes/site/home")
    }

    private func link(_ target: String, _ path: String) throws {
        let made = unsafe symlink(target, path)
        try #require(made == 0)
    }

    private func inputs(_ fixture: StageFixture, _ stages: String) throws -> [StageInput] {
        let entry = try #require(try fixture.decode(stages).first)
        return try #require(entry.stage as? any Stage).inputs(fixture.inputs)
    }

    @Test func `a folder comes with its execute bits and links, owned by root`() throws {
        try StageFixture.with { fixture in
            try makeSite(fixture)
            let tree = try fixture.tree(copy)
            #expect(try tree.text("/srv/site/index.html") == "hello\n")
            #expect(try tree.node(at: "/srv/site/index.html")?.metadata == Metadata(mode: 0o644, modified: StageFixture.date))
            #expect(try tree.node(at: "/srv/site/bin/run")?.metadata.mode == 0o755)
            #expect(try tree.node(at: "/srv/site/bin")?.metadata == Metadata(mode: 0o755, modified: StageFixture.date))
            #expect(try tree.node(at: "/srv/site/home")?.kind == .symlink(target: Array("index.html".utf8)))
        }
    }

    @Test func `umask, times and the place of the checkout do not reach the digest`() throws {
        var roots: [Digest] = []
        var keys: [[StageInput]] = []
        for permissions: (UInt32, UInt32) in [(0o644, 0o755), (0o600, 0o700), (0o664, 0o775)] {
            try StageFixture.with { fixture in
                try fixture.write("site/index.html", "hello\n", permissions: permissions.0)
                try fixture.write("site/run", "x", permissions: permissions.1)
                let changed = unsafe chmod("\(fixture.folder)/recipes/site/index.html", permissions.0)
                #expect(changed == 0)
                roots.append(try fixture.run(copy).root)
                keys.append(try inputs(fixture, copy))
            }
        }
        #expect(Set(roots).count == 1)
        #expect(Set(keys).count == 1)
    }

    @Test func `names, contents, execute bits and link targets are part of the key`() throws {
        try StageFixture.with { fixture in
            try makeSite(fixture)
            var keys = [try inputs(fixture, copy)]
            let site = "\(fixture.folder)/recipes/site"
            try fixture.write("site/index.html", "hello!\n")
            keys.append(try inputs(fixture, copy))
            try Files.rename("\(site)/index.html", to: "\(site)/main.html")
            keys.append(try inputs(fixture, copy))
            let changed = unsafe chmod("\(site)/main.html", 0o755)
            #expect(changed == 0)
            keys.append(try inputs(fixture, copy))
            try Files.remove("\(site)/home")
            try link("main.html", "\(site)/home")
            keys.append(try inputs(fixture, copy))
            try Files.makeFolders("\(site)/empty")
            keys.append(try inputs(fixture, copy))
            #expect(Set(keys).count == 6)
        }
    }

    @Test func `a file's key is its SHA-256, by the name that the recipe gives it`() throws {
        try StageFixture.with { fixture in
            try fixture.write("motd", "abc")
            let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
            #expect(try inputs(fixture, "- files: [copy: {from: motd, to: /etc/motd}]") == [StageInput("file motd", expected)])
            try fixture.write("motd", "abc", permissions: 0o755)
            #expect(
                try inputs(fixture, "- files: [copy: {from: motd, to: /etc/motd}]")
                    == [StageInput("file motd", "\(expected) executable")])
        }
    }

    @Test func `what changed between the plan and the build is a conflict`() throws {
        try StageFixture.with { fixture in
            try makeSite(fixture)
            let declared = try inputs(fixture, copy)
            try fixture.write("site/index.html", "other\n")
            let error = try failure { _ = try fixture.run(copy, declared: declared) }
            #expect(error.code == .conflict)
            #expect(error.chain.last == "'site' changed while the build ran")
        }
    }

    @Test func `modes and owners that are given are taken`() throws {
        try StageFixture.with { fixture in
            try makeSite(fixture)
            let tree = try fixture.tree(
                "- files: [copy: {from: site, to: /srv/site, mode: 0640, directoryMode: 0750, owner: 33, group: 34}]")
            let expected: (UInt16) -> Metadata = { Metadata(mode: $0, uid: 33, gid: 34, modified: StageFixture.date) }
            #expect(try tree.node(at: "/srv/site/bin/run")?.metadata == expected(0o640))
            #expect(try tree.node(at: "/srv/site/bin")?.metadata == expected(0o750))
            #expect(try tree.node(at: "/srv/site/home")?.metadata == expected(0o777))
            #expect(try tree.node(at: "/srv")?.metadata.mode == 0o755)
        }
    }

    @Test func `a copy goes through links of the image, and over files, not over folders`() throws {
        try StageFixture.with { fixture in
            try fixture.write("root/lib/a", "new")
            let base = "- files: [mkdir: {path: /usr/lib, mode: 0711}, symlink: {path: /lib, target: usr/lib}, "
            let tree = try fixture.tree(base + "write: {path: /lib/a, text: old, mode: 0600}, copy: {from: root, to: /}]")
            #expect(try tree.text("/usr/lib/a") == "new")
            #expect(try tree.node(at: "/usr/lib/a")?.metadata.mode == 0o644)
            #expect(try tree.node(at: "/usr/lib")?.metadata.mode == 0o711)
            #expect(try tree.node(at: "/lib")?.isSymlink == true)
            let error = try failure { _ = try fixture.run(base + "copy: {from: root/lib/a, to: /usr/lib}]") }
            #expect(error.code == .conflict)
        }
    }

    @Test func `a file larger than one object and one with holes come whole`() throws {
        try StageFixture.with { fixture in
            let large = (0..<(9 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 9) }
            try Files.writeDurably("\(fixture.folder)/recipes/large", large)
            try Files.writeDurably("\(fixture.folder)/recipes/holes", [1] + [UInt8](repeating: 0, count: 5 << 20) + [2])
            let tree = try fixture.tree("- files: [copy: {from: large, to: /large}, copy: {from: holes, to: /holes}]")
            #expect(try tree.read("/large") == large)
            #expect(try tree.read("/holes")?.count == (5 << 20) + 2)
        }
    }

    @Test func `a named pipe and a name that is not UTF-8 are refused`() throws {
        try StageFixture.with { fixture in
            try fixture.write("site/a", "a")
            let made = unsafe mkfifo("\(fixture.folder)/recipes/site/pipe", 0o600)
            try #require(made == 0)
            #expect(try failure { _ = try fixture.run(copy) }.code == .invalid)
        }
        try StageFixture.with { fixture in
            try fixture.write("site/a", "a")
            let name = Array("\(fixture.folder)/recipes/site/".utf8) + [0xFF]
            let made = unsafe (name + [0]).withUnsafeBytes { bytes in
                unsafe bytes.withMemoryRebound(to: CChar.self) { text in
                    unsafe text.baseAddress.map { unsafe mkdir($0, 0o755) } ?? -1
                }
            }
            try #require(made == 0)
            #expect(try failure { _ = try fixture.run(copy) }.code == .invalid)
        }
    }
}
