import Platform
import TestSupport
import Testing
import Zlib

/// Streams that gzip made.
@Suite(.enabled(if: Shell.has("gzip"), "needs gzip: apt-get install gzip")) struct GzipStreamTests {
    private static let text = (0..<30_000).flatMap { Array("line \($0 * 7 % 1000)\n".utf8) }

    private static func packed() throws -> [UInt8] {
        try withTemporaryFolder { folder in
            try Files.writeDurably(folder + "/text", text)
            try Shell.run("gzip -nc text > packed", in: folder)
            return try Files.read(folder + "/packed")
        }
    }

    /// What comes out, and whether the stream came to its end.
    private static func unpack(_ input: [UInt8], pieces: Int) throws(ZlibError) -> (bytes: [UInt8], isWhole: Bool) {
        var stream = GzipStream()
        var result: [UInt8] = []
        for start in stride(from: 0, to: input.count, by: pieces) {
            try stream.decompress(
                Array(input[start..<min(start + pieces, input.count)]),
                receive: { (piece) throws(ZlibError) in result += piece }, damaged: { $0 })
        }
        return (result, stream.isFinished)
    }

    @Test("what gzip packed comes out as it was, in pieces of any size", arguments: [1, 100, 5000, 1 << 20])
    func whole(_ pieces: Int) throws {
        let result = try Self.unpack(try Self.packed(), pieces: pieces)
        #expect(result.isWhole && result.bytes == Self.text)
    }

    @Test("a stream that is cut at any place does not come to its end, and one with changed bytes is refused")
    func damaged() throws {
        let packed = try Self.packed()
        for length in stride(from: 0, to: packed.count, by: packed.count / 200) {
            #expect(try !Self.unpack(Array(packed[..<length]), pieces: 1 << 20).isWhole, "\(length)")
        }
        // Check sum and length stand at the end; the header has a mark, a method and flags.
        for place in [0, 1, 2, packed.count / 2, packed.count - 8, packed.count - 1] {
            var changed = packed
            changed[place] ^= 0x55
            #expect(throws: ZlibError.self, "\(place)") { try Self.unpack(changed, pieces: 1 << 20) }
        }
        #expect(throws: ZlibError.self) { try Self.unpack(packed + [0], pieces: 1 << 20) }
        #expect(throws: ZlibError.self) { try Self.unpack(packed + [0], pieces: 1) }
    }
}
