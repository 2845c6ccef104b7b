import Glibc

/// Where a reader's bytes come from: a file, memory, a closure, or a member of another archive.
protocol ByteSource: AnyObject {
    /// The next bytes; empty at the end. They stay valid until the next call.
    func next() throws(ArchiveError) -> UnsafeRawBufferPointer
}

/// Reads a descriptor from where it stands.
@safe
final class DescriptorSource: ByteSource {
    private let descriptor: Int32
    private let buffer: UnsafeMutableRawBufferPointer

    /// Takes over `descriptor`, and closes it at the end.
    init(owning descriptor: Int32) {
        self.descriptor = descriptor
        unsafe buffer = .allocate(byteCount: 1 << 18, alignment: 4096)
    }

    deinit {
        _ = Glibc.close(descriptor)
        unsafe buffer.deallocate()
    }

    func next() throws(ArchiveError) -> UnsafeRawBufferPointer {
        while true {
            let count = unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            if count >= 0 { return unsafe UnsafeRawBufferPointer(rebasing: buffer[..<count]) }
            if errno != EINTR { throw .system(errno, operation: "read the archive") }
        }
    }
}

/// Hands on the chunks of a closure, until it gives an empty one.
@safe
final class ChunkSource: ByteSource {
    private let pull: () throws(ArchiveError) -> [UInt8]
    /// The chunk at hand, at an address that does not move.
    private var copy = unsafe UnsafeMutableRawBufferPointer(start: nil, count: 0)

    init(pull: @escaping () throws(ArchiveError) -> [UInt8]) { self.pull = pull }

    deinit { unsafe copy.deallocate() }

    func next() throws(ArchiveError) -> UnsafeRawBufferPointer {
        let chunk = try pull()
        if unsafe copy.count < chunk.count {
            unsafe copy.deallocate()
            unsafe copy = .allocate(byteCount: chunk.count, alignment: 16)
        }
        unsafe copy.copyBytes(from: chunk)
        return unsafe UnsafeRawBufferPointer(rebasing: copy[..<chunk.count])
    }
}

extension ArchiveError {
    /// The error of a system call.
    static func system(_ code: Int32, operation: String, entry: String? = nil) -> ArchiveError {
        let reason = unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
        return ArchiveError(.io(code), operation: operation, entry: entry, reason: reason)
    }
}
