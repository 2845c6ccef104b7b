import CArchive
import Glibc

/// Looks into archives of any kind, for search and not for import: tar, cpio, ar, zip and rpm, without compression around them. What
/// stands before damage is read, sizes need not be known, and a name may be anything.
///
///     let reader = try MemberReader { try nextChunk() }
///     while let name = try reader.next() {
///         while let bytes = try reader.read() { … }
///     }
package final class MemberReader {
    private let handle: ReadHandle

    /// `pull` gives the archive's bytes, at last an empty chunk.
    package init(pull: @escaping () throws(ArchiveError) -> [UInt8]) throws(ArchiveError) {
        handle = try ReadHandle(.members, source: ChunkSource(pull: pull))
    }

    /// Goes to the next member, and gives its name; nil after the last one.
    package func next() throws(ArchiveError) -> [UInt8]? {
        while let entry = unsafe try handle.nextHeader() {
            guard let start = unsafe archive_entry_pathname(entry) else { return [] }
            return unsafe Array(UnsafeRawBufferPointer(start: start, count: min(strlen(start), 4096)))
        }
        return nil
    }

    /// The next bytes of the member; nil after the last. Holes of sparse files are left out.
    package func read() throws(ArchiveError) -> [UInt8]? {
        while let (_, bytes) = unsafe try handle.nextBlock() {
            if unsafe !bytes.isEmpty { return unsafe Array(bytes) }
        }
        return nil
    }
}

/// The bytes that a compressed stream holds: gzip, bzip2, compress, lzma, lzip, xz, lz4 and zstd.
package final class StreamReader {
    private let stream: DecompressedStream

    /// `pull` gives the compressed bytes, at last an empty chunk.
    package init(pull: @escaping () throws(ArchiveError) -> [UInt8]) throws(ArchiveError) {
        stream = try DecompressedStream(ChunkSource(pull: pull))
    }

    /// The next bytes; nil at the end.
    package func read() throws(ArchiveError) -> [UInt8]? {
        let bytes = unsafe try stream.next()
        return unsafe bytes.isEmpty ? nil : Array(bytes)
    }
}
