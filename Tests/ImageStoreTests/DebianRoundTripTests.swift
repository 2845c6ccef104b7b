import Archive
import Crypto
import Glibc
import ImageStore
import Model
import Platform
import TestSupport
import Testing

/// A real Debian root filesystem, the smallest there is.
@Suite(
    .enabled(if: Shell.has("mmdebstrap") && geteuid() == 0, "needs mmdebstrap (apt-get install mmdebstrap) and root"))
struct DebianRoundTripTests {
    /// False where no mirror is reached.
    private func bootstrap(_ folder: String) -> Bool {
        (try? Shell.run("mmdebstrap --quiet --variant=minbase bookworm base.tar", in: folder)) != nil
    }

    @Test func `it is imported, exported and imported again to the same digest, and GNU tar sees no difference`() throws {
        try withTemporaryFolder { folder in
            guard bootstrap(folder) else { try Test.cancel("no Debian mirror was reached") }
            let store = try ObjectStore("\(folder)/store", environment: .system())
            let root = try run("\(folder)/base.tar", store)
            let tree = try Tree(root, in: store)
            try ArchiveExport(tree, environment: .system()).write(to: "\(folder)/out.tar", compression: .none)
            #expect(try RichTree.listing("out.tar", in: folder) == RichTree.listing("base.tar", in: folder))
            #expect(try run("\(folder)/out.tar", store) == root)
            _ = try DirectoryExport(tree, environment: .system()).write(to: "\(folder)/out")
            let writer = try StoreWriter(store)
            #expect(
                try DirectoryImport("\(folder)/out", into: writer, cacheFolder: nil, environment: .system()).run().root == root)
            #expect(try check(store, [("debian", root)]).isSound)
        }
    }

    private func run(_ path: String, _ store: ObjectStore) throws -> Digest {
        let writer = try StoreWriter(store)
        let result = try ArchiveImport(path, into: writer, cacheFolder: nil, environment: .system()).run()
        try writer.publish()
        return result.root
    }
}
