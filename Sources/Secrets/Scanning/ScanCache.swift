import Crypto
import FoundationEssentials
import Model
import Platform
import Synchronization

/// What earlier scans found in blobs: a blob that is known is not read again. One file for one set of rules and one key.
///
/// It may be deleted or damaged at any time: then blobs are read again.
final class ScanCache: Sendable {
    /// A blob, and what names of its file decide about: see `FileParsers.traits`.
    struct Key: Hashable, Sendable {
        let blob: Digest
        let traits: UInt64

        init(_ blob: Digest, _ traits: String) {
            self.blob = blob
            self.traits = SHA256.digest(of: traits).words.0
        }

        init(_ blob: Digest, traits: UInt64) {
            self.blob = blob
            self.traits = traits
        }
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
    private let known: [Key: Entry]
    private let noted = Mutex<[Key: Entry]>([:])

    private static let magic = Array("ingot secret cache 1\n".utf8)
    /// Beyond this many, those that the last scan did not need are forgotten.
    private static let maximumEntries = 500_000

    init(folder: String, key: [UInt8]) {
        let name = SHA256.digest(of: RuleSet.digest.bytes + HMACSHA256.digest(of: Self.magic, key: key).bytes)
        path = "\(folder)/results-\(name.hex.prefix(32))"
        known = Self.load(path)
    }

    subscript(key: Key) -> Entry? { known[key] }

    func note(_ key: Key, _ entry: Entry) { noted.withLock { $0[key] = entry } }

    /// Adds what was noted. A failure costs the next scan time and nothing else, so it is not reported.
    func save() {
        let new = noted.withLock { $0 }
        if new.isEmpty { return }
        let all = known.count + new.count > Self.maximumEntries ? new : known.merging(new) { _, new in new }
        var bytes = Self.magic
        for (key, entry) in all {
            key.blob.append(to: &bytes)
            Self.append(key.traits, 8, to: &bytes)
            let body: [UInt8]
            switch entry {
            case .clean: (body, _) = ([], bytes.append(0))
            case .digest(let hex): (body, _) = (Array(hex.utf8), bytes.append(1))
            case .result(let result): (body, _) = ((try? Array(JSONEncoder().encode(result))) ?? [], bytes.append(2))
            }
            Self.append(UInt64(body.count), 4, to: &bytes)
            bytes += body
        }
        let folder = Files.parent(of: path)
        try? Files.makeFolders(folder, permissions: 0o700)
        try? Files.writeDurably(path, bytes + SHA256.digest(of: bytes).bytes, permissions: 0o600)
        // Results of other rules are of no use any more.
        for name in Files.names(in: folder) where name.hasPrefix("results-") && "\(folder)/\(name)" != path {
            try? Files.remove("\(folder)/\(name)")
        }
    }

    private static func append(_ number: UInt64, _ count: Int, to bytes: inout [UInt8]) {
        for index in 0..<count { bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(8 * index))) }
    }

    private static func load(_ path: String) -> [Key: Entry] {
        guard let bytes = try? Files.read(path, limit: 256 << 20), bytes.count >= magic.count + Digest.byteCount,
            bytes.starts(with: magic),
            case let end = bytes.count - Digest.byteCount,
            Digest(bytes: bytes[end...]) == SHA256.digest(of: bytes.span.extracting(0..<end))
        else { return [:] }
        var entries: [Key: Entry] = [:]
        entries.reserveCapacity((end - magic.count) / 60)
        var position = magic.count
        while position + 45 <= end {
            func number(_ start: Int, _ count: Int) -> UInt64 {
                (0..<count).reduce(0) { $0 | UInt64(bytes[start + $1]) << UInt64(8 * $1) }
            }
            guard let blob = Digest(bytes: bytes[position..<(position + 32)]) else { return [:] }
            let key = Key(blob, traits: number(position + 32, 8))
            let kind = bytes[position + 40]
            let size = Int(number(position + 41, 4))
            position += 45
            guard size <= end - position else { return [:] }
            let body = bytes[position..<(position + size)]
            position += size
            switch kind {
            case 0: entries[key] = .clean
            case 1: entries[key] = .digest(String(decoding: body, as: UTF8.self))
            default:
                if let result = try? JSONDecoder().decode(FileResult.self, from: Data(body)) { entries[key] = .result(result) }
            }
        }
        return entries
    }
}
