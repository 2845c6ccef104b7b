import HTTPServer
import Zstandard

/// The pieces of a long answer. All of them are there before the first is sent, so that an answer is whole or an error; a list of a hundred
/// thousand images would take 150 MB so. What goes beyond `plain` is therefore kept compressed until it is its turn to be sent: such lists say
/// the same again and again.
package struct LongText {
    package private(set) var pieces: [Response.Piece] = []
    /// Bytes of the text so far.
    private var count = 0
    /// Bytes that are kept of it.
    package private(set) var held = 0

    /// The least that is worth a piece, in bytes.
    static let pieceSize = 1 << 20
    /// Bytes that are kept as they are: about ten thousand images.
    private static let plain = 16 << 20
    private static let level: Int32 = 1

    package init() {}

    package mutating func append(_ bytes: [UInt8]) {
        if bytes.isEmpty { return }
        count += bytes.count
        let size = bytes.count
        guard count > Self.plain, let packed = Self.packed(bytes) else {
            held += size
            pieces.append(Response.Piece(count: size) { bytes })
            return
        }
        held += packed.count
        pieces.append(
            Response.Piece(count: size) {
                var decompressor = Decompressor()
                return try? decompressor.decompress(packed.span, size: size)
            })
    }

    mutating func append(_ other: LongText) {
        pieces += other.pieces
        count += other.count
        held += other.held
    }

    private static func packed(_ bytes: [UInt8]) -> [UInt8]? {
        var compressor = Compressor(level: level)
        return try? compressor.compressed(bytes.span)
    }
}
