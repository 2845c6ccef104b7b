import Crypto
import ImageStore
import Model
import Platform
import Sandbox
import TestSupport
import Testing

/// File systems read back into trees, whoever wrote them.
@Suite struct Ext4ImportTests {
    private static func tree() throws -> Tree {
        try Ext4Fixture.tree { editor in
            try editor.makeDirectory(
                path("/etc"), metadata: Metadata(mode: 0o2750, uid: 70_000, gid: 5, modified: 1_600_000_000_000_000_001))
            try editor.makeDirectory(path("/many"))
            try editor.write("web", to: path("/etc/hostname"), metadata: Metadata(mode: 0o640, uid: 1, gid: 2))
            var large = [UInt8](repeating: 0, count: 3 << 20)
            for index in stride(from: 1 << 20, to: 2 << 20, by: 1) { large[index] = UInt8(truncatingIfNeeded: index &* 31) }
            try editor.write(large, to: path("/sparse"))
            try editor.put(Node(Metadata(mode: 0o777), .symlink(target: Array("etc/hostname".utf8))), at: path("/short"))
            let far = [UInt8](repeating: 0x61, count: 300)
            try editor.put(Node(Metadata(mode: 0o777), .symlink(target: far)), at: path("/long"))
            try editor.put(Node(Metadata(mode: 0o600, uid: 3), .characterDevice(major: 5, minor: 70_000)), at: path("/device"))
            try editor.put(Node(Metadata(mode: 0o660), .blockDevice(major: 8, minor: 1)), at: path("/disk"))
            try editor.put(Node(Metadata(mode: 0o644), .fifo), at: path("/fifo"))
            let capability: [UInt8] = [1, 0, 0, 2, 0, 4, 0, 0] + [UInt8](repeating: 0, count: 12)
            try editor.updateMetadata(path("/etc/hostname")) {
                $0.attributes = [.init(name: Array("security.capability".utf8), value: capability)]
            }
            // A user's and a group's entry have an id, all others have none.
            let list: [UInt8] = [
                2, 0, 0, 0, 0x01, 0, 7, 0, 255, 255, 255, 255, 0x02, 0, 5, 0, 232, 3, 0, 0, 0x04, 0, 5, 0, 255, 255, 255, 255,
                0x08, 0, 4, 0, 112, 17, 1, 0, 0x10, 0, 7, 0, 255, 255, 255, 255, 0x20, 0, 4, 0, 255, 255, 255, 255,
            ]
            try editor.updateMetadata(path("/many")) {
                $0.attributes = ["access", "default"].map { .init(name: Array("system.posix_acl_\($0)".utf8), value: list) }
            }
            if let node = try editor.node(at: path("/etc/hostname")) {
                try editor.put(Node(node.metadata, .hardLink(path("/etc/hostname"))), at: path("/same"))
            }
            for index in 0..<2000 { try editor.write("\(index)", to: path("/many/file-\(index)-with-a-name")) }
        }
    }

    @Test("what was written as a file system comes back as the same tree, bit for bit")
    func roundTrip() throws {
        try withTemporaryFolder { folder in
            let tree = try Self.tree()
            let file = try Ext4Fixture.write(tree, in: folder)
            let objects = MemoryObjects()
            let result = try Ext4Import(file, into: objects, environment: .system()).run()
            #expect(result.root == tree.root)
        }
    }

    @Test(
        "a file system of mke2fs is read as the folder it was made of",
        .enabled(if: Ext4Fixture.hasTools, "needs e2fsprogs: apt-get install e2fsprogs"))
    func foreign() throws {
        try withTemporaryFolder { folder in
            try Shell.run(
                """
                mkdir -p src/a/b; echo one > src/a/one; ln src/a/one src/two; ln -s a/one src/link
                head -c 300000 /dev/urandom > src/a/b/random; truncate -s 5M src/hole; printf x | dd of=src/hole bs=1 seek=1000000 conv=notrunc 2>/dev/null
                find src -exec touch -h -d @1600000000 {} +
                for size in 1024 4096; do mke2fs -q -t ext4 -b $size -O ^has_journal -d src $size.ext4 20M; done
                mke2fs -q -t ext2 -d src ext2.ext4 20M
                """, in: folder)
            let expected = try StoreWriter(try ObjectStore(folder + "/store", environment: .system()))
            let source = try DirectoryImport(folder + "/src", into: expected, cacheFolder: nil, environment: .system()).run().root
            for name in ["1024", "4096", "ext2"] {
                let objects = MemoryObjects()
                let read = try Ext4Import("\(folder)/\(name).ext4", into: objects, environment: .system()).run()
                let editor = try TreeEditor(root: read.root, in: objects)
                // mke2fs adds a folder, and dates the root by the clock.
                try editor.remove(path("/lost+found"))
                let root = try #require(try TreeEditor(root: source, in: expected).node(at: .root))
                try editor.put(Node(root.metadata, .emptyDirectory), at: .root)
                #expect(try editor.finish() == source, "\(name)")
            }
        }
    }

    @Test("one that needs its journal, is cut off, or is something else is refused")
    func refused() throws {
        try withTemporaryFolder { folder in
            let file = try Ext4Fixture.write(try Self.tree(), in: folder)
            let bytes = try Files.read(file)
            func read(_ change: (inout [UInt8]) -> Void) throws -> Failure.Code? {
                var changed = bytes
                change(&changed)
                try Files.writeDurably(folder + "/changed", changed)
                do throws(Failure) {
                    _ = try Ext4Import(folder + "/changed", into: MemoryObjects(), environment: .system()).run()
                    return nil
                } catch { return error.code }
            }
            #expect(try read { $0[1024 + 0x60] |= 4 } == .invalid)
            #expect(try read { $0.removeLast(8192) } == .invalid)
            #expect(try read { $0[1024 + 0x38] = 0 } == .invalid)
            #expect(try read { $0[1024 + 0x18] = 60 } == .invalid)
            #expect(try read { $0 = [] } == .invalid)
        }
    }

    @Test("three hundred damaged file systems are read or refused, and none brings the reader down")
    func damaged() throws {
        try withTemporaryFolder { folder in
            let small = try Ext4Fixture.tree { editor in
                try editor.makeDirectory(path("/folder"))
                for index in 0..<40 { try editor.write("\(index)", to: path("/folder/file-\(index)")) }
                try editor.put(Node(Metadata(mode: 0o777), .symlink(target: Array("folder".utf8))), at: path("/link"))
            }
            let bytes = try Files.read(try Ext4Fixture.write(small, in: folder))
            var random = SeededRandom(7)
            // Everything that is not zero is structure here.
            let places = bytes.indices.filter { bytes[$0] != 0 }
            var refused = 0
            for _ in 0..<300 {
                var changed = bytes
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    let place = places[Int.random(in: 0..<places.count, using: &random)]
                    changed[place] = UInt8.random(in: 0...255, using: &random)
                }
                let file = try FileDescriptor.anonymous(in: folder)
                try file.write(changed)
                do throws(Failure) {
                    _ = try Ext4Import(file.path, into: MemoryObjects(), environment: .system()).run()
                } catch {
                    #expect(error.code == .invalid || error.code == .io, "\(error)")
                    refused += 1
                }
            }
            #expect(refused > 5)
        }
    }

    private static func path(_ text: String) throws -> TreePath { try TreePath(parsing: text) }
    private func path(_ text: String) throws -> TreePath { try TreePath(parsing: text) }
}
