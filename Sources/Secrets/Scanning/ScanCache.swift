import Crypto
import ImageStore
import Model
import Platform
import Synchronization

/// What earlier scans found in blobs and folders: what is known is not read again. One file for one set of rules and one key.
///
///     magic     "ingot secret cache 4\n"
///     count     8 bytes, big-endian like all numbers
///     rows      48 bytes each, sorted: blob 32 · traits 8 · offset of the body 4 · kind 1 · length of the body 3
///     bodies
///     digest    SHA-256 of all before
///
/// Looked up in place, so that a scan pays for what it asks. The file may be deleted or damaged at any time: then blobs are read again.
final class ScanCache: Sendable {
    /// A blob, and what names of its file decide about: see `FileParsers.traits`.
    struct Key: Hashable, Comparable, Sendable {
        let blob: Digest
        let traits: UInt64

        init(_ blob: Digest, traits: UInt64) {
            self.blob = blob
            self.traits = traits
        }

        static func < (a: Key, b: Key) -> Bool { a.blob == b.blob ? a.traits < b.traits : a.blob < b.blob }
    }

    /// What is known of a blob.
    struct Entry: Sendable {
        /// By the algorithm of a package that had such a file, in lower-case hexadecimal digits; nil where none had.
        let digest: String?
        /// Nil where detectors did not look, since the file was its package's.
        let result: FileResult?

        func completed(by other: Entry?) -> Entry {
            other.map { Entry(digest: digest ?? $0.digest, result: result ?? $0.result) } ?? self
        }
    }

    private let path: String
    private let known: CacheRows
    private let noted = Mutex<[Key: Row]>([:])

    private typealias Row = (kind: UInt8, body: [UInt8])

    /// Beyond this many, or beyond `ScanLimits.results` bytes, all is forgotten but what the last scan noted.
    private static let maximumEntries = 500_000
    private let maximumBytes: Int

    init(folder: String, key: [UInt8], limits: ScanLimits) {
        let name = SHA256.digest(
            of: RuleSet.digest.bytes + HMACSHA256.digest(of: CacheRows.magic, key: key).bytes + Array("\(limits)".utf8))
        path = "\(folder)/results-\(name.hex.prefix(32))"
        maximumBytes = limits.results
        known = (try? Files.read(path, limit: maximumBytes)).flatMap(CacheRows.init(file:)) ?? CacheRows()
    }

    /// What a row is, in its byte for the kind.
    private enum Kind: UInt8 {
        case clean, unsearched, searched, folder
    }

    subscript(key: Key) -> Entry? { known[key].flatMap { Self.entry($0.kind, $0.body) } }

    private static func entry(_ number: UInt8, _ body: ArraySlice<UInt8>) -> Entry? {
        guard let kind = Kind(rawValue: number) else { return nil }
        let length = body.first.map(Int.init) ?? 0
        guard kind != .folder, body.isEmpty || body.count > length else { return nil }
        let digest = length == 0 ? nil : String(decoding: body.dropFirst().prefix(length), as: UTF8.self)
        switch kind {
        case .clean: return Entry(digest: digest, result: FileResult())
        case .unsearched: return Entry(digest: digest, result: nil)
        default:
            var reader = ByteReader(Array(body.dropFirst(1 + length)), of: "a result")
            guard let result = try? FileResult(from: &reader), reader.isAtEnd else { return nil }
            return Entry(digest: digest, result: result)
        }
    }

    func summary(_ key: Key) -> FolderSummary? {
        guard let (kind, body) = known[key], kind == Kind.folder.rawValue else { return nil }
        return FolderSummary(body)
    }

    /// Of files with the same bytes one may be its package's, and another one that was searched: what is known of both stays.
    func note(_ key: Key, _ entry: Entry) {
        // Results may be large: those of earlier scans are read, and new ones written, before other threads are kept waiting.
        let entry = entry.completed(by: self[key])
        let row = Self.row(entry)
        noted.withLock { noted in
            let other = noted[key].flatMap { Self.entry($0.kind, $0.body[...]) }
            noted[key] = other.map { Self.row(entry.completed(by: $0)) } ?? row
        }
    }

    func note(_ key: Key, _ summary: FolderSummary) {
        let row = (Kind.folder.rawValue, summary.bytes)
        noted.withLock { $0[key] = row }
    }

    /// Adds what was noted. A failure costs the next scan time and nothing else, so it is not reported.
    func save() {
        let new = noted.withLock { $0 }
        if new.isEmpty { return }
        let size = CacheRows.fileSize(adding: new.values.lazy.map(\.body.count))
        // A larger file would not be read.
        guard size <= maximumBytes else { return }
        let isFull = known.count + new.count > Self.maximumEntries || known.byteCount + size > maximumBytes
        let bytes = (isFull ? CacheRows() : known).file(adding: new.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
        let folder = Files.parent(of: path)
        try? Files.makeFolders(folder, permissions: 0o700)
        try? Self.replace(path, bytes)
        // Results of other rules are of no use any more.
        for name in Files.names(in: folder) where name.hasPrefix("results-") && "\(folder)/\(name)" != path {
            try? Files.remove("\(folder)/\(name)")
        }
    }

    /// Not made durable: what a crash leaves of it is told by its digest.
    private static func replace(_ path: String, _ bytes: [UInt8]) throws(SystemError) {
        let temporary = "\(path).\(try Random.token()).tmp"
        try FileDescriptor.open(temporary, .create, permissions: 0o600).write(bytes)
        try Files.rename(temporary, to: path)
    }

    /// A file without a digest in which nothing was found, as most are, has an empty body. In others the digest stands first, with its length.
    private static func row(_ entry: Entry) -> Row {
        let digest = entry.digest.map { [UInt8(truncatingIfNeeded: $0.utf8.count)] + Array($0.utf8) } ?? []
        guard let result = entry.result else { return (Kind.unsearched.rawValue, digest) }
        if result == FileResult() { return (Kind.clean.rawValue, digest) }
        var writer = ByteWriter()
        result.write(to: &writer)
        return (Kind.searched.rawValue, (digest.isEmpty ? [0] : digest) + writer.bytes)
    }
}
