import Crypto
import Glibc
import ImageStore
import Model
import Platform
import Sandbox
import TestSupport
import Testing

/// Large trees: a real root filesystem, that in the archive INGOT_SERVER_TAR or a small Debian, and folders as large as they get.
@Suite(
    .enabled(
        if: Ext4Fixture.isSlowRun && Ext4Fixture.canMount && Ext4Fixture.hasTools,
        "needs INGOT_SLOW_TESTS=1, root, loop devices, and e2fsprogs"))
struct Ext4SlowTests {
    @Test func `the mounted file holds what tar finds in the export of the tree`() throws {
        try withTemporaryFolder { folder in
            let archive = Ext4Fixture.serverArchive ?? "\(folder)/base.tar"
            if Ext4Fixture.serverArchive == nil {
                guard (try? Shell.run("mmdebstrap --quiet --variant=minbase bookworm base.tar", in: folder)) != nil else {
                    try Test.cancel("no Debian mirror was reached, or mmdebstrap is missing")
                }
            }
            let store = try ObjectStore("\(folder)/store", environment: .system())
            let writer = try StoreWriter(store)
            let root = try ArchiveImport(
                archive, into: writer, cacheFolder: nil, environment: .system()
            ).run().root
            try writer.publish()
            let tree = try Tree(root, in: store)
            let path = try Ext4Fixture.write(tree, in: folder)
            try Ext4Fixture.check(path)
            let tar = "tar --xattrs --xattrs-include=* --numeric-owner -cf"
            try Ext4Fixture.mounted(path, "\(tar) mounted.tar -C mnt .")
            let again = try StoreWriter(store)
            let mounted = try ArchiveImport("\(folder)/mounted.tar", into: again, cacheFolder: nil, environment: .system()).run()
            #expect(mounted.root == root)
        }
    }

    @Test func `more subfolders than a link count holds are one link`() throws {
        let tree = try Ext4Fixture.tree { editor in
            for number in 0..<65_001 {
                try editor.put(Node(Metadata(mode: 0o755), .emptyDirectory), at: TreePath([try #require(Name("\(number)"))]))
            }
        }
        try withTemporaryFolder { folder in
            let path = try Ext4Fixture.write(tree, in: folder)
            try Ext4Fixture.check(path)
            #expect(try Ext4Fixture.debugfs(path, "stat /").contains("Links: 1 "))
        }
    }

    @Test func `65,000 names in one folder are all there`() throws {
        let tree = try Ext4Fixture.tree { editor in
            for number in 0..<65_000 {
                let name = try #require(Name("\(number + 100_000)" + String(repeating: "n", count: 249)))
                try editor.put(Node(Metadata(mode: 0o644), .symlink(target: [0x78])), at: TreePath([name]))
            }
        }
        try withTemporaryFolder { folder in
            let path = try Ext4Fixture.write(tree, in: folder)
            try Ext4Fixture.check(path)
            #expect(try Ext4Fixture.mounted(path, "ls -U mnt | wc -l") == "65000\n")
        }
    }
}
