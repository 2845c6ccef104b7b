import Archive
import Crypto
import Model
import Platform
import Text

/// Writes the parts of a bundle: the disk in an archive, which is compressed, encrypted and cut.
final class BundleWriter {
    private let wish: InstanceBundle
    private let buckets: Buckets
    private let writer: String
    private let encryptedKey: [UInt8]
    private let encryptedVector: [UInt8]
    private var cipher: AES128CBC
    private var buffer: [UInt8] = []
    private var parts: [BundleManifest.Part] = []
    private var bundled: UInt64 = 0

    private static let piece = 1 << 20

    /// `key` is that of the bundles of the region; `writer` names who writes.
    init(
        _ wish: InstanceBundle, _ buckets: Buckets, _ key: AsymmetricKey, writer: String, _ environment: Environment
    ) throws(Failure) {
        self.wish = wish
        self.buckets = buckets
        self.writer = writer
        let secrets: [UInt8]
        do throws(SystemError) { secrets = try environment.random(2 * AES128CBC.size) } catch {
            throw Failure(.io, "the system gives no randomness", cause: error)
        }
        let (first, second) = (Array(secrets.prefix(AES128CBC.size)), Array(secrets.suffix(AES128CBC.size)))
        guard let sealedKey = key.encrypt(Array(Hexadecimal.text(first).utf8), .pkcs1),
            let sealedVector = key.encrypt(Array(Hexadecimal.text(second).utf8), .pkcs1)
        else { throw Failure(.bug, "the key of a bundle cannot be encrypted") }
        encryptedKey = sealedKey
        encryptedVector = sealedVector
        cipher = AES128CBC(key: first, vector: second, encrypts: true)
    }

    /// Writes all parts. Returns the manifest, which is not written yet.
    func write(
        _ disk: borrowing FileDescriptor, of image: ImageRecord, by account: AccountID, _ cancellation: Cancellation
    ) throws(Failure) -> BundleManifest {
        let size = UInt64(try DiskContent.length(of: disk))
        guard size <= BundleManifest.largest else {
            throw Failure(
                .invalid, "the disk of \(wish.instance) has \(size) bytes, and a bundle holds at most \(BundleManifest.largest)")
        }
        let digest = StreamDigest()
        try pack(disk, size, .none, cancellation) { (bytes) throws(Failure) in digest.add(bytes) }
        try pack(disk, size, .gzip, cancellation) { (bytes) throws(Failure) in try take(cipher.update(bytes)) }
        guard let last = cipher.finish() else { throw Failure(.bug, "a bundle cannot be encrypted") }
        try take(last)
        try storePart(buffer)
        return BundleManifest(
            architecture: image.architecture, kernel: image.machine.kernel, ramdisk: image.machine.ramdisk,
            devices: ["root": image.rootDeviceName], products: image.products.map(\.code), user: account.description,
            digest: digest.finish(), size: size, bundledSize: bundled, encryptedKey: encryptedKey,
            encryptedVector: encryptedVector, parts: parts)
    }

    // MARK: The archive

    private func pack(
        _ disk: borrowing FileDescriptor, _ size: UInt64, _ compression: ArchiveCompression, _ cancellation: Cancellation,
        sink: ([UInt8]) throws(Failure) -> Void
    ) throws(Failure) {
        try withoutActuallyEscaping(sink) { (sink) throws(Failure) in
            // Of what went wrong in the sink, which throws errors of archives.
            var failure: Failure?
            do {
                var archive = try ArchiveWriter(compression: compression) { (bytes: Span<UInt8>) throws(ArchiveError) in
                    do throws(Failure) { try sink(Self.array(bytes)) } catch {
                        failure = error
                        throw ArchiveError(.misuse, operation: "store a part", reason: error.message)
                    }
                }
                var entry = ArchiveEntry(path: Array("image".utf8), kind: .file, mode: 0o644, size: size)
                entry.dataRanges = try Self.dataRanges(of: disk, Int(size))
                try archive.add(entry)
                var buffer = [UInt8](repeating: 0, count: Self.piece)
                for range in entry.dataRanges ?? [] {
                    var position = Int(range.lowerBound)
                    while position < Int(range.upperBound) {
                        if cancellation.isCancelled { throw ConversionRun.cancelled }
                        let got = try disk.read(
                            into: &buffer, count: min(Self.piece, Int(range.upperBound) - position), at: position)
                        guard got > 0 else { break }
                        try archive.write(buffer.span.extracting(0..<got), at: UInt64(position))
                        position += got
                    }
                }
                try archive.finish()
            } catch {
                if let failure = failure ?? error as? Failure { throw failure }
                throw Failure(.io, "the disk of \(wish.instance) cannot be packed", cause: error)
            }
        }
    }

    private static func dataRanges(of disk: borrowing FileDescriptor, _ size: Int) throws(SystemError) -> [Range<UInt64>] {
        var ranges: [Range<UInt64>] = []
        var position = 0
        while let data = try disk.nextData(from: position, size: size), !data.isEmpty {
            ranges.append(UInt64(data.lowerBound)..<UInt64(data.upperBound))
            position = data.upperBound
        }
        return ranges
    }

    private static func array(_ bytes: Span<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for index in bytes.indices { result.append(bytes[index]) }
        return result
    }

    // MARK: Parts

    private func take(_ bytes: [UInt8]) throws(Failure) {
        buffer += bytes
        while buffer.count > BundleManifest.partSize {
            try storePart(Array(buffer.prefix(BundleManifest.partSize)))
            buffer.removeFirst(BundleManifest.partSize)
        }
    }

    private func storePart(_ bytes: [UInt8]) throws(Failure) {
        guard parts.count < BundleManifest.mostParts, let object = wish.part(parts.count) else {
            throw Failure(.invalid, "the bundle of \(wish.instance) has too many parts")
        }
        try buckets.write(object, writer: writer) { file throws(Failure) in
            do throws(SystemError) { try file.write(bytes) } catch {
                throw Failure(error.isNoSpace ? .exhausted : .io, "the object \(object.key) cannot be written", cause: error)
            }
        }
        parts.append(BundleManifest.Part(file: object.path.name, digest: FileDigest.hex(of: bytes, .sha1)))
        bundled += UInt64(bytes.count)
    }
}

/// A digest that a closure adds to.
final class StreamDigest {
    private var digest = FileDigest(.sha1)

    func add(_ bytes: [UInt8]) { digest.update(bytes) }

    /// Of all that came; it begins anew.
    func finish() -> String {
        var finished = FileDigest(.sha1)
        swap(&finished, &digest)
        return finished.finish()
    }
}
