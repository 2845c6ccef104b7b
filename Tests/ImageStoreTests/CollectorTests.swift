import Crypto
import ImageStore
import Model
import Platform
import Synchronization
import TestSupport
import Testing

@Suite struct CollectorTests {
    private func files(_ seed: UInt64, _ count: Int = 20) -> [String: [UInt8]] {
        var random = SeededRandom(seed)
        return Dictionary(uniqueKeysWithValues: (0..<count).map { ("/s\(seed)/f\($0)", random.bytes(400)) })
    }

    private func expectWhole(_ roots: [Digest], in store: ObjectStore) throws {
        let reopened = try store.reopened()
        for root in roots { try readAll(root, in: reopened) }
        #expect(try check(reopened, roots.map { ("image", $0) }).isSound)
    }

    @Test func `what no root reaches is removed, and what one reaches is kept`() throws {
        try withStore { store in
            let kept = try store.add(files(1))
            let gone = try store.add(files(2))
            let count = store.objectCount
            let size = store.storedSize
            let dry = try collect(store, keeping: [kept], dryRun: true)
            #expect(store.objectCount == count)
            let report = try collect(store, keeping: [kept])
            #expect(report.removedObjects == dry.removedObjects)
            #expect(report.removedObjects == 23)
            #expect(report.freedBytes > 20 * 400)
            #expect(store.storedSize == size - report.freedBytes)
            #expect(!store.contains(gone))
            try expectWhole([kept], in: store)
            #expect(try collect(store, keeping: [kept]).removedObjects == 0)
        }
    }

    @Test func `with no root at all the store becomes empty`() throws {
        try withStore { store in
            try store.add(files(1))
            _ = try collect(store)
            #expect(store.packPaths.isEmpty)
            #expect(try check(store).isSound)
        }
    }

    @Test func `a data object that looks like a directory does not hide what the directory names`() throws {
        try withStore { store in
            let root = try store.add(files(1))
            guard case .directory(let digest)? = try Tree(root, in: store).node(at: "s1")?.kind else { return }
            // The copy stands before the directory in the order of the tree.
            let both = try store.add(["/a": try store.object(digest)], to: root)
            _ = try collect(store, keeping: [both])
            try expectWhole([both], in: store)
        }
    }

    @Test func `a running writer that knows of no list puts the removal off`() throws {
        try withStore { store in
            let root = try store.add(files(1))
            do {
                let writer = try StoreWriter(store)
                #expect(try collect(store).waitingFor == 1)
                // It finds the objects there, and relies on them.
                #expect(try tree(files(1), in: writer) == root)
                #expect(writer.statistics.newObjects == 0)
                try writer.publish()
                try expectWhole([root], in: store)
            }
            #expect(try collect(store).waitingFor == 0)
            #expect(!store.contains(root))
        }
    }

    @Test func `a writer that begins after the list stores condemned objects anew`() throws {
        try withTemporaryFolder { folder in
            let path = "\(folder)/store"
            let root = Mutex<Digest?>(nil)
            let files = files(1)
            let box = Box<StoreWriter>()
            let environment = Environment.watching("collect.condemned") {
                // Begins between the list and the second look at the roots, and is not done when the sweep begins.
                let other = try? ObjectStore(path, environment: .system())
                let writer = other.flatMap { try? StoreWriter($0) }
                let digest = writer.flatMap { try? tree(files, in: $0) }
                try? writer?.publish()
                root.withLock { $0 = digest }
                box.set(writer)
            }
            let store = try ObjectStore(path, environment: environment)
            let before = try store.add(files)
            #expect(try collect(store).removedObjects == 23)
            let after = try #require(root.withLock { $0 })
            #expect(after == before)
            try expectWhole([after], in: store)
            box.set(nil)
        }
    }

    @Test func `a condemned object is stored anew once, and relied on from then on`() throws {
        try withStore { store in
            try store.add(files(1))
            let old = try StoreWriter(store)
            #expect(try collect(store).waitingFor == 1)
            withExtendedLifetime(old) {}
            let writer = try StoreWriter(store)
            let root = try tree(files(1), in: writer)
            let count = writer.statistics.newObjects
            #expect(count == 23)
            try writer.publish()
            #expect(try tree(files(1), in: writer) == root)
            #expect(writer.statistics.newObjects == count)
        }
    }

    @Test func `what a writer stored anew is spared by the next collection too, while the writer lives`() throws {
        try withStore { store in
            try store.add(files(1))
            var old: StoreWriter? = try StoreWriter(store)
            #expect(try collect(store).waitingFor == 1)
            // Knows the list; publishes, and has its root recorded only later.
            let writer = try StoreWriter(store)
            let root = try tree(files(1), in: writer)
            try writer.publish()
            #expect(writer.statistics.newObjects > 0)
            withExtendedLifetime(old) {}
            old = nil
            // Only the old copies may go.
            #expect(try collect(store).waitingFor == 0)
            try expectWhole([root], in: store)
            withExtendedLifetime(writer) {}
        }
    }

    @Test func `a crash before the list is removed does not endanger what is stored anew`() throws {
        try withStore { store in
            try store.add(files(1))
            #expect(throws: Failure.self) { try collect(store.reopened(.failing(at: "collect.swept"))) }
            let writer = try StoreWriter(try store.reopened())
            let root = try tree(files(1), in: writer)
            try writer.publish()
            _ = try collect(try store.reopened())
            try expectWhole([root], in: store)
            withExtendedLifetime(writer) {}
        }
    }

    @Test func `a root that is recorded between the two looks is spared`() throws {
        try withStore { store in
            let root = try store.add(files(1))
            let asked = Mutex(0)
            let report = try Collector(
                store,
                roots: { () throws(Failure) in
                    asked.withLock { $0 += 1 }
                    return asked.withLock { $0 } == 1 ? [] : [root]
                }
            ).run()
            #expect(report.removedObjects == 0)
            try expectWhole([root], in: store)
        }
    }

    @Test(arguments: ["collect.condemned", "collect.rewritten", "collect.swept"])
    func `after a crash at any point the images are whole, and the next collection finishes`(point: String) throws {
        try withStore { store in
            let kept = try store.add(files(1))
            try store.add(files(2))
            let size = store.storedSize
            #expect(throws: Failure.self) { try collect(store.reopened(.failing(at: point)), keeping: [kept]) }
            try expectWhole([kept], in: store)
            let next = try store.reopened()
            _ = try collect(next, keeping: [kept])
            #expect(next.objectCount == 23)
            #expect(next.storedSize < size)
            #expect(Files.names(in: store.folder + "/tmp").isEmpty)
            #expect(Files.names(in: store.folder + "/leases").isEmpty)
            try expectWhole([kept], in: store)
        }
    }

    @Test func `leases and temporary packs of dead writers go away`() throws {
        try withStore { store in
            let kept = try store.add(files(1))
            // What a killed process leaves: a lease that nobody has locked, and packs with and without a lease.
            try Files.writeDurably(store.folder + "/leases/0123456789abcdef", Array("x".utf8))
            try Files.writeDurably(store.folder + "/tmp/0123456789abcdef-0.pack", [1])
            try Files.writeDurably(store.folder + "/tmp/fedcba9876543210-0.pack", [1])
            let writer = try StoreWriter(store)
            try writer.put([1, 2, 3])
            #expect(try collect(store, keeping: [kept]).waitingFor == 1)
            #expect(Files.names(in: store.folder + "/leases").count == 1)
            #expect(Files.names(in: store.folder + "/tmp").count == 1)
            try writer.publish()
        }
    }

    @Test func `many small packs are joined, and everything is kept`() throws {
        try withStore { store in
            let roots = try (1...20).map { try store.add(files(UInt64($0), 3)) }
            #expect(store.packPaths.count == 20)
            #expect(try collect(store, keeping: roots).removedObjects == 0)
            #expect(store.packPaths.count == 1)
            try expectWhole(roots, in: store)
        }
    }

    @Test func `a collection writes packs of the usual size`() throws {
        try withStore(packSize: 1500) { store in
            let kept = try store.add(files(1, 40).merging(files(2, 40)) { $1 })
            let gone = try store.add(["/x": [1, 2, 3]], to: kept)
            _ = try collect(store, keeping: [kept])
            #expect(!store.contains(gone))
            #expect(try store.packPaths.allSatisfy { try Files.status($0).size < 20_000 })
            try expectWhole([kept], in: store)
        }
    }

    @Test func `a pack with a damaged living object stays, and does not grow the store`() throws {
        try withStore { store in
            try store.add(files(1).merging(files(2)) { $1 })
            let kept = try store.add(files(1))
            // The larger pack, with the files of both; its first object is one of the image that is kept.
            let path = try #require(store.packPaths.max { try Files.status($0).size < Files.status($1).size })
            try damage(path, at: 20)
            let damaged = try store.reopened()
            let count = damaged.packPaths.count
            for _ in 0..<3 { #expect(try collect(damaged, keeping: [kept]).waitingFor == 0) }
            #expect(damaged.packPaths.contains(path))
            #expect(damaged.packPaths.count <= count)
        }
    }

    @Test func `a damaged pack goes when a sound copy of its objects is there`() throws {
        try withStore { store in
            let kept = try store.add(files(1))
            let path = try #require(store.packPaths.first)
            try damage(path, at: 20)
            let damaged = try store.reopened()
            #expect(try !check(damaged, [("image", kept)]).isSound)
            try damaged.add(files(1))
            try damaged.add(files(2))
            try damage(path, at: -30)
            _ = try collect(try damaged.reopened(), keeping: [kept])
            #expect(!Files.exists(path))
            try expectWhole([kept], in: store)
        }
    }

    @Test func `an image that is not whole stops the collection before it removes anything`() throws {
        try withStore { store in
            let kept = try store.add(files(1))
            let gone = try store.add(files(2))
            let packs = store.packPaths.count
            let missing = SHA256.digest(of: "never stored")
            #expect(failure { _ = try collect(store, keeping: [kept, missing]) }?.code == .corrupt)
            #expect(store.packPaths.count == packs)
            #expect(store.contains(gone))
        }
    }

    @Test func `missing data stops the collection before it removes anything`() throws {
        try withStore { store in
            let data = SHA256.digest(of: "never stored")
            let writer = try StoreWriter(store)
            let editor = try TreeEditor(root: nil, in: writer)
            try editor.put(Node(Metadata(mode: 0o644), .file(FileContent(size: 12, form: .whole(data)), links: 1)), at: "x")
            let root = try editor.finish()
            try writer.publish()
            #expect(failure { _ = try collect(store, keeping: [root]) }?.code == .corrupt)
        }
    }

    @Test func `two collections at once are refused`() throws {
        try withTemporaryFolder { folder in
            let path = "\(folder)/store"
            let code = Mutex<Failure.Code?>(nil)
            let environment = Environment.watching("collect.condemned") {
                let other = try? ObjectStore(path, environment: .system())
                let seen = failure { _ = try other.map { try collect($0) } }?.code
                code.withLock { $0 = seen }
            }
            _ = try collect(try ObjectStore(path, environment: environment))
            #expect(code.withLock { $0 } == .busy)
        }
    }
}

/// Keeps an object alive across threads and closures.
final class Box<Value: Sendable>: Sendable {
    private let value = Mutex<Value?>(nil)
    func set(_ new: Value?) { value.withLock { $0 = new } }
}
