import Crypto
import Glibc
import ImageStore
import Model
import Platform
import Sandbox
import TestSupport
import Testing

/// A real server's root filesystem. INGOT_SERVER_TAR names its archive.
@Suite(
    .enabled(
        if: Ext4Fixture.serverArchive != nil && Ext4Fixture.canMount && Ext4Fixture.hasTools,
        "needs root, e2fsprogs, and INGOT_SERVER_TAR, the archive of a root filesystem"))
struct Ext4ServerTests {
    @Test func `the mounted file holds what tar finds in the export of the tree`() throws {
        try withTemporaryFolder { folder in
            let store = try ObjectStore("\(folder)/store", environment: .system())
            let writer = try StoreWriter(store)
            let root = try ArchiveImport(
                Ext4Fixture.serverArchive ?? "", into: writer, cacheFolder: nil, environment: .system()
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
}
