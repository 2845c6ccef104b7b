import Glibc

/// How an archive is compressed. With the same versions of the compressors the same input gives the same bytes.
package enum ArchiveCompression: Sendable, Equatable {
    case none
    /// Level 1 to 9; the header has no time and no name.
    case gzip(level: Int)
    /// Level 0 to 9, in one thread: the output of several would depend on their number.
    case xz(level: Int)
    /// Level 1 to 22, in one thread. libarchive 3.6 writes no checksum into it.
    case zstd(level: Int)

    package static let gzip = ArchiveCompression.gzip(level: 6)
    package static let xz = ArchiveCompression.xz(level: 6)
    package static let zstd = ArchiveCompression.zstd(level: 3)
}

/// Writes a reproducible pax archive: equal entries in equal order give equal bytes.
///
///     var writer = try ArchiveWriter(path: "rootfs.tar.zst", compression: .zstd)
///     try writer.add(entry)
///     try writer.write(bytes.span, at: 0)
///     try writer.finish()
///
/// An extended header stands only where an entry does not fit the plain one: a long name, a name that is not ASCII, a large
/// number, nanoseconds, attributes (`SCHILY.xattr.*`, which GNU tar and bsdtar read), a sparse map (GNU 1.0). There are no
/// access or change times, no user names and no process ids. A name that is not UTF-8 is marked with `hdrcharset=BINARY`, of
/// which GNU tar says that it ignores it. Access control lists are written as the attributes they are.
package struct ArchiveWriter: ~Copyable {
    private let engine: WriterEngine

    /// Writes to a new file, or over the one that is there.
    package init(path: String, compression: ArchiveCompression = .none, permissions: UInt32 = 0o644) throws(ArchiveError) {
        let descriptor = unsafe Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, permissions)
        guard descriptor >= 0 else { throw .system(errno, operation: "create the archive \(path)") }
        engine = try WriterEngine(compression, to: DescriptorSink(owning: descriptor))
    }

    /// Writes to `descriptor`, which remains the caller's.
    package init(descriptor: Int32, compression: ArchiveCompression = .none) throws(ArchiveError) {
        let own = Glibc.fcntl(descriptor, F_DUPFD_CLOEXEC, 3)
        guard own >= 0 else { throw .system(errno, operation: "write the archive") }
        engine = try WriterEngine(compression, to: DescriptorSink(owning: own))
    }

    /// Hands the archive to `sink` piece by piece. Its errors come out of this writer's calls.
    package init(
        compression: ArchiveCompression = .none, sink: @escaping (Span<UInt8>) throws(ArchiveError) -> Void
    ) throws(ArchiveError) {
        engine = try WriterEngine(compression, to: ClosureSink(body: sink))
    }

    /// Begins an entry. Its content, if `size` is not zero, follows in calls of ``write(_:at:)``.
    ///
    /// Throws `unsupported` for what tar cannot hold: a socket, or the fraction of a second just before 1970.
    package mutating func add(_ entry: ArchiveEntry) throws(ArchiveError) { try engine.add(entry) }

    /// Writes content at `offset`, at or behind the end of what came before. What is left out becomes zeros, or stays a hole
    /// where the entry's `dataRanges` has one; bytes given for a hole are dropped.
    package mutating func write(_ bytes: Span<UInt8>, at offset: UInt64) throws(ArchiveError) {
        try engine.write(bytes, at: offset)
    }

    /// Adds an entry together with its whole content; `entry.size` is set from it.
    package mutating func add(_ entry: ArchiveEntry, content: [UInt8]) throws(ArchiveError) {
        var entry = entry
        entry.size = UInt64(content.count)
        try engine.add(entry)
        try engine.write(content.span, at: 0)
    }

    /// Writes the end mark. Without it the archive is incomplete, and readers say so. The file is not synced.
    package consuming func finish() throws(ArchiveError) { try engine.finish() }
}
