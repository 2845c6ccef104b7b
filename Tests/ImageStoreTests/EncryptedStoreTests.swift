import Crypto
import ImageStore
import Model
import Platform
import TestSupport
import Testing

/// Stores whose objects are encrypted under a data key.
@Suite struct EncryptedStoreTests {
    static func seal(_ number: UInt8) -> ObjectSeal {
        ObjectSeal(dataKey: [UInt8](repeating: number, count: ObjectSeal.keySize), environment: .system())
    }

    private static let secret = "the launch code is 0000"

    /// Runs `body` with an open store and an encrypted one.
    private func with(_ body: (_ plain: ObjectStore, _ sealed: ObjectStore, _ folder: String) throws -> Void) throws {
        try withTemporaryFolder { folder in
            try body(
                ObjectStore(folder + "/plain", environment: .system()),
                ObjectStore(folder + "/sealed", environment: .system(), seal: Self.seal(1)), folder)
        }
    }

    private func copy(_ root: Digest, _ source: ObjectStore, _ target: ObjectStore) throws {
        let writer = try StoreWriter(target)
        _ = try Transfer(from: source, to: writer, batch: 50_000).run(root)
        try writer.publish()
    }

    private var files: [String: [UInt8]] {
        var random = SeededRandom(4)
        return [
            "/etc/secret": Array(Self.secret.utf8), "/etc/again": Array(String(repeating: Self.secret, count: 100).utf8),
            "/usr/big": random.bytes(5 << 20), "/usr/sparse": [UInt8](repeating: 0, count: 1 << 20) + [1], "/empty": [],
        ]
    }

    /// All bytes of all files below a folder.
    private func everything(_ folder: String) throws -> [UInt8] {
        var bytes: [UInt8] = []
        for name in Files.names(in: folder + "/packs") + Files.names(in: folder + "/marks") {
            for place in ["packs", "marks"] where Files.exists("\(folder)/\(place)/\(name)") {
                bytes += Array(name.utf8) + (try Files.read("\(folder)/\(place)/\(name)"))
            }
        }
        return bytes
    }

    @Test
    func
        `a copy into an encrypted store and back is the same image, and neither its bytes, nor its names, nor digests of them can be seen in between`()
        throws
    {
        try with { plain, sealed, folder in
            let root = try plain.add(files)
            try copy(root, plain, sealed)
            try readAll(root, in: sealed)
            #expect(try check(sealed, [("image", root)]).isSound)
            let open = try everything(folder + "/plain")
            let hidden = try everything(folder + "/sealed")
            let needles =
                [Array(Self.secret.utf8), Array("secret".utf8), Array("ingot ".utf8)]
                + files.values.filter { !$0.isEmpty && $0.count < 1000 }.map { SHA256.digest(of: $0).bytes } + [root.bytes]
            for needle in needles {
                #expect(open.firstRange(of: needle) != nil, "the search finds what is there")
                let found = hidden.ranges(of: needle).count
                // The form of packs is no secret.
                #expect(needle == Array("ingot ".utf8) ? found == 2 * sealed.packPaths.count : found == 0)
            }
            try copy(root, sealed, try ObjectStore(folder + "/back", environment: .system()))
            let back = try ObjectStore(folder + "/back", environment: .system())
            try readAll(root, in: back)
            #expect(try Tree(root, in: back).read("etc/secret") == Array(Self.secret.utf8))
        }
    }

    @Test func `without the data key, and with another one, nothing is there`() throws {
        try with { plain, sealed, folder in
            let root = try plain.add(files)
            try copy(root, plain, sealed)
            for seal in [nil, Self.seal(2)] {
                let other = try ObjectStore(folder + "/sealed", environment: .system(), seal: seal)
                #expect(!other.contains(root))
                #expect(failure { _ = try other.object(root) }?.code == .corrupt)
                #expect(try !check(other, [("image", root)]).isSound)
            }
        }
    }

    @Test func `no flipped bit of a pack gives another object, and every one in an object is seen by check`() throws {
        try withTemporaryFolder { folder in
            func open() throws -> ObjectStore {
                try ObjectStore(folder, environment: .system(), seal: Self.seal(1))
            }
            let store = try open()
            let object = Array("an object".utf8)
            let digest = try store.add(object)
            let path = try #require(store.packPaths.first)
            let whole = try Files.read(path)
            for position in 0..<whole.count {
                for bit in [UInt8(1), 0x80] {
                    var changed = whole
                    changed[position] ^= bit
                    try Files.writeDurably(path, changed)
                    let damaged = try open()
                    do { #expect(try damaged.object(digest) == object) } catch { #expect((error as? Failure)?.code == .corrupt) }
                    // From the first object to the index: nonce, bytes and tag.
                    if (16..<16 + object.count + 28).contains(position) {
                        #expect(failure { _ = try damaged.object(digest) }?.code == .corrupt, "byte \(position)")
                        #expect(try !check(damaged).isSound)
                    }
                }
            }
        }
    }

    @Test func `an object cannot be put in the place of another one`() throws {
        try withTemporaryFolder { folder in
            func open() throws -> ObjectStore {
                try ObjectStore(folder, environment: .system(), seal: Self.seal(1))
            }
            let store = try open()
            let one = try store.add(Array("object one".utf8))
            let first = try #require(store.packPaths.first)
            let two = try store.add(Array("object two".utf8))
            let second = try #require(store.packPaths.first { $0 != first })
            // Both packs have one object of the same size, so that their sealed bytes can change places.
            var (a, b) = (try Files.read(first), try Files.read(second))
            let range = 16..<16 + 10 + 28
            let kept = Array(a[range])
            a.replaceSubrange(range, with: b[range])
            b.replaceSubrange(range, with: kept)
            try Files.writeDurably(first, a)
            try Files.writeDurably(second, b)
            for digest in [one, two] { #expect(failure { _ = try open().object(digest) }?.code == .corrupt) }
        }
    }

    @Test func `a collection takes away what no root reaches, and spares the rest; damage heals by importing again`() throws {
        try withTemporaryFolder { folder in
            func open() throws -> ObjectStore {
                try ObjectStore(folder, environment: .system(), seal: Self.seal(1))
            }
            let kept = try open().add(files)
            let gone = try open().add(["/other": Array("something else".utf8)])
            let report = try collect(open(), keeping: [kept])
            #expect(report.removedObjects == 3)
            #expect(try !open().contains(gone))
            try readAll(kept, in: open())
            #expect(try check(open(), [("image", kept)]).isSound)
            let pack = try #require(open().packPaths.first)
            try damage(pack, at: 20)
            #expect(try !check(open(), [("image", kept)]).isSound)
            _ = try open().add(files)
            #expect(try check(open(), [("image", kept)]).isSound)
        }
    }
}
