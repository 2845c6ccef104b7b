import Archive
import Crypto
import Glibc
import ImageStore
import Model
import Platform
import TestSupport
import Testing

@Suite(.enabled(if: Shell.has("tar"), "GNU tar is missing: apt-get install tar"))
struct RoundTripTests {
    private func with(_ body: (_ folder: String, _ store: ObjectStore) throws -> Void) throws {
        try withTemporaryFolder { folder in
            try RichTree.make(in: folder)
            defer { _ = try? Shell.run("chmod -R u+rwx .", in: folder) }
            try body(folder, try ObjectStore("\(folder)/store", environment: .system()))
        }
    }

    private func importFolder(_ path: String, _ store: ObjectStore) throws -> ImportResult {
        let writer = try StoreWriter(store)
        let result = try DirectoryImport(path, into: writer, cacheFolder: nil, environment: .system()).run()
        try writer.publish()
        return result
    }

    private func importArchive(_ path: String, _ store: ObjectStore) throws -> Digest {
        let writer = try StoreWriter(store)
        let result = try ArchiveImport(path, into: writer, cacheFolder: nil, environment: .system()).run()
        try writer.publish()
        return result.root
    }

    /// A user who is not root cannot read what it may not, and cannot set owners.
    @Test(.enabled(if: RichTree.isRoot, "needs root, for owners and devices"))
    func `folder, tree, archive, tree and folder again have one digest`() throws {
        try with { folder, store in
            let imported = try importFolder("\(folder)/tree", store)
            #expect(imported.skipped.isEmpty)
            let tree = try Tree(imported.root, in: store)
            try ArchiveExport(tree, environment: .system()).write(to: "\(folder)/out.tar", compression: .none)
            #expect(try importArchive("\(folder)/out.tar", store) == imported.root)
            let report = try DirectoryExport(tree, environment: .system()).write(to: "\(folder)/out")
            #expect(report.devicesLeftOut + report.ownersLeftOut + report.attributesLeftOut == 0)
            #expect(try importFolder("\(folder)/out", store).root == imported.root)
            #expect(try TreeDiff.changes(from: tree, to: Tree(importFolder("\(folder)/out", store).root, in: store)).isEmpty)
        }
    }

    @Test(.enabled(if: RichTree.isRoot, "needs root, for owners and devices"))
    func `GNU tar sees in the export what it sees in its own archive of the folder`() throws {
        try with { folder, store in
            try Shell.run("tar -C tree --xattrs --xattrs-include='*' --format=pax --sort=name --sparse -cf own.tar .", in: folder)
            let root = try importFolder("\(folder)/tree", store).root
            try ArchiveExport(Tree(root, in: store), environment: .system()).write(to: "\(folder)/out.tar", compression: .none)
            let expected = try RichTree.listing("own.tar", in: folder)
            #expect(expected.count > 90)
            let seen = try RichTree.listing("out.tar", in: folder)
            #expect(seen == expected, "\(Set(seen).symmetricDifference(expected).sorted())")
            #expect(try importArchive("\(folder)/own.tar", store) == root)
        }
    }

    @Test(.enabled(if: RichTree.isRoot, "needs root, for owners and devices"))
    func `GNU tar unpacks the export to the same tree`() throws {
        try with { folder, store in
            let root = try importFolder("\(folder)/tree", store).root
            try ArchiveExport(Tree(root, in: store), environment: .system()).write(to: "\(folder)/o.tar", compression: .none)
            try Shell.run("mkdir back; tar -C back --xattrs --xattrs-include='*' --numeric-owner -xpf o.tar", in: folder)
            #expect(try importFolder("\(folder)/back", store).root == root)
        }
    }

    @Test(.enabled(if: RichTree.isRoot, "needs root, for owners and devices"))
    func `equal trees give equal archives, and the umask does not show`() throws {
        try with { folder, store in
            let root = try importFolder("\(folder)/tree", store).root
            let export = ArchiveExport(try Tree(root, in: store), environment: .system())
            try export.write(to: "\(folder)/a.tar", compression: .zstd)
            let mask = umask(0o077)
            defer { umask(mask) }
            let other = try ObjectStore("\(folder)/other", environment: .system())
            #expect(try importFolder("\(folder)/tree", other).root == root)
            try ArchiveExport(Tree(root, in: other), environment: .system()).write(to: "\(folder)/b.tar", compression: .zstd)
            #expect(try Files.read("\(folder)/a.tar") == Files.read("\(folder)/b.tar"))
            _ = try DirectoryExport(Tree(root, in: other), environment: .system()).write(to: "\(folder)/out")
            #expect(try importFolder("\(folder)/out", store).root == root)
        }
    }

    @Test func `what holds a socket says so, and keeps the rest`() throws {
        try withTemporaryFolder { folder in
            try Files.makeFolders("\(folder)/tree")
            try Shell.run("printf x > tree/file", in: folder)
            try makeSocket("\(folder)/tree/socket")
            let store = try ObjectStore("\(folder)/store", environment: .system())
            let result = try importFolder("\(folder)/tree", store)
            #expect(result.skipped == ["socket"])
            #expect(result.files == 1)
        }
    }

    private func makeSocket(_ path: String) throws {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: Array(path.utf8)) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let status = unsafe withUnsafePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe bind(descriptor, $0, size) }
        }
        try #require(status == 0)
    }

    @Test func `a folder that is not empty is not exported into, and a missing one cannot be imported`() throws {
        try withTemporaryFolder { folder in
            let store = try ObjectStore("\(folder)/store", environment: .system())
            let root = try store.add(["/a": [1]])
            #expect(
                failure { _ = try DirectoryExport(Tree(root, in: store), environment: .system()).write(to: folder) }?.code
                    == .conflict)
            #expect(failure { _ = try importFolder("\(folder)/none", store) }?.code == .notFound)
        }
    }

    @Test func `a cancelled import ends with that word`() throws {
        try withTemporaryFolder { folder in
            try Shell.run("mkdir tree; printf x > tree/file", in: folder)
            let cancellation = Cancellation()
            cancellation.cancel()
            let environment = Environment.system(cancellation: cancellation)
            let writer = try StoreWriter(try ObjectStore("\(folder)/store", environment: environment))
            let run = DirectoryImport("\(folder)/tree", into: writer, cacheFolder: nil, environment: environment)
            #expect(failure { _ = try run.run() }?.code == .cancelled)
        }
    }
}
