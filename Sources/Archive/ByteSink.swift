import Glibc

/// Where a writer's bytes go.
protocol ByteSink: AnyObject {
    func write(_ bytes: Span<UInt8>) throws(ArchiveError)
    /// All bytes came.
    func finish() throws(ArchiveError)
}

/// Writes to a descriptor, which it owns.
final class DescriptorSink: ByteSink {
    private var descriptor: Int32

    init(owning descriptor: Int32) { self.descriptor = descriptor }

    deinit { if descriptor >= 0 { _ = Glibc.close(descriptor) } }

    func write(_ bytes: Span<UInt8>) throws(ArchiveError) {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.extracting(written...).withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if count > 0 {
                written += count
            } else if count < 0 && errno != EINTR {
                throw .system(errno, operation: "write the archive")
            }
        }
    }

    func finish() throws(ArchiveError) {
        let closing = descriptor
        descriptor = -1
        // Some file systems report a failed write only here.
        guard Glibc.close(closing) == 0 || errno == EINTR else { throw .system(errno, operation: "write the archive") }
    }
}

/// Hands bytes to a closure.
final class ClosureSink: ByteSink {
    private let body: (Span<UInt8>) throws(ArchiveError) -> Void

    init(body: @escaping (Span<UInt8>) throws(ArchiveError) -> Void) { self.body = body }

    func write(_ bytes: Span<UInt8>) throws(ArchiveError) { try body(bytes) }

    func finish() throws(ArchiveError) {}
}
