import Crypto
import ImageStore
import Model
import Pipeline
import Platform
import TestSupport
import Testing

@Suite struct `The files stage` {
    private let accounts = """
        - files:
            - write: {path: /etc/passwd, text: "root:x:0:0::/root:/bin/sh\\nweb:x:33:34::/srv:/bin/false\\n"}
            - write: {path: /etc/group, text: "root:x:0:\\nweb:x:35:\\n"}

        """

    @Test func `writes a new file with mode and owner, and the folders above it`() throws {
        try StageFixture.with { fixture in
            let tree = try fixture.tree(
                accounts + """
                    - files:
                        - write: {path: /srv/www/index.html, text: "hello\\n", mode: 0640, owner: web, group: web}
                        - write: {path: /srv/plain, base64: "AAH/"}
                        - write: {path: /srv/empty, text: ""}
                    """)
            let file = try #require(try tree.node(at: "/srv/www/index.html"))
            #expect(file.metadata == Metadata(mode: 0o640, uid: 33, gid: 35, modified: StageFixture.date))
            #expect(try tree.text("/srv/www/index.html") == "hello\n")
            #expect(try tree.node(at: "/srv/www")?.metadata == Metadata(mode: 0o755, modified: StageFixture.date))
            #expect(try tree.read("/srv/plain") == [0, 1, 255])
            #expect(try tree.node(at: "/srv/plain")?.metadata.mode == 0o644)
            #expect(try tree.read("/srv/empty") == [])
        }
    }

    @Test func `an old file keeps mode and owner, and loses its capabilities with its contents`() throws {
        try StageFixture.with { fixture in
            let writer = try StoreWriter(fixture.store)
            let editor = try TreeEditor(root: nil, in: writer, date: 0)
            let attributes = ["security.capability", "user.note"].map {
                Metadata.Attribute(name: Array($0.utf8), value: [1])
            }
            try editor.write("old", to: "/ping", metadata: Metadata(mode: 0o4750, uid: 5, gid: 6, attributes: attributes))
            let root = try editor.finish()
            try writer.publish()
            let tree = try fixture.tree("- files: [write: {path: /ping, text: new}]", on: root)
            let metadata = try #require(try tree.node(at: "/ping")?.metadata)
            #expect((metadata.mode, metadata.uid, metadata.gid) == (0o4750, 5, 6))
            #expect(metadata.attributes.map { String(decoding: $0.name, as: UTF8.self) } == ["user.note"])
        }
    }

    @Test func `actions follow the links of the image, and none leads out of it`() throws {
        try StageFixture.with { fixture in
            let tree = try fixture.tree(
                """
                - files:
                    - mkdir: {path: /usr/lib}
                    - symlink: {path: /lib, target: usr/lib}
                    - write: {path: /lib/a, text: a}
                    - symlink: {path: /etc/a, target: /lib/a}
                    - append: {path: /etc/a, text: b}
                    - remove: {path: /etc/a}
                """)
            #expect(try tree.text("/usr/lib/a") == "ab")
            #expect(try tree.node(at: "/lib")?.isSymlink == true)
            #expect(try tree.node(at: "/etc/a") == nil)
            let error = try failure {
                _ = try fixture.run("- files: [symlink: {path: /out, target: ../..}, write: {path: /out/x, text: x}]")
            }
            #expect(error.code == .invalid)
            #expect(error.chain.last?.contains("leads out of the image's root") == true)
        }
    }

    @Test func `what an action needs and does not find is an error that names the action`() throws {
        try StageFixture.with { fixture in
            for (action, word) in [
                ("append: {path: /no, text: x}", "/no does not exist"), ("remove: {path: /no}", "/no does not exist"),
                ("permissions: {path: /no, mode: 0644}", "/no does not exist"),
                ("owner: {path: /no, owner: 1}", "/no does not exist"),
                ("permissions: {path: /no, mode: 0644, recursive: true}", "/no does not exist"),
                ("write: {path: /a, text: x, owner: nobody}", "no user 'nobody'"),
                ("mkdir: {path: /a, group: nobody}", "no group 'nobody'"), ("copy: {from: no, to: /a}", "'no' cannot be copied"),
            ] {
                let error = try failure { _ = try fixture.run("- files:\n    - \(action)") }
                #expect(error.code == .notFound, "\(action)")
                #expect(error.chain.contains { $0.contains(word) }, "\(action): \(error.chain)")
            }
            _ = try fixture.run("- files: [remove: {path: /no, missing: ok}]")
        }
    }

    @Test func `a symbolic link takes no other file's place`() throws {
        try StageFixture.with { fixture in
            let tree = try fixture.tree("- files: [symlink: {path: /a, target: b}, symlink: {path: /a, target: c}]")
            #expect(try tree.node(at: "/a")?.kind == .symlink(target: Array("c".utf8)))
            let error = try failure {
                _ = try fixture.run("- files: [write: {path: /a, text: x}, symlink: {path: /a, target: b}]")
            }
            #expect(error.code == .conflict)
        }
    }

    @Test func `a recursive mode gives folders x wherever they have r, and leaves links alone`() throws {
        try StageFixture.with { fixture in
            let base = "- files: [write: {path: /a/b/c, text: c, mode: 0755}, symlink: {path: /a/l, target: b/c}]\n"
            let tree = try fixture.tree(base + "- files: [permissions: {path: /a, mode: 0640, recursive: true}]")
            #expect(
                try ["/a", "/a/b", "/a/b/c", "/a/l"].map { try tree.node(at: $0)?.metadata.mode } == [0o750, 0o750, 0o640, 0o777])
            let other = try fixture.tree(
                base + "- files: [permissions: {path: /a, mode: 0640, recursive: true, directoryMode: 0700}]")
            #expect(try ["/a", "/a/b", "/a/b/c"].map { try other.node(at: $0)?.metadata.mode } == [0o700, 0o700, 0o640])
        }
    }

    @Test func `a new owner takes setuid and setgid away, as chown does`() throws {
        try StageFixture.with { fixture in
            let base = "- files: [write: {path: /a/su, text: x, mode: 6755}, mkdir: {path: /a/d, mode: 2775}]\n"
            let tree = try fixture.tree(base + "- files: [owner: {path: /a, owner: 7, group: 8, recursive: true}]")
            #expect(try tree.node(at: "/a/su")?.metadata.mode == 0o755)
            #expect(try tree.node(at: "/a/d")?.metadata == Metadata(mode: 0o2775, uid: 7, gid: 8, modified: StageFixture.date))
            let same = try fixture.tree(base + "- files: [owner: {path: /a/su, owner: 0}]")
            #expect(try same.node(at: "/a/su")?.metadata.mode == 0o6755)
        }
    }

    @Test func `a mode in the same action as an owner is the one that holds`() throws {
        try StageFixture.with { fixture in
            let tree = try fixture.tree("- files: [write: {path: /su, text: x, mode: 4750, owner: 7}]")
            #expect(try tree.node(at: "/su")?.metadata.mode == 0o4750)
        }
    }

    @Test func `the report counts names and bytes`() throws {
        try StageFixture.with { fixture in
            let report = try fixture.run("- files: [write: {path: /a/b, text: hello}, remove: {path: /a}]").reports[0]
            #expect(report.summary == "2 actions, 3 names changed, 5 B written")
            #expect(
                report.detail == #"{"actions":[{"action":"write","bytes":5,"files":1,"path":"/a/b"},"#
                    + #"{"action":"remove","bytes":0,"files":2,"path":"/a"}]}"#)
        }
    }

    @Test func `a cancelled build stops before the next action`() throws {
        let cancellation = Cancellation()
        try StageFixture.with(environment: .system(cancellation: cancellation)) { fixture in
            cancellation.cancel()
            let error = try failure { _ = try fixture.run("- files: [mkdir: {path: /a}]") }
            #expect(error.code == .cancelled)
        }
    }
}
