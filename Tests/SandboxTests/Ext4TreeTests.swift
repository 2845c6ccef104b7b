import Crypto
import Glibc
import ImageStore
import Model
import Platform
import Sandbox
import TestSupport
import Testing

/// Trees that are hard to write, seen through e2fsck, debugfs and the kernel.
@Suite(.enabled(if: Ext4Fixture.hasTools, "needs e2fsck and debugfs: apt-get install e2fsprogs"))
struct Ext4TreeTests {
    /// Everything that a tree can hold.
    private func rich() throws -> Tree {
        try Ext4Fixture.tree { editor in
            func attribute(_ name: String, _ value: [UInt8]) -> Metadata.Attribute {
                Metadata.Attribute(name: Array(name.utf8), value: value)
            }
            for folder in ["/etc", "/dev", "/dev/disk", "/deep"] as [TreePath] { try editor.makeDirectory(folder) }
            let acl: [UInt8] =
                [2, 0, 0, 0, 1, 0, 6, 0, 255, 255, 255, 255, 2, 0, 7, 0, 57, 48, 0, 0, 4, 0, 4, 0, 255, 255, 255, 255]
                + [16, 0, 7, 0, 255, 255, 255, 255, 32, 0, 4, 0, 255, 255, 255, 255]
            let capability: [UInt8] = [1, 0, 0, 2, 0, 32, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
            try editor.write(
                Array("plain".utf8), to: "/etc/plain",
                metadata: Metadata(
                    mode: 0o4755, uid: 70_000, gid: 3_000_000_000, modified: 1_600_000_000_987_654_321,
                    attributes: [
                        attribute("user.one", [0, 255, 10]), attribute("user.two", Array(repeating: 65, count: 3000)),
                        attribute("security.capability", capability), attribute("system.posix_acl_access", acl),
                        attribute("trusted.t", [1]), attribute("user.empty", []),
                    ]))
            try editor.write("old", to: "/etc/old", metadata: Metadata(mode: 0o644, modified: -315_619_199_750_000_000))
            try editor.write("far", to: "/etc/far", metadata: Metadata(mode: 0o644, modified: .max))
            try editor.write([], to: "/etc/empty", metadata: Metadata(mode: 0))
            try editor.put(Node(Metadata(mode: 0o666), .characterDevice(major: 1, minor: 3)), at: "/dev/null")
            try editor.put(Node(Metadata(mode: 0o660), .blockDevice(major: 4095, minor: 1_048_575)), at: "/dev/disk/large")
            try editor.put(Node(Metadata(mode: 0o660), .blockDevice(major: 259, minor: 70_000)), at: "/dev/disk/middle")
            try editor.put(Node(Metadata(mode: 0o600), .fifo), at: "/dev/fifo")
            for length in [1, 59, 60, 61, 4095] {
                let target = [UInt8](repeating: 0x79, count: length)
                let name = try #require(Name("link-\(length)"))
                try editor.put(Node(Metadata(mode: 0o777, uid: 7), .symlink(target: target)), at: TreePath([name]))
            }
            let odd = try #require(Name([0xFF, 0xFE, 0x0A, 0x22, 0x5C]))
            try editor.write("odd", to: TreePath([odd]))
            try editor.write("long", to: TreePath([try #require(Name([UInt8](repeating: 0x78, count: 255)))]))
            try editor.write("shared", to: "/etc/shared")
            try editor.put(Node(Metadata(mode: 0o644), .hardLink("/etc/shared")), at: "/a-name")
            try editor.put(Node(Metadata(mode: 0o644), .hardLink("/etc/shared")), at: "/z-name")
            var deep: TreePath = "/deep"
            for level in 0..<250 {
                deep = deep.appending(try #require(Name("d\(level)")))
                try editor.makeDirectory(deep)
            }
            var random = SeededRandom(7)
            try editor.write(random.bytes(9_000_001), to: deep.appending(try #require(Name("large"))))
        }
    }

    /// The root of the tree that tar finds where the file is mounted.
    private func mountedRoot(_ path: String) throws -> Digest {
        try Ext4Fixture.mounted(path, "tar --xattrs --xattrs-include=* --sparse --numeric-owner -cf mounted.tar -C mnt .")
        let store = try ObjectStore("\(Files.parent(of: path))/store", environment: .system())
        let writer = try StoreWriter(store)
        return try ArchiveImport(
            "\(Files.parent(of: path))/mounted.tar", into: writer, cacheFolder: nil, environment: .system()
        ).run().root
    }

    @Test(.enabled(if: Ext4Fixture.canMount, "needs root and loop devices"))
    func `the kernel shows every kind of node as the tree has it`() throws {
        try withTemporaryFolder { folder in
            let tree = try rich()
            let path = try Ext4Fixture.write(tree, in: folder)
            try Ext4Fixture.check(path)
            #expect(try mountedRoot(path) == tree.root)
        }
    }

    @Test func `the same tree gives the same bytes, and another owner others`() throws {
        try withTemporaryFolder { folder in
            let tree = try rich()
            for name in ["one", "two"] { try Ext4Fixture.write(tree, name, in: folder) }
            try Shell.run("cmp one two", in: folder)
            try Ext4Fixture.write(tree, "three", in: folder, shift: OwnerShift(offset: 1))
            #expect(throws: Shell.Failed.self) { try Shell.run("cmp one three", in: folder) }
        }
    }

    @Test func `an empty tree is an empty file system, without lost+found`() throws {
        try withTemporaryFolder { folder in
            let path = try Ext4Fixture.write(try Ext4Fixture.tree { _ in }, in: folder)
            try Ext4Fixture.check(path)
            let names = try Ext4Fixture.debugfs(path, "ls -p /").split(separator: "\n").map { $0.split(separator: "/")[4] }
            #expect(names == [".", ".."])
        }
    }

    /// The first have an index of one level, the others of two.
    @Test(arguments: [(20_000, 9), (9000, 255)])
    func `names of a large folder are found by its index`(count: Int, nameLength: Int) throws {
        let tree = try Ext4Fixture.tree { editor in
            try editor.makeDirectory("/many")
            for number in 0..<count {
                let digits = String(number + 100_000_000)
                let name = try #require(Name(digits + String(repeating: "n", count: nameLength - 9)))
                try editor.put(
                    Node(Metadata(mode: 0o644), .symlink(target: [0x78])), at: TreePath(("/many" as TreePath).names + [name]))
            }
        }
        try withTemporaryFolder { folder in
            let path = try Ext4Fixture.write(tree, in: folder)
            try Ext4Fixture.check(path)
            #expect(try Ext4Fixture.debugfs(path, "htree_dump /many").contains("Indirect levels: \(nameLength == 9 ? 0 : 1)"))
            guard Ext4Fixture.canMount else { return }
            let found = try Ext4Fixture.mounted(
                path,
                "cd mnt/many; ls -U | wc -l; ls -U | shuf -n 2000 --random-source=/dev/zero | xargs stat -c %F | sort | uniq -c; cd .."
            )
            #expect(found.split(whereSeparator: \.isWhitespace) == ["\(count)", "2000", "symbolic", "link"])
        }
    }

    @Test func `a file of 10 GB with holes and many extents takes what its data takes`() throws {
        let objects = MemoryObjects()
        let data = try objects.put([UInt8](repeating: 0x61, count: 4096))
        var extents: [ExtentList.Extent] = []
        for _ in 0..<2000 {
            extents.append(ExtentList.Extent(length: 5 << 20, digest: nil))
            extents.append(ExtentList.Extent(length: 4096, digest: data))
        }
        extents.append(ExtentList.Extent(length: 100, digest: nil))
        let list = ExtentList(extents)
        let content = FileContent(size: list.size, form: .extents(try objects.put(list.encoded())))
        let editor = try TreeEditor(root: nil, in: objects, date: 0)
        try editor.write(content, to: "/sparse")
        let tree = try Tree(try editor.finish(), in: objects)
        try withTemporaryFolder { folder in
            let path = try Ext4Fixture.write(tree, in: folder)
            try Ext4Fixture.check(path)
            #expect(try Files.status(path).allocated < 12 << 20)
            let stat = try Ext4Fixture.debugfs(path, "stat /sparse")
            // Two thousand blocks, six leaves of the extent tree, and a node above them, since an inode holds four.
            #expect(stat.contains("Size: \(list.size)") && stat.contains("Blockcount: \(2007 * 8)"))
            guard Ext4Fixture.canMount else { return }
            let cut = "tail -c +\(10 * ((5 << 20) + 4096) + (5 << 20)) mnt/sparse | head -c 4098 | od -An -c | tr -d \" \\\\n*\""
            #expect(try Ext4Fixture.mounted(path, cut).filter { $0 == "a" }.count > 1)
        }
    }

    // MARK: What ext4 cannot hold

    private func failure(_ shift: OwnerShift = .none, _ build: (TreeEditor) throws -> Void) throws -> Failure {
        let tree = try Ext4Fixture.tree(build)
        return try withTemporaryFolder { folder in
            try #require(throws: Failure.self) { try Ext4Fixture.write(tree, in: folder, shift: shift) }
        }
    }

    @Test func `attributes larger than a block are refused with the file's name`() throws {
        let failure = try failure { editor in
            let large = Metadata.Attribute(name: Array("user.large".utf8), value: [UInt8](repeating: 1, count: 5000))
            try editor.makeDirectory("/etc")
            try editor.write("x", to: "/etc/large", metadata: Metadata(mode: 0o644, attributes: [large]))
        }
        #expect(failure.code == .invalid)
        #expect(failure.message.contains("/etc/large"))
        #expect(failure.chain.last?.contains("user.large: the attributes take more than one block") == true)
    }

    @Test func `a device number that ext4 has no bits for is refused with the file's name`() throws {
        for (major, minor) in [(4096, 0), (0, 1_048_576)] as [(UInt32, UInt32)] {
            let failure = try failure { editor in
                try editor.put(Node(Metadata(mode: 0o600), .blockDevice(major: major, minor: minor)), at: "/disk")
            }
            #expect(failure.code == .invalid && failure.message.contains("/disk"))
        }
    }

    @Test func `an id that does not fit is refused with the file's name`() throws {
        let high = Metadata(mode: 0o644, uid: 65_536)
        let beyond = try failure(OwnerShift(offset: 100_000, count: 65_536)) { try $0.write("x", to: "/high", metadata: high) }
        #expect(beyond.code == .invalid && beyond.message.contains("/high belongs to user 65536"))
        let wrapped = try failure(OwnerShift(offset: .max - 65_536)) {
            try $0.write("x", to: "/f", metadata: Metadata(mode: 0o644, gid: 65_536))
        }
        #expect(wrapped.message.contains("/f belongs to group 65536"))
    }

    @Test func `an attribute that Linux does not know is left out`() throws {
        let tree = try Ext4Fixture.tree { editor in
            let foreign = ["com.apple.quarantine", "system.data", "user.", "user.kept"].map {
                Metadata.Attribute(name: Array($0.utf8), value: [1])
            }
            try editor.write("x", to: "/f", metadata: Metadata(mode: 0o644, attributes: foreign))
        }
        try withTemporaryFolder { folder in
            let path = try Ext4Fixture.write(tree, in: folder)
            try Ext4Fixture.check(path)
            let listed = try Ext4Fixture.debugfs(path, "ea_list /f")
            #expect(listed.contains("user.kept (1)") && !listed.contains("apple") && !listed.contains("system"))
        }
    }
}
