import Glibc
import Platform

/// Where the contents of a file go.
package struct Ext4FileMap: Sendable {
    let runs: [BlockRun]
}

/// The file that holds the file system, for contents. Safe to use from several threads.
package final class Ext4DataFile: Sendable {
    private let descriptor: Int32
    private let path: String

    /// The file stays open as long as this lives, whatever its owner does.
    init(_ file: borrowing FileDescriptor) throws(Ext4Error) {
        path = file.path
        descriptor = fcntl(file.raw, F_DUPFD_CLOEXEC, 3)
        if descriptor < 0 { throw Ext4Error("dup \(path)") }
    }

    deinit { close(descriptor) }

    /// Writes bytes of a file at an offset in it. Outside of the ranges that the file was made with there is nowhere to write to.
    package func write(_ bytes: Span<UInt8>, at offset: UInt64, of map: Ext4FileMap) throws(Ext4Error) {
        let size = UInt64(Ext4Format.blockSize)
        let end = offset + UInt64(bytes.count)
        var position = offset
        for run in map.runs[Self.firstRun(of: map, endingAfter: offset)...] where position < end {
            let start = run.logical * size
            guard start <= position else { break }
            let upper = min(end, (run.logical + run.count) * size)
            let part = bytes.extracting(Int(position - offset)..<Int(upper - offset))
            try write(part, at: run.physical * size + (position - start))
            position = upper
        }
        guard position == end else {
            throw Ext4Error(.misuse, "write \(path): bytes \(position) to \(end) of the file were declared a hole")
        }
    }

    private static func firstRun(of map: Ext4FileMap, endingAfter offset: UInt64) -> Int {
        var low = 0
        var high = map.runs.count
        while low < high {
            let middle = (low + high) / 2
            if (map.runs[middle].logical + map.runs[middle].count) * UInt64(Ext4Format.blockSize) > offset {
                high = middle
            } else {
                low = middle + 1
            }
        }
        return low
    }

    func write(_ bytes: Span<UInt8>, at offset: UInt64) throws(Ext4Error) {
        var done = 0
        while done < bytes.count {
            let got = unsafe bytes.withUnsafeBytes {
                unsafe pwrite(descriptor, $0.baseAddress?.advanced(by: done), bytes.count - done, Int(offset) + done)
            }
            if got < 0 {
                if errno == EINTR { continue }
                throw Ext4Error("pwrite \(path)")
            }
            done += got
        }
    }

    func truncate(to size: UInt64) throws(Ext4Error) {
        while ftruncate(descriptor, Int(size)) != 0 {
            if errno != EINTR { throw Ext4Error("ftruncate \(path)") }
        }
    }
}
