import Platform

/// The forms in which disks lie in files.
package enum DiskForm: Sendable {
    /// Byte by byte.
    case raw
    /// Microsoft's, fixed and dynamic; dynamic ones are written.
    case vhd
    /// VMware's in one file, `monolithicSparse` and `streamOptimized`; the latter are written.
    case vmdk
}

/// Disks in files, read into the bytes that they mean and written of them.
package enum DiskFile {
    /// EBS has no larger volumes.
    package static let largest: UInt64 = 16 << 40

    /// Writes the disk that a file means into a new file, holes as holes. Returns its size in bytes.
    package static func expand(
        _ source: borrowing FileDescriptor, _ form: DiskForm, to target: borrowing FileDescriptor,
        goesOn: DiskProgress = { _ in true }
    ) throws(DiskError) -> UInt64 {
        let size: UInt64
        switch form {
        case .raw:
            size = try source.length()
            try check(size)
            try copy(source, to: target, at: 0, goesOn: goesOn)
        case .vhd: size = try VirtualHardDisk.expand(source, to: target, goesOn: goesOn)
        case .vmdk: size = try VirtualMachineDisk.expand(source, to: target, goesOn: goesOn)
        }
        try target.setLength(size)
        return size
    }

    /// Writes a disk into a new file.
    package static func write(
        _ disk: borrowing FileDescriptor, _ form: DiskForm, to target: borrowing FileDescriptor,
        goesOn: DiskProgress = { _ in true }
    ) throws(DiskError) {
        switch form {
        case .raw:
            try copy(disk, to: target, at: 0, goesOn: goesOn)
            try target.setLength(try disk.length())
        case .vhd: try VirtualHardDisk.write(disk, to: target, goesOn: goesOn)
        case .vmdk: try VirtualMachineDisk.write(disk, to: target, goesOn: goesOn)
        }
    }

    /// The form of a disk by its first and last bytes; nil for what shows no sign of one, as an archive. Forms that are known and not read here
    /// are `.unsupported`.
    package static func form(of file: borrowing FileDescriptor) throws(DiskError) -> DiskForm? {
        let length = try file.length()
        let head = try file.bytes(at: 0, count: Int(min(length, 8192))) ?? []
        func has(_ mark: [UInt8], at place: Int = 0) -> Bool { head.dropFirst(place).starts(with: mark) }
        if has(Array("ustar".utf8), at: 257) {
            guard head.prefix(100).prefix(while: { $0 != 0 }).reversed().starts(with: ".ovf".utf8.reversed()) else { return nil }
            throw DiskError(.unsupported, "an OVA is an archive with a disk in it: take its .vmdk out with tar")
        }
        let others: [(mark: [UInt8], form: String)] = [
            (Array("QFI".utf8) + [0xFB], "qcow2"), (Array("vhdxfile".utf8), "VHDX"), (Array("<<< ".utf8), "VDI"),
            (Array("# Disk DescriptorFile".utf8), "VMDK in several files"),
        ]
        if let other = others.first(where: { has($0.mark) }) {
            throw DiskError(
                .unsupported, "a disk in the form \(other.form) is not read here: qemu-img convert -O raw makes one that is")
        }
        if has(Array("KDMV".utf8)) { return .vmdk }
        if has(VirtualHardDisk.cookie) { return .vhd }
        if length >= 512, let tail = try file.bytes(at: length - 512, count: 8), tail == VirtualHardDisk.cookie { return .vhd }
        // The mark of an MBR, that of a GPT in sectors of 512 or 4096 bytes, or the magic number of ext2, ext3 and ext4.
        let isDisk =
            has([0x55, 0xAA], at: 510) || has(GUIDPartitionTable.signature, at: 512)
            || has(GUIDPartitionTable.signature, at: 4096) || has([0x53, 0xEF], at: 1080)
        return isDisk ? .raw : nil
    }

    static func check(_ size: UInt64) throws(DiskError) {
        guard size <= largest else { throw DiskError(.invalid, "a disk of \(size) bytes is larger than 16 TiB") }
    }

    private static let piece = 1 << 20

    /// Copies the bytes of a file that are no holes, at most the first `limit`, to a place of another one; blocks of zeros become holes.
    package static func copy(
        _ source: borrowing FileDescriptor, to target: borrowing FileDescriptor, at place: UInt64,
        limit: UInt64 = .max, goesOn: DiskProgress = { _ in true }
    ) throws(DiskError) {
        let end = min(try source.length(), limit)
        try copyData(source, 0..<end, to: target, at: place, goesOn: goesOn)
    }

    /// Copies a part of a file to a place of another one, holes as holes.
    static func copyData(
        _ source: borrowing FileDescriptor, _ range: Range<UInt64>, to target: borrowing FileDescriptor, at place: UInt64,
        goesOn: DiskProgress
    ) throws(DiskError) {
        let (start, end, place) = (Int(clamping: range.lowerBound), Int(clamping: range.upperBound), Int(clamping: place))
        var buffer = [UInt8](repeating: 0, count: min(piece, end - start))
        var position = start
        while let data = try nextData(of: source, from: position, size: end) {
            position = data.lowerBound
            while position < data.upperBound {
                try DiskError.check(goesOn, UInt64(place + position - start))
                do throws(SystemError) {
                    let got = try source.read(into: &buffer, count: min(piece, data.upperBound - position), at: position)
                    guard got > 0 else { return }
                    try write(buffer, got, to: target, at: place + position - start)
                    position += got
                } catch { throw DiskError(error) }
            }
        }
    }

    private static func nextData(
        of file: borrowing FileDescriptor, from position: Int, size: Int
    ) throws(DiskError) -> Range<Int>? {
        guard position < size else { return nil }
        do throws(SystemError) {
            let data = try file.nextData(from: position, size: size)
            return data.flatMap { $0.isEmpty ? nil : $0 }
        } catch { throw DiskError(error) }
    }

    /// Blocks that are zero are left out.
    static func write(
        _ bytes: [UInt8], _ count: Int, to target: borrowing FileDescriptor, at offset: Int
    ) throws(SystemError) {
        let block = 64 << 10
        var start = 0
        while start < count {
            let end = min(start + block, count)
            let isZero = bytes[start..<end].allSatisfy { $0 == 0 }
            if !isZero { try target.write(bytes.span.extracting(start..<end), at: offset + start) }
            start = end
        }
    }
}
