import Crypto
import ImageStore
import Model
import Platform
import TestSupport
import Testing

@Suite struct TransferTests {
    /// Runs `body` with two stores.
    private func with(_ body: (_ source: ObjectStore, _ target: ObjectStore) throws -> Void) throws {
        try withTemporaryFolder { folder in
            let environment = Environment.system()
            try body(
                ObjectStore("\(folder)/source", environment: environment),
                ObjectStore("\(folder)/target", environment: environment))
        }
    }

    private func files(_ count: Int, size: Int = 3000, seed: UInt64 = 1) -> [String: [UInt8]] {
        var random = SeededRandom(seed)
        return Dictionary(uniqueKeysWithValues: (0..<count).map { ("/d\($0 % 7)/e\($0 % 3)/f\($0)", random.bytes(size)) })
    }

    private func copy(_ root: Digest, _ source: ObjectStore, _ target: ObjectStore) throws -> Transfer.Result {
        let writer = try StoreWriter(target)
        let result = try Transfer(from: source, to: writer, batch: 50_000).run(root)
        try writer.publish()
        return result
    }

    @Test func `a copy is whole, and only what is missing is moved`() throws {
        try with { source, target in
            let root = try source.add(files(200))
            #expect(try copy(root, source, target).objects == source.objectCount)
            try readAll(root, in: try target.reopened())
            #expect(try copy(root, source, target) == Transfer.Result())
            let changed = try source.add(["/d1/e1/f1": [1, 2, 3]], to: root)
            // The contents, two directories on the way, / and the root object.
            let moved = try copy(changed, source, target)
            #expect(moved.objects == 5)
            try readAll(changed, in: try target.reopened())
            #expect(try check(target, [("copy", changed)]).isSound)
        }
    }

    @Test func `large and sparse files are copied by their parts`() throws {
        try with { source, target in
            var random = SeededRandom(5)
            let big = random.bytes(9 << 20) + [UInt8](repeating: 0, count: 1 << 20) + random.bytes(100)
            let root = try source.add(["/big": big])
            _ = try copy(root, source, target)
            #expect(try Tree(root, in: target).read("big") == big)
        }
    }

    @Test func `a flipped byte in the source is refused and gives no root`() throws {
        try with { source, target in
            let root = try source.add(files(50))
            let pack = try #require(source.packPaths.first)
            try damage(pack, at: 5000)
            let damaged = try source.reopened()
            let error = failure { _ = try self.copy(root, damaged, target) }
            #expect(error?.code == .corrupt)
            #expect(try !target.reopened().contains(root))
            #expect(Files.names(in: target.folder + "/tmp").isEmpty)
        }
    }

    @Test func `a copy that was killed between two batches moves the rest only`() throws {
        try with { source, target in
            let root = try source.add(files(100))
            let dying = try target.reopened(.failing(at: "store.packs-durable", occurrence: 2))
            #expect(failure { _ = try self.copy(root, source, dying) } != nil)
            let resumed = try target.reopened()
            #expect(!resumed.contains(root))
            let there = resumed.objectCount
            #expect(there > 0)
            #expect(try copy(root, source, resumed).objects == source.objectCount - there)
            try readAll(root, in: try target.reopened())
        }
    }

    @Test func `what became visible before a kill names nothing that is missing`() throws {
        try with { source, target in
            // A directory that two folders share; its contents are reached through the first.
            var files: [String: [UInt8]] = [:]
            var random = SeededRandom(1)
            for index in 0..<20 {
                let bytes = random.bytes(3000)
                files["/a/x/s/f\(index)"] = bytes
                files["/a/y\(index)/s/f"] = bytes
            }
            for index in 0..<20 { files["/b/s/f\(index)"] = files["/a/x/s/f\(index)"] }
            let root = try source.add(files)
            let dying = try target.reopened(.failing(at: "store.packs-durable", occurrence: 2))
            #expect(failure { _ = try self.copy(root, source, dying) } != nil)
            let resumed = try target.reopened()
            // Every directory that is visible can be read to its end.
            let tree = try Tree(root, in: source)
            try tree.walk { (path, node) throws(Failure) in
                guard case .directory(let digest) = node.kind, resumed.contains(digest) else { return true }
                for (_, child) in try DirectoryObject.entries(digest, in: resumed) {
                    if case .directory(let below) = child.kind { #expect(resumed.contains(below), "\(path)") }
                    if let content = child.content { #expect(resumed.contains(content.digest), "\(path)") }
                }
                return true
            }
        }
    }

    @Test func `copying again heals what a check found damaged below what is there`() throws {
        try with { source, target in
            let files = files(30)
            let root = try source.add(files)
            _ = try copy(root, source, target)
            let pack = try #require(target.packPaths.first)
            try damage(pack, at: 2000)
            let damaged = try target.reopened()
            #expect(try !check(damaged, [("copy", root)]).isSound)
            #expect(try copy(root, source, damaged).objects >= 1)
            #expect(try check(damaged, [("copy", root)]).isSound)
            try readAll(root, in: try target.reopened())
        }
    }
}
