import Glibc

/// The formats a reader recognises.
package struct ArchiveFormats: OptionSet, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// POSIX pax and ustar, GNU tar, and tar of Unix V7.
    package static let tar = ArchiveFormats(rawValue: 1)
    /// newc (initramfs, rpm), odc and the binary form.
    package static let cpio = ArchiveFormats(rawValue: 2)
    /// ar, which a Debian package is.
    package static let ar = ArchiveFormats(rawValue: 4)
    package static let all: ArchiveFormats = [.tar, .cpio, .ar]
}

/// Where a piece of content stands in its file. What lies between two blocks is a hole: zero bytes.
package struct ArchiveBlock: Sendable, Equatable {
    package var offset: UInt64
    package var count: Int
}

/// Reads an archive from front to end, in any compression that libarchive contains: none, gzip, bzip2, compress, lzma, lzip, xz,
/// lz4, zstd.
///
///     var reader = try ArchiveReader(path: "rootfs.tar.zst")
///     while let entry = try reader.next() {
///         while let block = try reader.nextBlock() {
///             reader.withBytes { file.write($0, at: block.offset) }
///         }
///     }
///
/// Content that is not read is skipped. An archive counts as complete only with its end mark, and after the compressed stream
/// was decoded to its end, so that its checksum was verified (xz, zstd, bzip2; libarchive 3.6 does not check that of gzip).
/// After an error the reader is spent: each call throws the error again.
package struct ArchiveReader: ~Copyable {
    private let engine: ReaderEngine

    package init(
        path: String, formats: ArchiveFormats = .all, limits: ArchiveLimits = .standard
    ) throws(ArchiveError) {
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(errno, operation: "open the archive \(path)") }
        try self.init(DescriptorSource(owning: descriptor), formats, limits)
    }

    /// Reads on from where `descriptor` stands; it remains the caller's, and may be closed at once.
    package init(
        descriptor: Int32, formats: ArchiveFormats = .all, limits: ArchiveLimits = .standard
    ) throws(ArchiveError) {
        let own = Glibc.fcntl(descriptor, F_DUPFD_CLOEXEC, 3)
        guard own >= 0 else { throw .system(errno, operation: "open the archive") }
        try self.init(DescriptorSource(owning: own), formats, limits)
    }

    package init(
        bytes: [UInt8], formats: ArchiveFormats = .all, limits: ArchiveLimits = .standard
    ) throws(ArchiveError) {
        var rest = bytes
        try self.init(formats: formats, limits: limits) { () throws(ArchiveError) in
            defer { rest = [] }
            return rest
        }
    }

    /// Reads what `pull` gives, until it gives an empty chunk. Its errors come out of this reader's calls.
    package init(
        formats: ArchiveFormats = .all, limits: ArchiveLimits = .standard,
        pull: @escaping () throws(ArchiveError) -> [UInt8]
    ) throws(ArchiveError) {
        try self.init(ChunkSource(pull: pull), formats, limits)
    }

    private init(_ source: any ByteSource, _ formats: ArchiveFormats, _ limits: ArchiveLimits) throws(ArchiveError) {
        engine = try ReaderEngine(source, formats, limits)
    }

    /// The next entry; `nil` after the last.
    package mutating func next() throws(ArchiveError) -> ArchiveEntry? { try engine.next() }

    /// Goes to the next piece of the entry's content, in ascending order of offsets; `nil` after the last.
    package mutating func nextBlock() throws(ArchiveError) -> ArchiveBlock? { try engine.nextBlock() }

    /// The bytes of the block that ``nextBlock()`` gave last, without copying them.
    package borrowing func withBytes<Result, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe body(Span(_unsafeBytes: engine.blockBytes))
    }

    /// The whole content of the entry, holes as zeros. Throws a `limit` error when it is longer than `limit` bytes.
    package mutating func readAll(limit: Int) throws(ArchiveError) -> [UInt8] { try engine.readAll(limit: limit) }

    /// Reads the content of the entry as an archive itself, without a temporary file: `data.tar.xz` within a Debian package.
    /// Use it up before ``next()`` is called on this reader; afterwards it throws a `misuse` error.
    package mutating func nested(
        formats: ArchiveFormats = .all, limits: ArchiveLimits = .standard
    ) throws(ArchiveError) -> ArchiveReader {
        try ArchiveReader(MemberSource(engine), formats, limits)
    }
}
