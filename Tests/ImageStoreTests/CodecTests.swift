import Crypto
import ImageStore
import Model
import TestSupport
import Testing

@Suite struct CodecTests {
    private static let digest = SHA256.digest(of: "content")

    private static let entries: [(name: Name, node: Node)] = {
        let odd = Metadata(
            mode: 0o6755, uid: 4_000_000_000, gid: 1, modified: -1,
            attributes: [.init(name: Array("user.b".utf8), value: [0, 255]), .init(name: Array("user.a".utf8), value: [])])
        let plain = Metadata(mode: 0o644, modified: .max)
        let kinds: [Node.Kind] = [
            .file(FileContent(size: 7, form: .whole(digest)), links: 1),
            .file(FileContent(size: UInt64(Int64.max), form: .extents(digest)), links: 3), .directory(digest),
            .symlink(target: [0xFF, 0x2F]), .hardLink("a/b"), .characterDevice(major: 259, minor: 70_000),
            .blockDevice(major: 8, minor: 0), .fifo,
        ]
        return kinds.enumerated().compactMap { index, kind in
            Name([0x61 + UInt8(index), 0xFE]).map { ($0, Node(index % 2 == 0 ? odd : plain, kind)) }
        }
    }()

    private static let extents = ExtentList([
        .init(length: 1, digest: digest), .init(length: 1 << 40, digest: nil), .init(length: 300, digest: digest),
    ])

    private static var root: Node { Node(Metadata(mode: 0o755), .directory(digest)) }

    @Test func `a directory with every kind of node comes back as it was`() throws {
        let back = try DirectoryCoding.decode(DirectoryCoding.encode(Self.entries))
        #expect(back.map(\.name) == Self.entries.map(\.name))
        #expect(back.map(\.node) == Self.entries.map(\.node))
    }

    @Test func `a root and an extent list come back as they were`() throws {
        #expect(try DirectoryCoding.decodeRoot(DirectoryCoding.encodeRoot(Self.root)) == Self.root)
        #expect(try ExtentList(decoding: Self.extents.encoded()) == Self.extents)
    }

    @Test func `the order in which entries are given does not show`() {
        #expect(DirectoryCoding.encode(Self.entries.reversed()) == DirectoryCoding.encode(Self.entries))
    }

    /// Decodes bytes as each of the three objects; what comes out must have had these very bytes.
    private func decode(_ bytes: [UInt8]) {
        let expectOnly = { (error: any Error) in
            #expect((error as? Failure)?.code == .corrupt, "\(error)")
        }
        do { #expect(DirectoryCoding.encode(try DirectoryCoding.decode(bytes)) == bytes) } catch { expectOnly(error) }
        do { #expect(DirectoryCoding.encodeRoot(try DirectoryCoding.decodeRoot(bytes)) == bytes) } catch { expectOnly(error) }
        do { #expect(try ExtentList(decoding: bytes).encoded() == bytes) } catch { expectOnly(error) }
    }

    private static var samples: [[UInt8]] {
        [DirectoryCoding.encode(entries), DirectoryCoding.encodeRoot(root), extents.encoded()]
    }

    @Test func `every truncation is refused as damage`() {
        for sample in Self.samples {
            for length in 0..<sample.count {
                let part = Array(sample.prefix(length))
                #expect((try? DirectoryCoding.decode(part)) == nil)
                decode(part)
            }
        }
    }

    @Test func `whatever bytes are accepted have one encoding only`() {
        var random = SeededRandom(1)
        for sample in Self.samples {
            for _ in 0..<3000 {
                var bytes = sample
                for _ in 0...random.below(3) {
                    let position = random.below(bytes.count)
                    switch random.below(3) {
                    case 0: bytes[position] = UInt8(truncatingIfNeeded: random.next())
                    case 1: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: position)
                    default: bytes.remove(at: position)
                    }
                }
                decode(bytes)
            }
        }
    }

    @Test func `a count that the bytes cannot hold is refused before memory is taken for it`() {
        let huge: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]
        for magic in ["ingot directory 1\n", "ingot extents 1\n"] { decode(Array(magic.utf8) + huge) }
    }

    @Test(arguments: ["a", "/a/", "//a", "/./a", "/", "/a/../b"])
    func `a hard link's path that is not in its one form is refused`(path: String) throws {
        let name = try #require(Name("n"))
        let bytes = DirectoryCoding.encode([(name, Node(Metadata(mode: 0), .hardLink("x")))])
        // The path is the end of the object: its length and its bytes.
        let forged = Array(bytes.dropLast(3)) + [UInt8(path.utf8.count)] + Array(path.utf8)
        #expect(failure { _ = try DirectoryCoding.decode(forged) }?.code == .corrupt)
    }

    @Test func `a file without a name and a file larger than any are refused`() throws {
        let name = try #require(Name("n"))
        for node in [
            Node(Metadata(mode: 0), .file(FileContent(size: 1, form: .whole(Self.digest)), links: 0)),
            Node(Metadata(mode: 0), .file(FileContent(size: 1 << 63, form: .whole(Self.digest)), links: 1)),
        ] {
            let bytes = DirectoryCoding.encode([(name, node)])
            #expect(failure { _ = try DirectoryCoding.decode(bytes) }?.code == .corrupt)
        }
    }

    @Test func `digests of the format do not change unnoticed`() {
        #expect(
            Self.samples.map { SHA256.digest(of: $0).hex } == [
                "00cd85296ca2a2ca0154589fe2945c2f9e72f3fab8a1bc8098dcf36075f34ffa",
                "692895a443147e320564192900e8241f2fdfbc98f7cf3e3b23261e4350a5b4b3",
                "d69e9a2f45aa7dd68bb0d3adebe2b47df19b22f99d9089809a150c8ab6f625ac",
            ])
    }
}
