import Platform
import Zlib

/// VMDK, VMware's form of disks, where it is one file: `monolithicSparse`, and `streamOptimized`, in which each grain is compressed. A directory
/// leads to tables, and these to grains of 64 KiB. Numbers have their lowest byte first, and places are sectors of 512 bytes.
enum VirtualMachineDisk {
    private static let sector: UInt64 = 512
    private static let magic: UInt32 = 0x564D_444B
    /// What a header says that only a footer knows.
    private static let atEnd = UInt64.max
    private static let grainSectors: UInt64 = 128
    private static let entries = 512

    private enum Flag {
        static let compressed: UInt32 = 1 << 16
        static let markers: UInt32 = 1 << 17
    }

    private struct Header {
        let flags: UInt32
        /// Sectors.
        let capacity: UInt64
        /// Sectors.
        let grain: UInt64
        let descriptor: Range<UInt64>
        let perTable: Int
        let directory: UInt64

        init?(_ bytes: [UInt8]) {
            guard bytes.little(0, as: UInt32.self) == magic, 1...3 ~= bytes.little(4, as: UInt32.self) else { return nil }
            flags = bytes.little(8)
            capacity = bytes.little(12)
            grain = bytes.little(20)
            let first = bytes.little(28, as: UInt64.self)
            let count = bytes.little(36, as: UInt64.self)
            descriptor = first < 1 << 32 && count <= 2048 ? first..<first + count : 0..<0
            perTable = Int(bytes.little(44, as: UInt32.self))
            directory = bytes.little(56)
        }
    }

    // MARK: Reading

    /// Returns the size of the disk.
    static func expand(
        _ file: borrowing FileDescriptor, to target: borrowing FileDescriptor, goesOn: DiskProgress
    ) throws(DiskError) -> UInt64 {
        let length = try file.length()
        guard let first = try file.bytes(at: 0, count: 512), var header = Header(first) else {
            throw DiskError(.invalid, "the file is no VMDK of one file: it has no header of a sparse one")
        }
        try check(file, header.descriptor)
        if header.directory == atEnd {
            // The footer, and behind it the mark of the end.
            guard length >= 1024, let last = try file.bytes(at: length - 1024, count: 512), let footer = Header(last) else {
                throw DiskError(.invalid, "the file has no footer, so it is not whole")
            }
            header = footer
        }
        let (size, overflow) = header.capacity.multipliedReportingOverflow(by: sector)
        try DiskFile.check(overflow ? .max : size)
        guard 8...4096 ~= header.grain, header.grain & (header.grain - 1) == 0, 1...entries ~= header.perTable else {
            throw DiskError(.invalid, "grains of \(header.grain) sectors, or tables of \(header.perTable) entries, are none")
        }
        try expandGrains(file, header, size, length, target, goesOn)
        return size
    }

    /// A disk that is not whole, or another kind than the header says, tells so in its description.
    private static func check(_ file: borrowing FileDescriptor, _ place: Range<UInt64>) throws(DiskError) {
        guard !place.isEmpty, let bytes = try file.bytes(at: place.lowerBound * sector, count: place.count * Int(sector)) else {
            return
        }
        let text = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        for line in text.split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: "=", maxSplits: 1).map { $0.filter { $0 != " " && $0 != "\"" } }
            guard parts.count == 2 else { continue }
            if parts[0] == "parentCID", parts[1].lowercased() != "ffffffff" {
                throw DiskError(.unsupported, "a VMDK that only has what differs from its parent is half of a disk")
            }
            if parts[0] == "createType", !["monolithicSparse", "streamOptimized"].contains(parts[1]) {
                throw DiskError(.unsupported, "a VMDK of the type \(parts[1].prefix(30)) lies in other files")
            }
        }
    }

    private static func expandGrains(
        _ file: borrowing FileDescriptor, _ header: Header, _ size: UInt64, _ length: UInt64, _ target: borrowing FileDescriptor,
        _ goesOn: DiskProgress
    ) throws(DiskError) {
        let grain = header.grain * sector
        let perTable = UInt64(header.perTable)
        let tables = (size + grain * perTable - 1) / (grain * perTable)
        guard tables <= 1 << 24, header.directory < length / sector,
            let directory = try file.bytes(at: header.directory * sector, count: 4 * Int(tables))
        else { throw DiskError(.invalid, "the directory of grains lies beyond the file") }
        let isCompressed = header.flags & Flag.compressed != 0
        // In a sound file no two grains share a sector.
        var left = isCompressed ? length / sector : length / grain + 1
        // Neither do two tables, of which each has a sector at least.
        var tablesLeft = length / sector
        for index in 0..<tables {
            let place = UInt64(directory.little(4 * Int(index), as: UInt32.self))
            if place == 0 { continue }
            try DiskError.check(goesOn, index * perTable * grain)
            guard tablesLeft > 0 else { throw DiskError(.invalid, "the tables of grains are more than their file can hold") }
            tablesLeft -= min(tablesLeft, (4 * perTable + sector - 1) / sector)
            guard let table = try file.bytes(at: place * sector, count: 4 * header.perTable) else {
                throw DiskError(.invalid, "a table of grains lies beyond the file")
            }
            for entry in 0..<perTable {
                let first = UInt64(table.little(4 * Int(entry), as: UInt32.self))
                let offset = (index * perTable + entry) * grain
                // One is a grain of zeros.
                if first <= 1 || offset >= size { continue }
                try DiskError.check(goesOn, offset)
                guard left > 0 else { throw DiskError(.invalid, "the grains are more than their file can hold") }
                left -= 1
                let bytes =
                    isCompressed
                    ? try inflate(file, first * sector, grain) : try file.bytes(at: first * sector, count: Int(grain))
                guard let bytes else { throw DiskError(.invalid, "a grain lies beyond the file") }
                try target.putData(Array(bytes.prefix(Int(min(grain, size - offset)))), at: offset)
            }
        }
    }

    /// Behind the sector that it belongs to and its length, in the zlib format.
    private static func inflate(_ file: borrowing FileDescriptor, _ place: UInt64, _ grain: UInt64) throws(DiskError) -> [UInt8]?
    {
        guard let mark = try file.bytes(at: place, count: 12) else { return nil }
        let count = mark.little(8, as: UInt32.self)
        guard UInt64(count) <= 2 * grain, let bytes = try file.bytes(at: place + 12, count: Int(count)) else { return nil }
        do throws(ZlibError) { return try Zlib.decompress(bytes, limit: Int(grain)) } catch {
            throw DiskError(.invalid, "a grain cannot be decompressed: \(error)")
        }
    }

    // MARK: Writing

    /// Writes a `streamOptimized` disk.
    static func write(
        _ disk: borrowing FileDescriptor, to file: borrowing FileDescriptor, goesOn: DiskProgress
    ) throws(DiskError) {
        let size = try disk.length()
        let capacity = (size + sector - 1) / sector
        let grain = grainSectors * sector
        let tables = Int((capacity + grainSectors * UInt64(entries) - 1) / (grainSectors * UInt64(entries)))
        var directory = [UInt8](repeating: 0, count: (4 * tables + 511) / 512 * 512)
        var table = [UInt8](repeating: 0, count: 4 * entries)
        var current = -1
        var place = grainSectors

        func finishTable() throws(DiskError) {
            if current < 0 { return }
            try file.put(marker(sectors: UInt64(table.count) / sector, kind: 1), at: place * sector)
            try file.put(table, at: (place + 1) * sector)
            directory.putLittle(UInt32(place + 1), at: 4 * current)
            place += 1 + UInt64(table.count) / sector
            table = [UInt8](repeating: 0, count: 4 * entries)
        }

        var position: UInt64 = 0
        while let data = try disk.data(from: position, size: size) {
            try DiskError.check(goesOn, data)
            let index = data / grain
            guard place < UInt64(UInt32.max) - 2 * grainSectors - UInt64(table.count) / sector else {
                throw DiskError(.unsupported, "a VMDK holds at most 2 TiB of compressed data, and the disk has more")
            }
            var bytes = try disk.bytes(at: index * grain, count: Int(min(grain, size - index * grain))) ?? []
            bytes += [UInt8](repeating: 0, count: Int(grain) - bytes.count)
            position = (index + 1) * grain
            guard bytes.contains(where: { $0 != 0 }) else { continue }
            if Int(index) / entries != current {
                try finishTable()
                current = Int(index) / entries
            }
            let packed = Zlib.compress(bytes)
            var mark = [UInt8](repeating: 0, count: 12)
            mark.putLittle(index * grainSectors, at: 0)
            mark.putLittle(UInt32(packed.count), at: 8)
            try file.put(mark + packed, at: place * sector)
            table.putLittle(UInt32(place), at: 4 * (Int(index) % entries))
            place += (UInt64(packed.count) + 12 + sector - 1) / sector
        }
        try finishTable()
        try file.put(marker(sectors: UInt64(directory.count) / sector, kind: 2), at: place * sector)
        try file.put(directory, at: (place + 1) * sector)
        let start = place + 1
        place = start + UInt64(directory.count) / sector
        try file.put(marker(sectors: 1, kind: 3), at: place * sector)
        try file.put(header(capacity, directory: start), at: (place + 1) * sector)
        try file.put([UInt8](repeating: 0, count: Int(sector)), at: (place + 2) * sector)
        try file.put(header(capacity, directory: atEnd), at: 0)
        try file.put(Array(description(capacity).utf8), at: sector)
    }

    private static func header(_ capacity: UInt64, directory: UInt64) -> [UInt8] {
        var header = [UInt8](repeating: 0, count: Int(sector))
        header.putLittle(magic, at: 0)
        header.putLittle(UInt32(3), at: 4)
        header.putLittle(1 | Flag.compressed | Flag.markers, at: 8)
        header.putLittle(capacity, at: 12)
        header.putLittle(grainSectors, at: 20)
        header.putLittle(UInt64(1), at: 28)
        header.putLittle(UInt64(20), at: 36)
        header.putLittle(UInt32(entries), at: 44)
        header.putLittle(directory, at: 56)
        header.putLittle(grainSectors, at: 64)
        // What a transfer as text would have changed.
        header.replaceSubrange(73..<77, with: Array("\n \r\n".utf8))
        header.putLittle(UInt16(1), at: 77)
        return header
    }

    private static func marker(sectors: UInt64, kind: UInt32) -> [UInt8] {
        var marker = [UInt8](repeating: 0, count: Int(sector))
        marker.putLittle(sectors, at: 0)
        marker.putLittle(kind, at: 12)
        return marker
    }

    private static func description(_ capacity: UInt64) -> String {
        """
        # Disk DescriptorFile
        version=1
        CID=fffffffe
        parentCID=ffffffff
        createType="streamOptimized"

        # Extent description
        RW \(capacity) SPARSE "disk.vmdk"

        # The Disk Data Base
        #DDB

        ddb.virtualHWVersion = "4"
        ddb.geometry.cylinders = "\(min(capacity / (255 * 63), 65535))"
        ddb.geometry.heads = "255"
        ddb.geometry.sectors = "63"
        ddb.adapterType = "lsilogic"

        """
    }
}
