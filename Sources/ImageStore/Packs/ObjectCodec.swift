import Crypto
import Model
import Zstandard

/// Between an object's bytes and what a pack stores of them.
struct ObjectCodec: ~Copyable {
    /// Made for the first object that is written.
    private var compressor: Compressor?
    private let level: Int32
    private var decompressor = Decompressor()
    private var hasher = SHA256()
    private var windows = PackWindows()

    /// Small objects are mostly directories and short texts; below this, a frame's overhead eats the gain.
    private static let smallestCompressed = 64

    init(level: Int32) { self.level = level }

    mutating func digest(_ bytes: Span<UInt8>) -> Digest {
        hasher.update(bytes)
        return hasher.finish()
    }

    /// What to store: a zstd frame where it saves at least an eighth, else the bytes themselves.
    mutating func encode<Result>(_ bytes: Span<UInt8>, _ body: (Span<UInt8>, Bool) -> Result) throws(Failure) -> Result {
        if bytes.count < Self.smallestCompressed { return body(bytes, false) }
        var compressor = self.compressor.take() ?? Compressor(level: level)
        do throws(ZstandardError) {
            let result = try compressor.compress(bytes) { frame in
                frame.count <= bytes.count - bytes.count / 8 ? body(frame, true) : body(bytes, false)
            }
            self.compressor = consume compressor
            return result
        } catch { throw Failure(.bug, "an object of \(bytes.count) bytes cannot be compressed", cause: error) }
    }

    /// The object that a pack has at an entry, verified; nil where it cannot be read or is another one.
    mutating func object(_ digest: Digest, at entry: PackEntry, in pack: Pack) -> [UInt8]? {
        guard let stored = try? windows.stored(entry, in: pack) else { return nil }
        return decode(stored, entry, digest)
    }

    /// The object, verified against its digest; nil where what is stored is not that object.
    mutating func decode(_ stored: ArraySlice<UInt8>, _ entry: PackEntry, _ digest: Digest) -> [UInt8]? {
        guard entry.length <= PackFormat.maximumObject else { return nil }
        let bytes: [UInt8]
        if entry.isCompressed {
            guard let plain = try? decompressor.decompress(stored.span, size: entry.length) else { return nil }
            bytes = plain
        } else {
            bytes = Array(stored)
        }
        return bytes.count == entry.length && self.digest(bytes.span) == digest ? bytes : nil
    }
}
