import Crypto
import Model
import Platform

/// Writes one pack into a temporary file. Not for several threads at once.
struct PackBuilder: ~Copyable {
    private let file: FileDescriptor
    private var entries: [(digest: Digest, entry: PackEntry)] = []
    private(set) var size: Int
    private var flushed = 0

    /// Dirty pages are handed to the disk in pieces of this size while the next ones are made.
    private static let writebackPiece = 8 << 20

    init(_ path: String) throws(SystemError) {
        let file = try FileDescriptor.open(path, .create)
        try file.write(PackFormat.magic)
        self.file = file
        size = PackFormat.magic.count
    }

    var path: String { file.path }
    var count: Int { entries.count }

    mutating func append(_ digest: Digest, _ stored: Span<UInt8>, length: Int, isCompressed: Bool) throws(SystemError)
        -> PackEntry
    {
        let entry = PackEntry(offset: size, storedLength: stored.count, length: length, isCompressed: isCompressed)
        try file.write(stored)
        size += stored.count
        entries.append((digest, entry))
        if size - flushed >= Self.writebackPiece {
            file.startWriteback(offset: flushed, count: size - flushed)
            flushed = size
        }
        return entry
    }

    func read(_ entry: PackEntry) throws(SystemError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: entry.storedLength)
        _ = try file.read(into: &bytes, count: entry.storedLength, at: entry.offset)
        return bytes
    }

    /// Writes index and trailer and makes the file durable. Returns the digest of the index.
    mutating func close() throws(SystemError) -> Digest {
        entries.sort { $0.digest < $1.digest }
        var index: [UInt8] = []
        index.reserveCapacity(entries.count * PackFormat.indexEntrySize)
        for (digest, entry) in entries {
            digest.append(to: &index)
            PackFormat.append(UInt64(entry.offset), to: &index)
            PackFormat.append(UInt32(entry.storedLength), to: &index)
            PackFormat.append(UInt32(entry.length) | (entry.isCompressed ? PackFormat.compressedBit : 0), to: &index)
        }
        let digest = SHA256.digest(of: index)
        var trailer: [UInt8] = []
        PackFormat.append(UInt64(size), to: &trailer)
        PackFormat.append(UInt64(entries.count), to: &trailer)
        digest.append(to: &trailer)
        trailer += PackFormat.endMagic
        try file.write(index)
        try file.write(trailer)
        try file.synchronize()
        return digest
    }
}
