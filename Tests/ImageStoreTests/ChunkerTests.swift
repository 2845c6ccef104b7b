import Crypto
import ImageStore
import Model
import TestSupport
import Testing

@Suite struct ChunkerTests {
    private let objects = MemoryObjects()

    private func extents(_ content: FileContent) throws -> [ExtentList.Extent] { try content.extents(from: objects) }

    private func isWhole(_ content: FileContent) -> Bool { if case .whole = content.form { true } else { false } }

    /// Bytes with zeroes where `holes` are.
    private func bytes(_ count: Int, zeroes: [Range<Int>] = [], seed: UInt64 = 1) -> [UInt8] {
        var random = SeededRandom(seed)
        var bytes = random.bytes(count).map { $0 | 1 }
        for range in zeroes { for index in range { bytes[index] = 0 } }
        return bytes
    }

    @Test(arguments: [0, 1, 4095, 4096, 4097, 65_536, 4 << 20, (4 << 20) + 1])
    func `a file comes back as it was`(size: Int) throws {
        let bytes = bytes(size)
        let content = try Chunker.store(bytes, in: objects)
        #expect(content.size == UInt64(size))
        #expect(isWhole(content) == (size <= 4 << 20))
        #expect(try content.bytes(from: objects, limit: size) == bytes)
    }

    @Test func `the digest does not depend on the pieces in which the bytes come`() throws {
        let bytes = bytes(9 << 20, zeroes: [0..<70_000, 5_000_000..<5_300_000, (9 << 20) - 66_000..<9 << 20])
        let expected = try Chunker.store(bytes, in: objects)
        var random = SeededRandom(2)
        for most in [1 << 8, 5_000, 1 << 20, 20 << 20] {
            var chunker = Chunker(into: objects)
            var position = 0
            while position < bytes.count {
                let count = min(bytes.count - position, 1 + random.below(most))
                // Zeroes may come as bytes or as a hole of the source.
                if bytes[position..<position + count].allSatisfy({ $0 == 0 }) && random.below(2) == 0 {
                    try chunker.appendHole(UInt64(count))
                } else {
                    try chunker.append(bytes.span.extracting(position..<position + count))
                }
                position += count
            }
            #expect(try chunker.finish() == expected)
        }
    }

    @Test func `an insertion into a large file changes one or two of its parts`() throws {
        let before = bytes(20 << 20)
        let after = Array(before[..<(9 << 20)]) + [1, 2, 3] + before[(9 << 20)...]
        let old = Set(try extents(Chunker.store(before, in: objects)).map(\.digest))
        let new = try extents(Chunker.store(after, in: objects))
        #expect(new.count > 8)
        #expect(new.count { !old.contains($0.digest) } <= 2)
    }

    @Test func `parts are of 256 KiB to 4 MiB and about 1 MiB`() throws {
        let parts = try extents(Chunker.store(bytes(20 << 20), in: objects)).map(\.length)
        #expect(parts.dropLast().allSatisfy { $0 >= 256 << 10 && $0 <= 4 << 20 })
        #expect((12...30).contains(parts.count), "\(parts.count) parts")
    }

    @Test(arguments: [
        (8192..<8192 + 65_536, true), (8192..<8192 + 65_535, false), (8191..<8192 + 65_536, true),
        (8193..<8192 + 65_536, false), (8193..<8192 + 65_536 + 4096, true), (0..<65_536, true),
        // The end of a file inside a page is data.
        (934_464..<1_000_000, false), (930_000..<1_000_000, true),
    ])
    func `zeroes are a hole from 64 KiB on, in whole pages`(zeroes: Range<Int>, isHole: Bool) throws {
        let bytes = bytes(1_000_000, zeroes: [zeroes])
        let content = try Chunker.store(bytes, in: objects)
        let holes = try extents(content).filter { $0.digest == nil }
        #expect(holes.isEmpty == !isHole)
        #expect(holes.allSatisfy { $0.length % 4096 == 0 && $0.length >= 65_536 })
        #expect(try content.bytes(from: objects, limit: 1_000_000) == bytes)
    }

    @Test func `a file that is one hole takes no data`() throws {
        var chunker = Chunker(into: objects)
        try chunker.appendHole(1 << 50)
        let content = try chunker.finish()
        #expect(try extents(content) == [.init(length: 1 << 50, digest: nil)])
        #expect(objects.count == 1)
    }

    @Test(arguments: ["ingot directory 1\n\0", "ingot root 1\n", "ingot ", "ingot x"])
    func `no data object can be taken for one that names others`(text: String) throws {
        for size in [0, 70_000, 5 << 20] {
            let bytes = Array(text.utf8) + bytes(size)
            let content = try Chunker.store(bytes, in: objects)
            for extent in try extents(content) {
                let data = try #require(try extent.data(from: objects))
                #expect(data.count <= 6 || !data.starts(with: Array("ingot ".utf8)))
            }
            #expect(try content.bytes(from: objects, limit: bytes.count) == bytes)
        }
    }

    @Test func `the digest of a generated file does not change unnoticed`() throws {
        let content = try Chunker.store(bytes(12 << 20, zeroes: [4096..<300_000], seed: 7), in: objects)
        #expect(content.digest.hex == "efee51f140d54dd0749775fc51c0a80c7e218c9fa2e768f94dbca871cd6c6f72")
    }
}
