import CLinux
import Glibc
import Platform

/// Reads the stream of a scan from a pipe.
struct ScanReader: ~Copyable {
    private let pipe: FileDescriptor
    private var buffer = [UInt8](repeating: 0, count: 256 << 10)
    private var start = 0
    private var end = 0

    init(_ pipe: consuming FileDescriptor) { self.pipe = pipe }

    mutating func record() throws(SystemError) -> clinux_scan_record {
        var record = clinux_scan_record()
        let bytes = try bytes(MemoryLayout<clinux_scan_record>.size)
        unsafe withUnsafeMutableBytes(of: &record) { unsafe $0.copyBytes(from: bytes) }
        return record
    }

    /// A number as the machine has it in memory.
    mutating func number<Number: FixedWidthInteger>(_: Number.Type) throws(SystemError) -> Number {
        var number = Number.zero
        let bytes = try bytes(MemoryLayout<Number>.size)
        unsafe withUnsafeMutableBytes(of: &number) { unsafe $0.copyBytes(from: bytes) }
        return number
    }

    /// So many bytes; an error where the stream ends before.
    mutating func bytes(_ count: Int) throws(SystemError) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(count)
        while result.count < count {
            if start == end { try fill() }
            let taken = min(count - result.count, end - start)
            result += buffer[start..<start + taken]
            start += taken
        }
        return result
    }

    private mutating func fill() throws(SystemError) {
        while true {
            var descriptor = pollfd(fd: pipe.raw, events: Int16(POLLIN), revents: 0)
            try retrying("poll", "a scan") { unsafe poll(&descriptor, 1, -1) }
            let got = unsafe Glibc.read(pipe.raw, &buffer, buffer.count)
            if got > 0 {
                (start, end) = (0, got)
                return
            }
            if got == 0 { throw SystemError("read", "a scan", errno: EPIPE) }
            if errno != EAGAIN && errno != EINTR { throw SystemError("read", "a scan") }
        }
    }
}
