import Platform

/// A piece of a disk that a partition table names.
package struct Partition: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// The type of an entry of a GPT.
        case gpt(PartitionType)
        /// The type byte of an entry of an MBR.
        case mbr(UInt8)
    }

    /// As Linux numbers them: entries of a GPT from 1 on, of an MBR 1 to 4, logical ones from 5 on.
    package let number: Int
    /// In bytes; never empty, and within the disk.
    package let range: Range<UInt64>
    package let kind: Kind
    /// The name in a GPT; empty where it has none, and in an MBR.
    package let name: String

    package init(number: Int, range: Range<UInt64>, kind: Kind, name: String = "") {
        self.number = number
        self.range = range
        self.kind = kind
        self.name = name
    }

    /// A place that is given in sectors; nil where it is empty or begins beyond the disk. What reaches beyond the disk is cut at its end,
    /// as Linux does.
    static func range(first: UInt64, count: UInt64, sector: Int, disk: UInt64) -> Range<UInt64>? {
        let (start, overflow) = first.multipliedReportingOverflow(by: UInt64(sector))
        guard count > 0, !overflow, start < disk else { return nil }
        let (length, isLong) = count.multipliedReportingOverflow(by: UInt64(sector))
        return start..<(isLong ? disk : start + min(length, disk - start))
    }
}

/// A partition table as it was read.
package struct PartitionTable: Hashable, Sendable {
    package enum Scheme: String, Sendable {
        case gpt, mbr
    }

    package let scheme: Scheme
    /// Bytes.
    package let sectorSize: Int
    /// In the order of the table. They may overlap.
    package let partitions: [Partition]
    /// Whether the first table of a GPT was damaged, so that the one at the end of the disk was read.
    package let isBackup: Bool

    /// What sectors of disks have, in bytes.
    package static let sectorSizes = [512, 4096]

    /// The tables that the disk may be meant to have: none, or one. An MBR does not say how large its sectors are, so of one there are two
    /// readings, the usual one first.
    ///
    /// A GPT counts only where a protective MBR stands before it, as in Linux: without one it is what another system left behind. A
    /// protective MBR without a sound GPT is an error.
    package static func read(_ disk: borrowing FileDescriptor) throws(DiskError) -> [PartitionTable] {
        guard let boot = try MasterBootRecord(disk) else { return [] }
        if boot.isProtective { return [try GUIDPartitionTable.read(disk)] }
        var tables: [PartitionTable] = []
        for sector in sectorSizes {
            let partitions = try boot.partitions(on: disk, sector: sector)
            if !partitions.isEmpty {
                tables.append(PartitionTable(scheme: .mbr, sectorSize: sector, partitions: partitions, isBackup: false))
            }
        }
        return tables
    }
}
