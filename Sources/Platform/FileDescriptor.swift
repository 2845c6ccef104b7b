import CLinux
import Glibc

/// An owned file descriptor: closed when it goes out of scope.
package struct FileDescriptor: ~Copyable, Sendable {
    package let raw: Int32
    /// The path it was opened by, for errors.
    package let path: String

    package init(owning raw: Int32, path: String) {
        self.raw = raw
        self.path = path
    }

    deinit { _ = Glibc.close(raw) }

    /// How a file is opened. Every descriptor is close-on-exec.
    package enum Mode: Sendable {
        case read
        /// A new file: fails where one exists.
        case create
        /// Read and write; made where it is missing.
        case readWrite
        /// A directory, for fsync and for calls relative to it.
        case directory
    }

    package static func open(_ path: String, _ mode: Mode, permissions: UInt32 = 0o644) throws(SystemError) -> FileDescriptor {
        let flags: Int32 =
            switch mode {
            case .read: O_RDONLY
            case .create: O_RDWR | O_CREAT | O_EXCL
            case .readWrite: O_RDWR | O_CREAT
            case .directory: O_RDONLY | O_DIRECTORY
            }
        let raw = try retrying("open", path) { unsafe Glibc.open(path, flags | O_CLOEXEC, permissions) }
        return FileDescriptor(owning: raw, path: path)
    }

    /// A file without a name in a folder, for reading and writing: gone with its last descriptor. Its path leads to it as long as this
    /// descriptor is open, for libraries that take paths.
    package static func anonymous(in folder: String) throws(SystemError) -> FileDescriptor {
        // O_TMPFILE with O_DIRECTORY, which are one macro of two.
        let raw = try retrying("open", folder) { unsafe Glibc.open(folder, O_RDWR | O_CLOEXEC | 0o20_200_000, 0o600) }
        return FileDescriptor(owning: raw, path: "/proc/self/fd/\(raw)")
    }

    /// Opens a regular file whose path need not be UTF-8; a symbolic link is refused.
    package static func openForReading(bytes path: [UInt8]) throws(SystemError) -> FileDescriptor {
        let shown = String(decoding: path, as: UTF8.self)
        let raw = try retrying("open", shown) {
            unsafe withCPath(path) { unsafe Glibc.open($0, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) }
        }
        return FileDescriptor(owning: raw, path: shown)
    }

    package func status() throws(SystemError) -> Files.Status {
        var status = stat()
        try retrying("fstat", path) { unsafe fstat(raw, &status) }
        return Files.Status(status)
    }

    /// The size in bytes.
    package func size() throws(SystemError) -> Int {
        var status = stat()
        try retrying("fstat", path) { unsafe fstat(raw, &status) }
        return Int(status.st_size)
    }

    /// Reads up to the buffer's length at an offset; fewer bytes only at the end of the file.
    package func read(into buffer: inout [UInt8], count: Int, at offset: Int) throws(SystemError) -> Int {
        precondition(count <= buffer.count, "read beyond the buffer")
        var done = 0
        while done < count {
            let got = try retrying("pread", path) {
                unsafe buffer.withUnsafeMutableBytes {
                    unsafe pread(raw, $0.baseAddress?.advanced(by: done), count - done, offset + done)
                }
            }
            if got == 0 { break }
            done += got
        }
        return done
    }

    /// Writes all of the bytes at the current position.
    package func write(_ bytes: Span<UInt8>) throws(SystemError) {
        var done = 0
        while done < bytes.count {
            done += try retrying("write", path) {
                unsafe bytes.withUnsafeBytes { unsafe Glibc.write(raw, $0.baseAddress?.advanced(by: done), bytes.count - done) }
            }
        }
    }

    package func write(_ bytes: [UInt8]) throws(SystemError) { try write(bytes.span) }

    /// Writes all of the bytes at an offset; the current position stays.
    package func write(_ bytes: Span<UInt8>, at offset: Int) throws(SystemError) {
        var done = 0
        while done < bytes.count {
            done += try retrying("pwrite", path) {
                unsafe bytes.withUnsafeBytes {
                    unsafe pwrite(raw, $0.baseAddress?.advanced(by: done), bytes.count - done, offset + done)
                }
            }
        }
    }

    /// Makes the contents durable. After an error here nothing that was written may be taken as stored: the kernel marks the
    /// pages clean, so that a second try would lie.
    package func synchronize() throws(SystemError) { try retrying("fsync", path) { fsync(raw) } }

    /// Starts writing dirty pages back, so that a later `synchronize` has little left to do. Only a hint.
    package func startWriteback(offset: Int, count: Int) {
        _ = clinux_start_writeback(raw, Int64(offset), Int64(count))
    }

    package func truncate(to size: Int) throws(SystemError) { try retrying("ftruncate", path) { ftruncate(raw, size) } }

    package func seek(to offset: Int) throws(SystemError) { try retrying("lseek", path) { lseek(raw, offset, SEEK_SET) } }

    /// The next range of the file that is not stored as a hole, from an offset on; nil where only a hole or the end follows.
    package func nextData(from offset: Int, size: Int) throws(SystemError) -> Range<Int>? {
        let start = lseek(raw, offset, 3)  // SEEK_DATA
        if start < 0 {
            if errno == ENXIO { return nil }
            if errno == EINVAL { return offset < size ? offset..<size : nil }
            throw SystemError("lseek", path)
        }
        // A file may have more bytes than those that are asked about.
        if start >= size { return nil }
        let end = try retrying("lseek", path) { lseek(raw, start, 4) }  // SEEK_HOLE
        return start..<min(end, size)
    }
}
