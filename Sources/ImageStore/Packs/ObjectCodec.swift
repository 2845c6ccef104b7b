import Crypto
import Model
import Platform
import Zstandard

/// Between an object's bytes and what a pack stores of them, under which name.
struct ObjectCodec: ~Copyable {
    /// Made for the first object that is written.
    private var compressor: Compressor?
    private let level: Int32
    private var decompressor = Decompressor()
    private var hasher = SHA256()
    private var windows = PackWindows()
    /// Of an encrypted store.
    private let seal: ObjectSeal?

    /// Small objects are mostly directories and short texts; below this, a frame's overhead eats the gain.
    private static let smallestCompressed = 64

    init(level: Int32, seal: ObjectSeal?) {
        self.level = level
        self.seal = seal
    }

    mutating func digest(_ bytes: Span<UInt8>) -> Digest {
        hasher.update(bytes)
        return hasher.finish()
    }

    /// What to store: a zstd frame where it saves at least an eighth, else the bytes themselves; in an encrypted store either of them
    /// sealed as `name`.
    mutating func encode<Result>(
        _ bytes: Span<UInt8>, as name: Digest, _ body: (Span<UInt8>, Bool) -> Result
    ) throws(Failure) -> Result {
        if let seal {
            let (plain, isCompressed) = try form(of: bytes)
            let sealed = try seal.seal(plain, as: name)
            return body(sealed.span, isCompressed)
        }
        if bytes.count < Self.smallestCompressed { return body(bytes, false) }
        var compressor = self.compressor.take() ?? Compressor(level: level)
        do throws(ZstandardError) {
            let result = try compressor.compress(bytes) { frame in
                Self.pays(frame.count, for: bytes.count) ? body(frame, true) : body(bytes, false)
            }
            self.compressor = consume compressor
            return result
        } catch { throw Self.failed(bytes.count, error) }
    }

    /// What is sealed.
    private mutating func form(of bytes: Span<UInt8>) throws(Failure) -> (bytes: [UInt8], isCompressed: Bool) {
        if bytes.count < Self.smallestCompressed { return (Self.copy(bytes), false) }
        var compressor = self.compressor.take() ?? Compressor(level: level)
        do throws(ZstandardError) {
            let frame = try compressor.compressed(bytes)
            self.compressor = consume compressor
            return Self.pays(frame.count, for: bytes.count) ? (frame, true) : (Self.copy(bytes), false)
        } catch { throw Self.failed(bytes.count, error) }
    }

    private static func pays(_ frame: Int, for count: Int) -> Bool { frame <= count - count / 8 }

    private static func copy(_ bytes: Span<UInt8>) -> [UInt8] {
        unsafe bytes.withUnsafeBufferPointer { unsafe Array($0) }
    }

    private static func failed(_ count: Int, _ error: ZstandardError) -> Failure {
        Failure(.bug, "an object of \(count) bytes cannot be compressed", cause: error)
    }

    /// The object that a pack has at an entry, verified; nil where it cannot be read or is another one.
    mutating func object(_ name: Digest, at entry: PackEntry, in pack: Pack) -> [UInt8]? {
        if let place = try? windows.mapped(entry, in: pack) {
            return place.bytes.withBytes(place.range) { decode($0, entry, name) }
        }
        guard let stored = try? pack.stored(entry) else { return nil }
        return decode(stored.span, entry, name)
    }

    /// The object, verified against its name; nil where what is stored is not that object.
    mutating func decode(_ stored: Span<UInt8>, _ entry: PackEntry, _ name: Digest) -> [UInt8]? {
        guard entry.length <= PackFormat.maximumObject else { return nil }
        guard let seal else { return verified(expand(stored, entry), name) }
        guard let plain = seal.open(Self.copy(stored), as: name), let bytes = expand(plain.span, entry) else { return nil }
        return seal.name(of: digest(bytes.span)) == name ? bytes : nil
    }

    private mutating func verified(_ bytes: [UInt8]?, _ digest: Digest) -> [UInt8]? {
        guard let bytes, self.digest(bytes.span) == digest else { return nil }
        return bytes
    }

    private mutating func expand(_ stored: Span<UInt8>, _ entry: PackEntry) -> [UInt8]? {
        guard entry.isCompressed else { return stored.count == entry.length ? Self.copy(stored) : nil }
        guard let plain = try? decompressor.decompress(stored, size: entry.length) else { return nil }
        return plain.count == entry.length ? plain : nil
    }
}
