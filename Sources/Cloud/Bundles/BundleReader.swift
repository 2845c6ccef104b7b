import Archive
import Crypto
import Model
import Platform
import Text
import Zlib

/// Reads a bundle: its parts one after the other, decrypted, decompressed and taken out of their archive. Nothing is believed: each part has its
/// digest, the archive has its own, and no more comes out than the manifest says.
struct BundleReader {
    let buckets: Buckets
    let manifest: BundleManifest
    /// That of the manifest.
    let place: ObjectPlace
    let environment: Environment

    /// What is wrong with a bundle is `InvalidManifest`, in AWS's words where they are known.
    static func manifest(_ buckets: Buckets, _ place: ObjectPlace) throws(Failure) -> BundleManifest {
        let bytes = try read(buckets, place, limit: BundleManifest.longest)
        guard let manifest = BundleManifest(bytes) else { throw Failure(.invalidManifest) }
        return manifest
    }

    private static func read(_ buckets: Buckets, _ place: ObjectPlace, limit: Int) throws(Failure) -> [UInt8] {
        let file = try open(buckets, place)
        do {
            let size = try file.size()
            guard size <= limit else { throw Failure(.invalidManifest) }
            var bytes = [UInt8](repeating: 0, count: size)
            let count = try file.read(into: &bytes, count: size, at: 0)
            return Array(bytes.prefix(count))
        } catch {
            throw error as? Failure ?? Failure(.io, "the object \(place.key) cannot be read", cause: error)
        }
    }

    private static func open(_ buckets: Buckets, _ place: ObjectPlace) throws(Failure) -> FileDescriptor {
        do throws(Failure) { return try buckets.open(place) } catch {
            guard error.code == .notFound else { throw error }
            throw Failure(.missingBundle(place.bucket, place.key))
        }
    }

    /// Writes the disk into an empty file, holes as holes.
    func expand(with key: AsymmetricKey, to target: borrowing FileDescriptor) throws(Failure) {
        let stream = try BundleStream(self, key)
        do {
            var reader = try ArchiveReader(formats: .tar) { () throws(ArchiveError) in
                do throws(Failure) { return try stream.next() } catch {
                    stream.failure = error
                    throw ArchiveError(.corrupt, operation: "read the bundle", reason: error.message)
                }
            }
            guard let entry = try reader.next(), entry.kind == .file, entry.size == manifest.size else {
                throw Failure(.damagedBundle("it is no archive of one disk of \(manifest.size) bytes"))
            }
            while let block = try reader.nextBlock() {
                if environment.cancellation.isCancelled { throw Failure(.cancelled, "the bundle was not wanted any more") }
                try reader.withBytes { bytes in try target.write(bytes, at: Int(block.offset)) }
            }
            guard try reader.next() == nil else { throw Failure(.damagedBundle("there is more than a disk in it")) }
            try target.truncate(to: Int(manifest.size))
        } catch {
            if let failure = stream.failure ?? error as? Failure { throw failure }
            if let error = error as? SystemError {
                throw Failure(error.isNoSpace ? .exhausted : .io, "the disk of a bundle cannot be written", cause: error)
            }
            throw Failure(.damagedBundle("its archive cannot be read: \(error)"))
        }
        while try !stream.next().isEmpty {}
        guard stream.digest() == manifest.digest else {
            throw Failure(.damagedBundle("the digest of its archive is another one"))
        }
    }
}

/// The archive in a bundle, piece by piece.
private final class BundleStream {
    private let reader: BundleReader
    private var cipher: AES128CBC
    private var gzip = GzipStream()
    private let archiveDigest = StreamDigest()
    private let partDigest = StreamDigest()
    private var part: FileDescriptor?
    private var nextPart = 0
    private var position = 0
    private var bundled: UInt64 = 0
    private var unpacked: UInt64 = 0
    private var waiting: [[UInt8]] = []
    private var isAtEnd = false
    /// What `next` threw last.
    var failure: Failure?

    private static let piece = 1 << 18

    init(_ reader: BundleReader, _ key: AsymmetricKey) throws(Failure) {
        self.reader = reader
        // One message for everything that may be wrong with them: who tries keys is to learn nothing.
        func secret(_ sealed: [UInt8]) -> [UInt8]? {
            guard let text = key.decrypt(sealed, .pkcs1), text.count == 2 * AES128CBC.size else { return nil }
            return Hexadecimal.bytes(String(decoding: text, as: UTF8.self))
        }
        guard let key = secret(reader.manifest.encryptedKey), let vector = secret(reader.manifest.encryptedVector) else {
            throw Failure(.foreignBundle)
        }
        cipher = AES128CBC(key: key, vector: vector, encrypts: false)
    }

    /// Empty at the end.
    func next() throws(Failure) -> [UInt8] {
        while waiting.isEmpty && !isAtEnd { try advance() }
        return waiting.isEmpty ? [] : waiting.removeFirst()
    }

    func digest() -> String {
        archiveDigest.finish()
    }

    private func advance() throws(Failure) {
        let sealed = try read()
        var plain = cipher.update(sealed)
        if sealed.isEmpty {
            guard let last = cipher.finish() else { throw Failure(.damagedBundle("its encryption does not end")) }
            plain = last
            isAtEnd = true
        }
        var pieces: [[UInt8]] = []
        try gzip.decompress(
            plain, receive: { (piece) throws(Failure) in pieces.append(piece) },
            damaged: { Failure(.damagedBundle("\($0)")) })
        for piece in pieces {
            unpacked += UInt64(piece.count)
            archiveDigest.add(piece)
        }
        // Headers, the map of a sparse file and the end take less.
        guard unpacked <= reader.manifest.size + (64 << 20) else {
            throw Failure(.damagedBundle("more comes out of it than it says"))
        }
        if isAtEnd && !gzip.isFinished { throw Failure(.damagedBundle("its end is missing")) }
        waiting += pieces
    }

    /// The next bytes of the parts; empty behind the last.
    private func read() throws(Failure) -> [UInt8] {
        while true {
            if part == nil {
                guard nextPart < reader.manifest.parts.count else { return [] }
                part = try reader.open(part: nextPart)
                position = 0
                nextPart += 1
            }
            var bytes = [UInt8](repeating: 0, count: Self.piece)
            let count = try fill(&bytes)
            if count > 0 {
                partDigest.add(Array(bytes.prefix(count)))
                bundled += UInt64(count)
                guard bundled <= reader.manifest.bundledSize else { throw Failure(.damagedBundle("it is longer than it says")) }
                return Array(bytes.prefix(count))
            }
            part = nil
            guard partDigest.finish() == reader.manifest.parts[nextPart - 1].digest else {
                throw Failure(.damagedBundle("the digest of part \(nextPart - 1) is another one"))
            }
        }
    }

    private func fill(_ bytes: inout [UInt8]) throws(Failure) -> Int {
        do throws(SystemError) {
            let count = try part?.read(into: &bytes, count: bytes.count, at: position) ?? 0
            position += count
            return count
        } catch { throw Failure(.io, "a part of a bundle cannot be read", cause: error) }
    }
}

extension BundleReader {
    /// A part lies beside the manifest.
    fileprivate func open(part index: Int) throws(Failure) -> FileDescriptor {
        let folder = place.key.split(separator: "/", omittingEmptySubsequences: false).dropLast().map { $0 + "/" }.joined()
        let key = folder + manifest.parts[index].file
        guard let object = ObjectPlace(bucket: place.bucket, key: key) else { throw Failure(.missingBundle(place.bucket, key)) }
        return try Self.open(buckets, object)
    }
}
