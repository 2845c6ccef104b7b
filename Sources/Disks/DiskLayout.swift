import Platform
import Zlib

/// A disk of one partition behind a GPT, as a new virtual machine has it. Sectors have 512 bytes.
package struct DiskLayout: Hashable, Sendable {
    /// Bytes; whole MiB.
    package let size: UInt64
    /// Where the partition lies, in bytes: all between the tables, at whole MiB.
    package let partition: Range<UInt64>

    private static let sector: UInt64 = 512
    /// Where partitions begin since disks have larger sectors than they say.
    private static let alignment: UInt64 = 1 << 20
    private static let tableSectors = UInt64(GUIDPartitionTable.entryCount * GUIDPartitionTable.entrySize) / sector

    /// A disk of at least `size` bytes that has room for a file system of `content` bytes.
    package init(size: UInt64, content: UInt64) {
        // A MiB before the partition and one behind it, for the tables.
        let content = content.alignedUp(to: Self.alignment)
        self.size = max(size.alignedUp(to: Self.alignment), content + 2 * Self.alignment)
        partition = Self.alignment..<self.size - Self.alignment
    }

    /// Writes the tables around the partition; `identity` is 32 bytes, from which the GUIDs of disk and partition come. What the file has
    /// elsewhere stays.
    package func write(
        to disk: borrowing FileDescriptor, type: PartitionType, name: String, identity: [UInt8]
    ) throws(DiskError) {
        precondition(identity.count == 32, "an identity is 32 bytes")
        let sectors = size / Self.sector
        var entries = [UInt8](repeating: 0, count: Int(Self.tableSectors * Self.sector))
        entries.replaceSubrange(0..<16, with: type.bytes)
        entries.replaceSubrange(16..<32, with: Self.random(identity[16...]))
        entries.putLittle(partition.lowerBound / Self.sector, at: 32)
        entries.putLittle(partition.upperBound / Self.sector - 1, at: 40)
        for (index, unit) in name.utf16.prefix(36).enumerated() { entries.putLittle(unit, at: 56 + 2 * index) }
        try disk.setLength(size)
        try disk.put(MasterBootRecord.protective(sectors: sectors), at: 0)
        try disk.put(header(at: 1, other: sectors - 1, entries: 2, array: entries, identity), at: Self.sector)
        try disk.put(entries, at: 2 * Self.sector)
        try disk.put(entries, at: (sectors - 1 - Self.tableSectors) * Self.sector)
        try disk.put(
            header(at: sectors - 1, other: 1, entries: sectors - 1 - Self.tableSectors, array: entries, identity),
            at: (sectors - 1) * Self.sector)
    }

    private func header(at place: UInt64, other: UInt64, entries: UInt64, array: [UInt8], _ identity: [UInt8]) -> [UInt8] {
        var header = [UInt8](repeating: 0, count: Int(Self.sector))
        header.replaceSubrange(0..<8, with: GUIDPartitionTable.signature)
        header.putLittle(UInt32(0x0001_0000), at: 8)
        header.putLittle(UInt32(92), at: 12)
        header.putLittle(place, at: 24)
        header.putLittle(other, at: 32)
        header.putLittle(2 + Self.tableSectors, at: 40)
        header.putLittle(size / Self.sector - 2 - Self.tableSectors, at: 48)
        header.replaceSubrange(56..<72, with: Self.random(identity[..<16]))
        header.putLittle(entries, at: 72)
        header.putLittle(UInt32(GUIDPartitionTable.entryCount), at: 80)
        header.putLittle(UInt32(GUIDPartitionTable.entrySize), at: 84)
        header.putLittle(Zlib.crc32(array), at: 88)
        header.putLittle(Zlib.crc32(Array(header[..<92])), at: 16)
        return header
    }

    /// A GUID of version 4, as it is stored.
    private static func random(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var guid = Array(bytes)
        guid[7] = guid[7] & 0x0F | 0x40
        guid[8] = guid[8] & 0x3F | 0x80
        return guid
    }
}

extension UInt64 {
    fileprivate func alignedUp(to unit: UInt64) -> UInt64 { (self + unit - 1) / unit * unit }
}
