import Platform

/// The first sector of a disk as the PC of 1983 had it: four entries of sixteen bytes behind 446 of code. One of them may be an extended
/// partition, in which each logical one has such a sector before it that leads to the next.
struct MasterBootRecord {
    private let entries: [Entry]

    /// Logical partitions of a disk; Linux stops at 256 partitions in all.
    static let mostLogical = 252

    private struct Entry {
        let status: UInt8
        let type: UInt8
        let first: UInt64
        let count: UInt64

        var isEmpty: Bool { type == 0 || count == 0 }

        var isExtended: Bool { [0x05, 0x0F, 0x85].contains(type) }
    }

    /// Nil where there is none: no signature, or something in the place of the entries that is none, as the code of a boot sector of FAT.
    init?(_ disk: borrowing FileDescriptor) throws(DiskError) {
        guard let entries = try Self.entries(disk, at: 0), entries.allSatisfy({ $0.status & 0x7F == 0 }) else { return nil }
        self.entries = entries
    }

    /// Whether it only tells older programs that a GPT is there.
    var isProtective: Bool { entries.contains { $0.type == 0xEE } }

    func partitions(on disk: borrowing FileDescriptor, sector: Int) throws(DiskError) -> [Partition] {
        let size = try disk.length()
        var result: [Partition] = []
        var extended: Entry?
        for (index, entry) in entries.enumerated() where !entry.isEmpty {
            if entry.isExtended {
                extended = extended ?? entry
            } else if let range = Partition.range(first: entry.first, count: entry.count, sector: sector, disk: size) {
                result.append(Partition(number: index + 1, range: range, kind: .mbr(entry.type)))
            }
        }
        if let extended { result += try Self.logical(in: extended, disk, sector: sector, size: size) }
        return result
    }

    /// The chain of logical partitions. It ends where it is damaged, leads out of the extended partition, or leads to where it was before.
    private static func logical(
        in extended: Entry, _ disk: borrowing FileDescriptor, sector: Int, size: UInt64
    ) throws(DiskError) -> [Partition] {
        var result: [Partition] = []
        var seen: Set<UInt64> = []
        var place: UInt64 = 0
        while result.count < mostLogical, place < extended.count, seen.insert(place).inserted, seen.count <= 2 * mostLogical {
            let here = extended.first + place
            guard here < size / UInt64(sector), let entries = try entries(disk, at: here * UInt64(sector)) else { break }
            // The first two entries count: the partition, from here on, and the next link, from the extended partition on.
            if let entry = entries.first(where: { !$0.isEmpty && !$0.isExtended }),
                let range = Partition.range(first: here + entry.first, count: entry.count, sector: sector, disk: size)
            {
                result.append(Partition(number: 5 + result.count, range: range, kind: .mbr(entry.type)))
            }
            guard let link = entries.first(where: { !$0.isEmpty && $0.isExtended }) else { break }
            place = link.first
        }
        return result
    }

    private static func entries(_ disk: borrowing FileDescriptor, at offset: UInt64) throws(DiskError) -> [Entry]? {
        guard let bytes = try disk.bytes(at: offset, count: 512), bytes[510] == 0x55, bytes[511] == 0xAA else { return nil }
        return (0..<4).map { index in
            let start = 446 + 16 * index
            return Entry(
                status: bytes[start], type: bytes[start + 4], first: UInt64(bytes.little(start + 8, as: UInt32.self)),
                count: UInt64(bytes.little(start + 12, as: UInt32.self)))
        }
    }

    /// What stands before a GPT, so that programs that know none take the disk for full.
    static func protective(sectors: UInt64) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 512)
        // From the sector behind it to the end, by cylinder, head and sector as far as these reach.
        bytes.replaceSubrange(446..<454, with: [0, 0x00, 0x02, 0x00, 0xEE, 0xFF, 0xFF, 0xFF])
        bytes.putLittle(UInt32(1), at: 454)
        bytes.putLittle(UInt32(clamping: sectors - 1), at: 458)
        bytes[510] = 0x55
        bytes[511] = 0xAA
        return bytes
    }
}
