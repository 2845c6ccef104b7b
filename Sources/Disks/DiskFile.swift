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
        isCancelled: () -> Bool = { false }
    ) throws(DiskError) -> UInt64 {
        let size: UInt64
        switch form {
        case .raw:
            size = try source.length()
            try check(size)
            try copy(source, to: target, at: 0, isCancelled: isCancelled)
        case .vhd: size = try VirtualHardDisk.expand(source, to: target, isCancelled: isCancelled)
        case .vmdk: size = try VirtualMachineDisk.expand(source, to: target, isCancelled: isCancelled)
        }
        try target.setLength(size)
        return size
    }

    /// Writes a disk into a new file.
    package static func write(
        _ disk: borrowing FileDescriptor, _ form: DiskForm, to target: borrowing FileDescriptor,
        isCancelled: () -> Bool = { false }
    ) throws(DiskError) {
        switch form {
        case .raw:
            try copy(disk, to: target, at: 0, isCancelled: isCancelled)
            try target.setLength(try disk.length())
        case .vhd: try VirtualHardDisk.write(disk, to: target, isCancelled: isCancelled)
        case .vmdk: try VirtualMachineDisk.write(disk, to: target, isCancelled: isCancelled)
        }
    }

    static func check(_ size: UInt64) throws(DiskError) {
        guard size <= largest else { throw DiskError(.invalid, "a disk of \(size) bytes is larger than 16 TiB") }
    }

    private static let piece = 1 << 20

    /// Copies the bytes of a file that are no holes, at most the first `limit`, to a place of another one; blocks of zeros become holes.
    package static func copy(
        _ source: borrowing FileDescriptor, to target: borrowing FileDescriptor, at place: UInt64,
        limit: UInt64 = .max, isCancelled: () -> Bool = { false }
    ) throws(DiskError) {
        var buffer = [UInt8](repeating: 0, count: piece)
        let place = Int(clamping: place)
        do throws(SystemError) {
            let size = min(try source.size(), Int(clamping: limit))
            var position = 0
            while let data = try source.nextData(from: position, size: size), !data.isEmpty {
                position = data.lowerBound
                while position < data.upperBound {
                    if isCancelled() { throw SystemError("copy", source.path, errno: 125) }
                    let got = try source.read(into: &buffer, count: min(piece, data.upperBound - position), at: position)
                    guard got > 0 else { break }
                    try write(buffer, got, to: target, at: place + position)
                    position += got
                }
                position = data.upperBound
            }
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
