import Archive
import Crypto
import ImageStore
import Model
import Platform
import TestSupport
import Testing

/// Archives that are broken or mean harm: one clear failure each, and nothing that names what was read.
@Suite struct HostileArchiveTests {
    private static func entry(_ path: String, _ kind: ArchiveEntryKind = .file, size: UInt64 = 0) -> ArchiveEntry {
        ArchiveEntry(path: Array(path.utf8), kind: kind, mode: kind == .directory ? 0o755 : 0o644, size: size)
    }

    private static func link(_ path: String, _ target: String) -> ArchiveEntry {
        entry(path, .hardLink(target: Array(target.utf8)))
    }

    private static func symlink(_ path: String, _ target: String) -> ArchiveEntry {
        entry(path, .symbolicLink(target: Array(target.utf8)))
    }

    /// Writes an archive; files hold their own name.
    private func write(_ entries: [ArchiveEntry], to path: String) throws {
        var writer = try ArchiveWriter(path: path, compression: .none)
        for var entry in entries {
            let content = entry.kind == .file ? entry.path : []
            entry.size = UInt64(content.count)
            try writer.add(entry)
            if !content.isEmpty { try writer.write(content.span, at: 0) }
        }
        try writer.finish()
    }

    private func importing(_ entries: [ArchiveEntry], _ body: (Tree) throws -> Void) throws {
        try withTemporaryFolder { folder in
            try write(entries, to: "\(folder)/a.tar")
            let store = try ObjectStore("\(folder)/store", environment: .system())
            let writer = try StoreWriter(store)
            let result = try ArchiveImport("\(folder)/a.tar", into: writer, cacheFolder: nil, environment: .system()).run()
            try writer.publish()
            try body(try Tree(result.root, in: store))
        }
    }

    /// What importing the bytes fails with. Nothing may be left in the store.
    private func refused(_ bytes: [UInt8]) throws -> Failure? {
        try withTemporaryFolder { folder in
            try Files.writeDurably("\(folder)/a.tar", bytes)
            let store = try ObjectStore("\(folder)/store", environment: .system())
            let error = failure {
                let writer = try StoreWriter(store)
                _ = try ArchiveImport("\(folder)/a.tar", into: writer, cacheFolder: "\(folder)/cache", environment: .system())
                    .run()
                try writer.publish()
            }
            if error != nil {
                #expect(try store.reopened().objectCount == 0)
                #expect(Files.names(in: store.folder + "/tmp").isEmpty)
                #expect(Files.names(in: "\(folder)/cache").isEmpty)
            }
            return error
        }
    }

    private func refused(_ entries: [ArchiveEntry]) throws -> Failure? {
        try withTemporaryFolder { folder in
            try write(entries, to: "\(folder)/a.tar")
            return try refused(try Files.read("\(folder)/a.tar"))
        }
    }

    @Test(arguments: [
        ([entry("../etc/passwd")], "'..'"), ([entry("etc/../../x")], "'..'"), ([entry("/etc/passwd")], "absolute"),
        ([symlink("etc", "/"), entry("etc/passwd")], "symbolic link"),
        ([symlink("a", "b"), entry("a/b/c/d")], "symbolic link"), ([entry("a"), entry("a/b")], "not a directory"),
        ([link("x", "/etc/shadow")], "absolute"), ([link("x", "../../etc/shadow")], "'..'"),
        ([link("x", "missing")], "does not come before"), ([link("x", "y"), entry("y")], "does not come before"),
        ([entry("d", .directory), link("x", "d")], "directory"), ([link("x", "x")], "itself"),
        ([entry("d", .directory), entry("d/e"), entry("d")], "directory"), ([symlink("s", "x"), link("s/x", "s")], "symbolic"),
        ([entry(String(repeating: "n", count: 256))], "no name"), ([entry(".")], "root"),
        ([entry(String(repeating: "d/", count: 300) + "x")], "deeper"),
    ])
    func `an archive that leads out or contradicts itself is refused with its reason`(
        entries: [ArchiveEntry], reason: String
    ) throws {
        let error = try #require(try refused(entries))
        #expect(error.code == .invalid || error.code == .conflict)
        #expect(error.chain.joined(separator: "\n").contains(reason), "\(error.chain)")
        #expect(error.message.contains("a.tar"))
    }

    @Test func `an archive cut at any block is refused`() throws {
        try withTemporaryFolder { folder in
            try write(
                [Self.entry("d", .directory), Self.entry("d/a"), Self.entry("d/b"), Self.symlink("l", "d")], to: "\(folder)/w")
            let whole = try Files.read("\(folder)/w")
            let blocks = whole.lastIndex { $0 != 0 }.map { $0 / 512 + 1 } ?? 0
            for block in 0...blocks {
                for extra in [0, 100] where block * 512 + extra < blocks * 512 + 100 {
                    let error = try refused(Array(whole.prefix(block * 512 + extra)))
                    #expect(error?.code == .invalid, "block \(block) and \(extra) bytes")
                }
            }
            #expect(try refused(whole) == nil)
        }
    }

    @Test func `what is no archive is refused`() throws {
        var random = SeededRandom(1)
        for bytes in [[], [0], [UInt8](repeating: 0, count: 10_240), Array("hello\n".utf8), random.bytes(100_000)] {
            #expect(try refused(bytes)?.code == .invalid)
        }
        try withTemporaryFolder { folder in
            let writer = try StoreWriter(try ObjectStore("\(folder)/store", environment: .system()))
            for cache in [nil, folder] {
                let run = ArchiveImport("\(folder)/none.tar", into: writer, cacheFolder: cache, environment: .system())
                #expect(failure { _ = try run.run() }?.code == .notFound)
            }
        }
    }

    @Test func `a damaged archive gives a failure or a tree, and never a crash`() throws {
        try withTemporaryFolder { folder in
            try write(
                [Self.entry("d", .directory), Self.entry("d/a"), Self.link("x", "d/a"), Self.symlink("l", "d")], to: "\(folder)/w"
            )
            let whole = Array(try Files.read("\(folder)/w").prefix(4096)) + [UInt8](repeating: 0, count: 1024)
            var random = SeededRandom(9)
            for _ in 0..<150 {
                var bytes = whole
                for _ in 0...random.below(4) { bytes[random.below(bytes.count)] = UInt8(random.below(256)) }
                _ = try refused(bytes)
            }
        }
    }

    @Test func `a file that claims eight exabytes is refused as cut`() throws {
        try withTemporaryFolder { folder in
            try write([Self.entry("file")], to: "\(folder)/w")
            var bytes = try Files.read("\(folder)/w")
            let header = try #require(bytes.indices.first { bytes[$0...].starts(with: Array("file\0".utf8)) && $0 % 512 == 0 })
            // The size in base 256, as GNU tar writes large ones, and the header's new checksum.
            bytes.replaceSubrange(
                header + 124..<header + 136, with: [0x80, 0, 0, 0, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF])
            bytes.replaceSubrange(header + 148..<header + 156, with: Array(repeating: 0x20, count: 8))
            let sum = bytes[header..<header + 512].reduce(0) { $0 + Int($1) }
            let octal = String(sum, radix: 8)
            let text = String(repeating: "0", count: 6 - octal.count) + octal
            bytes.replaceSubrange(header + 148..<header + 156, with: Array(text.utf8) + [0, 0x20])
            #expect(try refused(bytes)?.code == .invalid)
        }
    }

    @Test func `a later entry takes the place of an earlier one, and links keep what they had`() throws {
        try importing([Self.entry("a"), Self.link("b", "a"), Self.symlink("a", "b")]) { (tree: Tree) throws in
            #expect(try tree.node(at: "a")?.isSymlink == true)
            #expect(try tree.text("b") == "a")
        }
        try importing([Self.entry("x"), Self.link("y", "x"), Self.link("x", "y")]) { (tree: Tree) throws in
            #expect(try tree.text("x") == "x")
            #expect(try tree.resolvedNode("y")?.content == tree.node(at: "x")?.content)
        }
    }

    @Test func `names with dots and doubled slashes are the names they mean, and missing folders are made`() throws {
        try importing([Self.entry("./etc//./ssh/config")]) { (tree: Tree) throws in
            #expect(try tree.text("etc/ssh/config") == "./etc//./ssh/config")
            #expect(try tree.node(at: "etc")?.metadata == Metadata(mode: 0o755))
        }
    }

    @Test func `times that do not fit become the nearest that do`() throws {
        var late = Self.entry("late")
        late.modified = ArchiveTime(seconds: 20_000_000_000)
        var early = Self.entry("early")
        early.modified = ArchiveTime(seconds: -20_000_000_000)
        try importing([late, early]) { (tree: Tree) throws in
            #expect(try tree.node(at: "late")?.metadata.modified == .max)
            #expect(try tree.node(at: "early")?.metadata.modified == .min)
        }
    }
}
