import Crypto
import FoundationEssentials
import Model
import Platform
import Synchronization

/// What earlier scans found in blobs: a blob that is known is not read again. One file for one set of rules and one key.
///
///     magic     "ingot secret cache 2\n"
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
    enum Entry: Sendable {
        /// Detectors found nothing, and there was nothing inside.
        case clean
        /// A digest that a package may have recorded: lower-case hexadecimal digits. Detectors did not look.
        case digest(String)
        case result(FileResult)
    }

    private let path: String
    private let known: CacheRows
    private let noted = Mutex<[Key: Entry]>([:])

    /// Beyond this many, those that the last scan did not need are forgotten.
    private static let maximumEntries = 500_000

    init(folder: String, key: [UInt8]) {
        let name = SHA256.digest(of: RuleSet.digest.bytes + HMACSHA256.digest(of: CacheRows.magic, key: key).bytes)
        path = "\(folder)/results-\(name.hex.prefix(32))"
        known = (try? Files.read(path, limit: 256 << 20)).flatMap(CacheRows.init(file:)) ?? CacheRows()
    }

    subscript(key: Key) -> Entry? {
        guard let (kind, body) = known[key] else { return nil }
        switch kind {
        case 0: return .clean
        case 1: return .digest(String(decoding: body, as: UTF8.self))
        default: return (try? JSONDecoder().decode(FileResult.self, from: Data(body))).map { .result($0) }
        }
    }

    func note(_ key: Key, _ entry: Entry) { noted.withLock { $0[key] = entry } }

    /// Adds what was noted. A failure costs the next scan time and nothing else, so it is not reported.
    func save() {
        let new = noted.withLock { $0 }
        if new.isEmpty { return }
        var rows = known.count + new.count > Self.maximumEntries ? CacheRows() : known
        rows.merge(new.sorted { $0.key < $1.key }.map { ($0.key, Self.stored($0.value)) })
        let folder = Files.parent(of: path)
        try? Files.makeFolders(folder, permissions: 0o700)
        try? Self.replace(path, rows.file)
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

    private static func stored(_ entry: Entry) -> (kind: UInt8, body: [UInt8]) {
        switch entry {
        case .clean: (0, [])
        case .digest(let hex): (1, Array(hex.utf8))
        case .result(let result): (2, (try? Array(JSONEncoder().encode(result))) ?? [])
        }
    }
}
