import Glibc

/// A range of a file in memory, read only. The file must not shrink while it is mapped; Ingot maps immutable files only.
@safe
package final class MappedFile: Sendable {
    @usableFromInline nonisolated(unsafe) let base: UnsafeRawPointer
    private let mapped: Int
    @usableFromInline let skip: Int
    package let count: Int

    /// `offset` need not be aligned.
    package init(_ file: borrowing FileDescriptor, offset: Int, count: Int) throws(SystemError) {
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        skip = offset % page
        mapped = max(1, count + skip)
        self.count = count
        guard let base = unsafe mmap(nil, mapped, PROT_READ, MAP_PRIVATE, file.raw, offset - skip), unsafe base != MAP_FAILED
        else {
            throw SystemError("mmap", file.path)
        }
        unsafe self.base = UnsafeRawPointer(base)
    }

    deinit { unsafe munmap(UnsafeMutableRawPointer(mutating: base), mapped) }

    /// Reads all of it in, so that what cannot be read is an error here and not a signal later. Needs Linux 5.14.
    package func populate() throws(SystemError) {
        guard unsafe madvise(UnsafeMutableRawPointer(mutating: base), mapped, MADV_POPULATE_READ) == 0 else {
            throw SystemError("madvise")
        }
    }

    /// A big-endian number of eight bytes.
    @inlinable package func word64(at offset: Int) -> UInt64 {
        precondition(offset >= 0 && offset + 8 <= count, "read outside of a mapped file")
        return unsafe UInt64(bigEndian: base.loadUnaligned(fromByteOffset: skip + offset, as: UInt64.self))
    }

    /// A big-endian number of four bytes.
    @inlinable package func word32(at offset: Int) -> UInt32 {
        precondition(offset >= 0 && offset + 4 <= count, "read outside of a mapped file")
        return unsafe UInt32(bigEndian: base.loadUnaligned(fromByteOffset: skip + offset, as: UInt32.self))
    }

    /// Hands out the bytes where they are.
    package func withBytes<Result>(_ range: Range<Int>, _ body: (Span<UInt8>) -> Result) -> Result {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "read outside of a mapped file")
        let start = unsafe (base + skip + range.lowerBound).assumingMemoryBound(to: UInt8.self)
        return unsafe body(Span(_unsafeStart: start, count: range.count))
    }

    package func bytes(_ range: Range<Int>) -> [UInt8] {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "read outside of a mapped file")
        return unsafe Array(UnsafeRawBufferPointer(start: base + skip + range.lowerBound, count: range.count))
    }
}
