import Crypto
import ImageStore
import Model
import Platform
import TestSupport
import Testing

@Suite struct PackDamageTests {
    private let files: [String: [UInt8]] = {
        var random = SeededRandom(3)
        return ["/etc/passwd": random.bytes(500), "/usr/lib/big": random.bytes(6 << 20), "/usr/share/doc": random.bytes(3000)]
    }()

    /// Where the first object of a pack begins.
    private let firstObject = 16

    @Test func `a damaged byte is refused, by name, and other packs can be read`() throws {
        try withStore { store in
            let one = try store.add(Array("one object".utf8))
            let path = try #require(store.packPaths.first)
            let two = try store.add(Array("another one".utf8))
            try damage(path, at: firstObject)
            let reopened = try store.reopened()
            let error = failure { _ = try reopened.object(one) }
            #expect(error?.code == .corrupt)
            #expect(error?.message.contains(one.hex) == true)
            #expect(try reopened.object(two) == Array("another one".utf8))
        }
    }

    /// A byte of the index, each part of the trailer, and a file that is cut.
    @Test(arguments: [-64 - 48, -64 - 16, -64, -60, -56, -49, -30, -1])
    func `a damaged index or end is refused and hides no other pack`(offset: Int) throws {
        try withStore { store in
            let one = try store.add(Array("one object".utf8))
            let path = try #require(store.packPaths.first)
            let two = try store.add(Array("another one".utf8))
            try damage(path, at: offset)
            let reopened = try store.reopened()
            #expect(try reopened.object(two) == Array("another one".utf8))
            // Only the trailer's digest of the index stands in no read's way.
            if offset != -30 { #expect(failure { _ = try reopened.object(one) }?.code == .corrupt) }
            let report = try check(reopened)
            #expect(report.findings.contains { $0.subject.contains(Files.name(of: path)) || $0.problem.contains(".pack") })
        }
    }

    @Test func `a pack cut at any length is refused`() throws {
        try withStore { store in
            let digest = try store.add(Array("one object".utf8))
            let path = try #require(store.packPaths.first)
            let whole = try Files.read(path)
            for length in 0..<whole.count {
                try Files.writeDurably(path, Array(whole.prefix(length)))
                let reopened = try store.reopened()
                #expect(failure { _ = try reopened.object(digest) }?.code == .corrupt)
                #expect(try check(reopened).findings.map(\.subject) == ["pack \(Files.name(of: path))"])
            }
        }
    }

    @Test func `a sound copy in another pack stands in for a damaged one`() throws {
        try withTemporaryFolder { folder in
            let store = try ObjectStore("\(folder)/a", environment: .system())
            let other = try ObjectStore("\(folder)/b", environment: .system())
            let bytes = Array("one object".utf8)
            let digest = try store.add(bytes)
            try other.add(bytes)
            let copy = try #require(other.packPaths.first)
            try Files.writeDurably("\(folder)/a/packs/pack-copy.pack", try Files.read(copy))
            for path in store.packPaths {
                let sound = try Files.read(path)
                for offset in [firstObject, -64 - 16] {
                    try damage(path, at: offset)
                    #expect(try store.reopened().object(digest) == bytes)
                    try Files.writeDurably(path, sound)
                }
            }
        }
    }

    @Test func `check names the images and paths that damage reaches, and the next import heals it`() throws {
        try withStore { store in
            let root = try store.add(files)
            let other = try store.add(["/etc/hosts": [1, 2, 3]])
            #expect(try check(store, [("web", root), ("db", other)]).isSound)
            // Data of the large file stands in the middle of the first pack.
            let path = try #require(store.packPaths.max { (try? Files.status($0).size) ?? 0 < (try? Files.status($1).size) ?? 0 })
            try damage(path, at: 3 << 20)
            let damaged = try store.reopened()
            let report = try check(damaged, [("web", root), ("db", other)])
            #expect(report.findings.flatMap(\.affects) == ["web:/usr/lib/big"])
            #expect(try damaged.add(files) == root)
            #expect(try check(damaged, [("web", root), ("db", other)]).isSound)
            try readAll(root, in: try store.reopened())
        }
    }

    @Test func `a lost pack is reported as missing objects, and the next import heals it`() throws {
        try withStore { store in
            let root = try store.add(files)
            let path = try #require(store.packPaths.first)
            let bytes = try Files.read(path)
            try Files.writeDurably(path, Array(bytes.dropLast(10)))
            let damaged = try store.reopened()
            let report = try check(damaged, [("web", root)])
            #expect(report.findings.map(\.affects).contains(["web:/"]))
            #expect(try damaged.add(files) == root)
            try readAll(root, in: damaged)
            // The broken file is no longer needed.
            _ = try collect(damaged, keeping: [root])
            #expect(try check(damaged, [("web", root)]).isSound)
        }
    }

    @Test func `a pack with a damaged index is replaced by a collection`() throws {
        try withStore { store in
            let root = try store.add(files)
            let path = try #require(store.packPaths.first)
            // The trailer's digest of the index: all objects can be read.
            try damage(path, at: -30)
            let damaged = try store.reopened()
            #expect(try !check(damaged, [("web", root)]).isSound)
            _ = try collect(damaged, keeping: [root])
            #expect(try check(damaged, [("web", root)]).isSound)
        }
    }

    @Test func `packs roll over at their size, and all are visible after publishing`() throws {
        try withStore(packSize: 1 << 20) { store in
            let root = try store.add(files)
            #expect(store.packPaths.count > 3)
            try readAll(root, in: try store.reopened())
        }
    }
}
