import Crypto
import Model
import Platform
import Synchronization

/// What the last import of a folder knew of its files: device, inode, size and times, and the content they had.
///
/// A file counts as unchanged when all of these are the same. What changed so shortly before the import that a later change could
/// have the same time is not kept, so that a stale entry cannot be taken for a fresh one.
///
/// The cache may be deleted or damaged at any time: then files are read again.
final class StatusCache: Sendable {
    private let path: String
    private let startedAt: Int64
    private let known: [[UInt8]: Entry]
    private let noted = Mutex<[[UInt8]: Entry]>([:])

    private struct Entry: Sendable {
        let identity: Identity
        let content: FileContent
    }

    private struct Identity: Hashable, Sendable {
        let device: UInt64
        let inode: UInt64
        let size: Int
        let modified: Int64
        let changed: Int64

        init(device: UInt64, inode: UInt64, size: Int, modified: Int64, changed: Int64) {
            self.device = device
            self.inode = inode
            self.size = size
            self.modified = modified
            self.changed = changed
        }

        init(_ status: Files.Status) {
            self.init(
                device: status.device, inode: status.inode, size: status.size, modified: status.modified, changed: status.changed)
        }
    }

    /// Coarser than any clock that stamps files: times nearer to the import's start than this are not trusted.
    private static let margin: Int64 = 1_000_000_000

    private static let magic = Array("ingot status cache 1\n".utf8)

    init(of source: String, in folder: String, startedAt: Int64) {
        let name = SHA256.digest(of: Files.absolute(source)).hex.prefix(32)
        path = "\(folder)/import-\(name)"
        self.startedAt = startedAt
        known = Self.load(path)
    }

    func content(_ file: [UInt8], _ status: Files.Status) -> FileContent? {
        guard let entry = known[file], entry.identity == Identity(status) else { return nil }
        noted.withLock { $0[file] = entry }
        return entry.content
    }

    func note(_ file: [UInt8], _ status: Files.Status, _ content: FileContent) {
        guard status.modified < startedAt - Self.margin, status.changed < startedAt - Self.margin else { return }
        noted.withLock { $0[file] = Entry(identity: Identity(status), content: content) }
    }

    /// Keeps what this import saw. A failure costs the next import time and nothing else, so it is not reported.
    func save() {
        var writer = ByteWriter()
        writer.raw(Self.magic)
        let entries = noted.withLock { $0 }
        writer.number(UInt64(entries.count))
        for (file, entry) in entries {
            writer.string(file)
            writer.number(entry.identity.device)
            writer.number(entry.identity.inode)
            writer.number(UInt64(entry.identity.size))
            writer.signed(entry.identity.modified)
            writer.signed(entry.identity.changed)
            writer.number(entry.content.size)
            if case .whole = entry.content.form { writer.number(0) } else { writer.number(1) }
            writer.raw(entry.content.digest.bytes)
        }
        let digest = SHA256.digest(of: writer.bytes)
        writer.raw(digest.bytes)
        try? Files.makeFolders(Files.parent(of: path), permissions: 0o700)
        try? Files.writeDurably(path, writer.bytes)
    }

    private static func load(_ path: String) -> [[UInt8]: Entry] {
        guard let bytes = try? Files.read(path), bytes.count > Digest.byteCount,
            Digest(bytes: bytes.suffix(Digest.byteCount)) == SHA256.digest(of: Array(bytes.dropLast(Digest.byteCount)))
        else { return [:] }
        return (try? parse(bytes)) ?? [:]
    }

    private static func parse(_ bytes: [UInt8]) throws(Failure) -> [[UInt8]: Entry] {
        var reader = ByteReader(bytes, of: "a status cache")
        guard try reader.raw(magic.count) == magic else { return [:] }
        let count = try reader.number(Int.self)
        var entries: [[UInt8]: Entry] = [:]
        entries.reserveCapacity(min(count, bytes.count / 40))
        for _ in 0..<count {
            let file = try reader.string(limit: 65_536)
            let identity = Identity(
                device: try reader.number(), inode: try reader.number(), size: try reader.number(Int.self),
                modified: try reader.signed(), changed: try reader.signed())
            let size = try reader.number()
            let isWhole = try reader.number() == 0
            guard let digest = Digest(bytes: try reader.raw(Digest.byteCount)) else { return [:] }
            entries[file] = Entry(
                identity: identity, content: FileContent(size: size, form: isWhole ? .whole(digest) : .extents(digest)))
        }
        return entries
    }
}
