import Crypto
import ImageStore
import Model
import Platform
import Sandbox
import TestSupport
import Testing

@Suite("The cache of mountable files")
struct Ext4CacheTests {
    private func tree(_ text: String = "x") throws -> Tree { try Ext4Fixture.tree { try $0.write(text, to: "/f") } }

    private func files(_ folder: String) -> [String] { Files.names(in: folder) }

    @Test func `a file is made once, and again for another owner`() throws {
        try withTemporaryFolder { folder in
            let cache = try TreeImageCache(folder, environment: .system())
            let tree = try tree()
            let first = try cache.image(of: tree)
            let inode = try Files.status(first.path).inode
            let second = try cache.image(of: tree)
            #expect(second.path == first.path)
            #expect(try Files.status(second.path).inode == inode)
            #expect(try cache.image(of: tree, shift: OwnerShift(offset: 5)).path != first.path)
            #expect(files(folder).count == 2)
        }
    }

    @Test(arguments: [
        "truncate -s -4096 *", "truncate -s 0 *", "printf x | dd of=$(echo *) bs=1 seek=200000 conv=notrunc status=none",
    ])
    func `a file that is not as it was written is made again`(damage: String) throws {
        try withTemporaryFolder { folder in
            let cache = try TreeImageCache(folder, environment: .system())
            let tree = try tree()
            let before = try Files.status(try cache.image(of: tree).path)
            try Shell.run(damage, in: folder)
            let after = try cache.image(of: tree)
            #expect(try Files.status(after.path).size == before.size)
            #expect(try Files.status(after.path).inode != before.inode)
            #expect(files(folder).count == 1)
        }
    }

    @Test func `a file of before the machine's last start is made again, since it may be half on the disk`() throws {
        try withTemporaryFolder { folder in
            let tree = try tree()
            let one = try TreeImageCache(folder, environment: .system(), boot: "one").image(of: tree)
            let inode = try Files.status(one.path).inode
            _ = try TreeImageCache(folder, environment: .system(), boot: "one").image(of: tree)
            #expect(try Files.status(one.path).inode == inode)
            _ = try TreeImageCache(folder, environment: .system(), boot: "two").image(of: tree)
            #expect(try Files.status(one.path).inode != inode)
        }
    }

    @Test func `trimming removes what was used longest ago, and never what is in use`() throws {
        try withTemporaryFolder { folder in
            let world = TestEnvironment()
            let cache = try TreeImageCache(folder, environment: world.environment)
            let trees = try ["a", "b", "c"].map { try tree($0) }
            var paths: [String] = []
            for tree in trees {
                paths.append(try cache.image(of: tree).path)
                world.advance(TimeSpan(seconds: 60))
            }
            // The first is used again, the second is in use.
            _ = try cache.image(of: trees[0])
            let held = try cache.image(of: trees[1])
            world.advance(TimeSpan(seconds: 60))
            let one = try Files.status(paths[0]).allocated
            try cache.trim(to: 2 * one)
            #expect(paths.map { Files.exists($0) } == [true, true, false])
            try cache.trim(to: 0)
            #expect(paths.map { Files.exists($0) } == [false, true, false])
            withExtendedLifetime(held) {}
        }
    }

    @Test func `the budget is kept after each write, the new file's own room apart`() throws {
        try withTemporaryFolder { folder in
            let cache = try TreeImageCache(folder, budget: 1, environment: .system())
            _ = try cache.image(of: try tree("a"))
            let last = try cache.image(of: try tree("b"))
            #expect(files(folder) == [Files.name(of: last.path)])
        }
    }

    @Test func `what a killed writer left is removed, what a living one writes is not`() throws {
        try withTemporaryFolder { folder in
            let cache = try TreeImageCache(folder, environment: .system())
            try Shell.run("echo half > left.ext4.1.partial; echo half > living.ext4.2.partial; echo > other", in: folder)
            let living = try FileDescriptor.open("\(folder)/living.ext4.2.partial", .readWrite)
            #expect(try living.tryLock(shared: true))
            try cache.trim(to: 1 << 40)
            #expect(files(folder) == ["living.ext4.2.partial", "other"])
        }
    }

    @Test func `a failed write leaves nothing`() throws {
        try withTemporaryFolder { folder in
            let cache = try TreeImageCache(folder, environment: .failing(at: "images.rename", errno: 28))
            let failure = try #require(throws: Failure.self) { try cache.image(of: try tree()) }
            #expect(failure.code == .exhausted)
            #expect(files(folder).isEmpty)
        }
    }

    @Test func `two writers of the same file both get it, and one stays`() throws {
        try withTemporaryFolder { folder in
            let tree = try tree()
            try together(
                { _ = try TreeImageCache(folder, environment: .system()).image(of: tree) },
                { _ = try TreeImageCache(folder, environment: .system()).image(of: tree) })
            #expect(files(folder).count == 1)
        }
    }

    @Test func `capabilities and access lists move with the owners`() throws {
        let capability: [UInt8] = [1, 0, 0, 2, 0, 32, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        let tree = try Ext4Fixture.tree { editor in
            let attribute = Metadata.Attribute(name: Array("security.capability".utf8), value: capability)
            try editor.write("x", to: "/f", metadata: Metadata(mode: 0o755, uid: 3, gid: 4, attributes: [attribute]))
        }
        try withTemporaryFolder { folder in
            let path = try Ext4Fixture.write(tree, in: folder, shift: OwnerShift(offset: 0x0001_86A0))
            let value = try Ext4Fixture.debugfs(path, "ea_get -x /f security.capability")
            #expect(value.filter { !$0.isWhitespace }.hasSuffix("0100000300200000000000000000000000000000a0860100"))
            #expect(try Ext4Fixture.debugfs(path, "stat /f").contains("User: 100003   Group: 100004"))
        }
    }
}
