import Platform

/// VHD, Microsoft's form of disks of Virtual PC: fixed ones, which are the bytes and a footer, and dynamic ones, which have a table of those
/// blocks that were ever written. Numbers have their highest byte first.
enum VirtualHardDisk {
    /// What its footer and header begin with.
    static let cookie = Array("conectix".utf8)
    private static let sector = 512
    private static let none: UInt32 = .max
    /// Bytes of a block of what is written here; those of others may have from 4 KiB to 256 MiB.
    private static let blockSize = 2 << 20
    /// Places are sectors in 32 bits, and readers take no larger disk.
    private static let largest: UInt64 = 2040 << 30

    private enum Kind: UInt32 {
        case fixed = 2
        case dynamic = 3
        case differencing = 4
    }

    // MARK: Reading

    /// Returns the size of the disk.
    static func expand(
        _ file: borrowing FileDescriptor, to target: borrowing FileDescriptor, goesOn: DiskProgress
    ) throws(DiskError) -> UInt64 {
        let length = try file.length()
        guard length >= UInt64(sector), let footer = try file.bytes(at: length - UInt64(sector), count: sector),
            Array(footer[..<8]) == cookie
        else { throw DiskError(.invalid, "the file has no footer of a VHD") }
        guard checksum(footer, at: 64) == footer.big(64, as: UInt32.self) else {
            throw DiskError(.invalid, "the checksum of the footer is wrong")
        }
        let size = footer.big(48, as: UInt64.self)
        try DiskFile.check(size)
        switch Kind(rawValue: footer.big(60, as: UInt32.self)) {
        case .fixed:
            guard size <= length - UInt64(sector) else {
                throw DiskError(.invalid, "the file ends before its disk of \(size) bytes")
            }
            try DiskFile.copy(file, to: target, at: 0, limit: size, goesOn: goesOn)
        case .dynamic: try expandBlocks(file, header: footer.big(16, as: UInt64.self), size, length, target, goesOn)
        case .differencing: throw DiskError(.unsupported, "a differencing disk is half of one, without its parent")
        case nil: throw DiskError(.unsupported, "a VHD of an unknown type")
        }
        return size
    }

    private static func expandBlocks(
        _ file: borrowing FileDescriptor, header place: UInt64, _ size: UInt64, _ length: UInt64,
        _ target: borrowing FileDescriptor,
        _ goesOn: DiskProgress
    ) throws(DiskError) {
        guard let header = try file.bytes(at: place, count: 1024), Array(header[..<8]) == Array("cxsparse".utf8),
            checksum(header, at: 36) == header.big(36, as: UInt32.self)
        else { throw DiskError(.invalid, "the header of a dynamic disk is damaged") }
        let block = UInt64(header.big(32, as: UInt32.self))
        let count = UInt64(header.big(28, as: UInt32.self))
        guard 4096...256 << 20 ~= block, block & (block - 1) == 0, count >= size / block + (size % block == 0 ? 0 : 1) else {
            throw DiskError(.invalid, "a table of \(count) blocks of \(block) bytes is none of a disk of \(size) bytes")
        }
        // Of 16 TiB in blocks of 4 KiB a table would have 16 GiB; no writer has smaller ones than 512 KiB on large disks, of which a VHD's
        // largest has four million.
        let used = size / block + 1
        guard used <= 1 << 23, let table = try file.bytes(at: header.big(16, as: UInt64.self), count: 4 * Int(min(used, count)))
        else {
            throw DiskError(.invalid, "the table of blocks lies beyond the file")
        }
        // In a sound file no two blocks share bytes.
        var left = length / block + 1
        let bitmap = (block / UInt64(sector) / 8 + UInt64(sector) - 1) / UInt64(sector) * UInt64(sector)
        for index in 0..<table.count / 4 where UInt64(index) * block < size {
            let first = table.big(4 * index, as: UInt32.self)
            if first == none { continue }
            guard left > 0 else { throw DiskError(.invalid, "the blocks of a dynamic disk are more than its file can hold") }
            left -= 1
            let offset = UInt64(index) * block
            let place = UInt64(first) * UInt64(sector) + bitmap
            let end = place + min(block, size - offset)
            guard end <= length else { throw DiskError(.invalid, "a block of a dynamic disk lies beyond the file") }
            try DiskFile.copyData(file, place..<end, to: target, at: offset, goesOn: goesOn)
        }
    }

    // MARK: Writing

    /// Writes a dynamic disk.
    static func write(
        _ disk: borrowing FileDescriptor, to file: borrowing FileDescriptor, goesOn: DiskProgress
    ) throws(DiskError) {
        let size = try disk.length()
        guard size <= largest else { throw DiskError(.unsupported, "a VHD has at most 2040 GiB, and the disk has more") }
        let count = Int((size + UInt64(blockSize) - 1) / UInt64(blockSize))
        var table = [UInt8](repeating: 0xFF, count: (4 * count + sector - 1) / sector * sector)
        var place = 3 * sector + table.count
        let bitmap = [UInt8](repeating: 0xFF, count: sector)
        var position: UInt64 = 0
        while let data = try disk.data(from: position, size: size) {
            try DiskError.check(goesOn, data)
            let index = Int(data / UInt64(blockSize))
            let start = UInt64(index * blockSize)
            var bytes = try disk.bytes(at: start, count: min(blockSize, Int(size - start))) ?? []
            bytes += [UInt8](repeating: 0, count: blockSize - bytes.count)
            if bytes.contains(where: { $0 != 0 }) {
                table.putBig(UInt32(place / sector), at: 4 * index)
                try file.put(bitmap, at: UInt64(place))
                try file.put(bytes, at: UInt64(place + sector))
                place += sector + blockSize
            }
            position = start + UInt64(blockSize)
        }
        let footer = footer(size: size)
        try file.put(footer + header(count), at: 0)
        try file.put(table, at: UInt64(3 * sector))
        try file.put(footer, at: UInt64(place))
    }

    private static func footer(size: UInt64) -> [UInt8] {
        var footer = [UInt8](repeating: 0, count: sector)
        footer.replaceSubrange(0..<8, with: cookie)
        footer.putBig(UInt32(2), at: 8)
        footer.putBig(UInt32(0x0001_0000), at: 12)
        footer.putBig(UInt64(sector), at: 16)
        // Readers believe the size of what Windows made, and compute it from the geometry otherwise.
        footer.replaceSubrange(28..<32, with: Array("win ".utf8))
        footer.putBig(UInt32(0x000A_0000), at: 32)
        footer.replaceSubrange(36..<40, with: Array("Wi2k".utf8))
        footer.putBig(size, at: 40)
        footer.putBig(size, at: 48)
        let geometry = geometry(sectors: size / UInt64(sector))
        footer.putBig(geometry.cylinders, at: 56)
        footer[58] = geometry.heads
        footer[59] = geometry.sectors
        footer.putBig(Kind.dynamic.rawValue, at: 60)
        // A name that follows from the size: the same disk gives the same file.
        footer.putBig(size, at: 68)
        footer.putBig(checksum(footer, at: 64), at: 64)
        return footer
    }

    private static func header(_ count: Int) -> [UInt8] {
        var header = [UInt8](repeating: 0, count: 1024)
        header.replaceSubrange(0..<8, with: Array("cxsparse".utf8))
        header.putBig(UInt64.max, at: 8)
        header.putBig(UInt64(3 * sector), at: 16)
        header.putBig(UInt32(0x0001_0000), at: 24)
        header.putBig(UInt32(count), at: 28)
        header.putBig(UInt32(blockSize), at: 32)
        header.putBig(checksum(header, at: 36), at: 36)
        return header
    }

    /// Cylinders, heads and sectors, as the appendix of the specification computes them.
    private static func geometry(sectors: UInt64) -> (cylinders: UInt16, heads: UInt8, sectors: UInt8) {
        let total = min(sectors, 65535 * 16 * 255)
        if total >= 65535 * 16 * 63 { return (UInt16(total / 255 / 16), 16, 255) }
        var perTrack: UInt64 = 17
        var perCylinder = total / perTrack
        var heads = max((perCylinder + 1023) / 1024, 4)
        for wider: UInt64 in [31, 63] where perCylinder >= heads * 1024 || heads > 16 {
            perTrack = wider
            heads = 16
            perCylinder = total / perTrack
        }
        return (UInt16(clamping: perCylinder / heads), UInt8(heads), UInt8(perTrack))
    }

    /// The complement of the sum of all bytes but the four of the checksum itself.
    private static func checksum(_ bytes: [UInt8], at place: Int) -> UInt32 {
        var sum: UInt32 = 0
        for (index, byte) in bytes.enumerated() where !(place..<place + 4 ~= index) { sum &+= UInt32(byte) }
        return ~sum
    }
}

// Numbers with the highest byte first.
extension [UInt8] {
    fileprivate func big<Number: FixedWidthInteger & UnsignedInteger>(_ offset: Int, as type: Number.Type) -> Number {
        self[offset..<offset + Number.bitWidth / 8].reduce(0) { $0 << 8 | Number($1) }
    }

    fileprivate mutating func putBig<Number: FixedWidthInteger & UnsignedInteger>(_ number: Number, at offset: Int) {
        let count = Number.bitWidth / 8
        for index in 0..<count { self[offset + index] = UInt8(truncatingIfNeeded: number >> Number(8 * (count - 1 - index))) }
    }
}
