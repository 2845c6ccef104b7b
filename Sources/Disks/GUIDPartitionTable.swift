import Platform
import Zlib

/// The GUID Partition Table of UEFI: a header and an array of entries at the beginning of the disk, each with a CRC, and both again at its
/// end.
enum GUIDPartitionTable {
    static let signature = Array("EFI PART".utf8)
    static let entrySize = 128
    static let entryCount = 128

    private enum Limit {
        /// Bytes of the array: 8,192 entries of the usual size.
        static let entries: UInt64 = 1 << 20
        static let entrySizes = 128...4096
    }

    /// The first table where it is sound, else the one at the end.
    static func read(_ disk: borrowing FileDescriptor) throws(DiskError) -> PartitionTable {
        let size = try disk.length()
        var reason = "no header was found"
        for isBackup in [false, true] {
            for sector in PartitionTable.sectorSizes {
                let sectors = size / UInt64(sector)
                guard sectors > 2 else { continue }
                switch try table(disk, at: isBackup ? sectors - 1 : 1, sector: sector, size: size) {
                case .none: continue
                case .unsound(let why): reason = why
                case .sound(let partitions):
                    return PartitionTable(scheme: .gpt, sectorSize: sector, partitions: partitions, isBackup: isBackup)
                }
            }
        }
        throw DiskError(.invalid, "a protective MBR announces a GPT, and neither of its tables is sound: \(reason)")
    }

    private enum Finding {
        case none
        case unsound(String)
        case sound([Partition])
    }

    private static func table(
        _ disk: borrowing FileDescriptor, at place: UInt64, sector: Int, size: UInt64
    ) throws(DiskError) -> Finding {
        guard var header = try disk.bytes(at: place * UInt64(sector), count: sector), Array(header[..<8]) == signature else {
            return .none
        }
        let length = Int(header.little(12, as: UInt32.self))
        guard 92...sector ~= length else { return .unsound("a header says that it has \(length) bytes") }
        let checksum = header.little(16, as: UInt32.self)
        header.putLittle(UInt32(0), at: 16)
        guard Zlib.crc32(Array(header[..<length])) == checksum else { return .unsound("the checksum of a header is wrong") }
        guard header.little(24, as: UInt64.self) == place else { return .unsound("a header is of another place") }
        let count = UInt64(header.little(80, as: UInt32.self))
        let entry = Int(header.little(84, as: UInt32.self))
        guard Limit.entrySizes ~= entry, entry % 8 == 0, count * UInt64(entry) <= Limit.entries else {
            return .unsound("a header announces \(count) entries of \(entry) bytes")
        }
        let start = header.little(72, as: UInt64.self)
        guard start < size / UInt64(sector), let array = try disk.bytes(at: start * UInt64(sector), count: Int(count) * entry)
        else {
            return .unsound("the entries lie beyond the disk")
        }
        guard Zlib.crc32(array) == header.little(88, as: UInt32.self) else {
            return .unsound("the checksum of the entries is wrong")
        }
        return .sound(partitions(array, entry: entry, sector: sector, size: size))
    }

    private static func partitions(_ array: [UInt8], entry: Int, sector: Int, size: UInt64) -> [Partition] {
        var result: [Partition] = []
        for (index, start) in stride(from: 0, to: array.count, by: entry).enumerated() {
            let type = array[start..<start + 16]
            let first = array.little(start + 32, as: UInt64.self)
            let last = array.little(start + 40, as: UInt64.self)
            guard type.contains(where: { $0 != 0 }), first > 0, first <= last,
                let range = Partition.range(
                    first: first, count: last - first == .max ? .max : last - first + 1, sector: sector, disk: size)
            else { continue }
            result.append(
                Partition(
                    number: index + 1, range: range, kind: .gpt(PartitionType(type)),
                    name: name(array[(start + 56)..<(start + 128)])))
        }
        return result
    }

    /// UTF-16 of little endian, to the first zero.
    private static func name(_ bytes: ArraySlice<UInt8>) -> String {
        let units = stride(from: bytes.startIndex, to: bytes.endIndex - 1, by: 2).map {
            UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8
        }
        return String(decoding: units.prefix { $0 != 0 }, as: UTF16.self)
    }
}
