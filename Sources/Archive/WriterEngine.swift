import CArchive
import Glibc

/// The state of an ``ArchiveWriter``: an owned libarchive writer over a ``ByteSink``. After a failure every further call throws
/// the same error.
@safe
final class WriterEngine {
    private let archive: OpaquePointer
    private let context: Context
    private var entry: ArchiveEntry?
    /// How much of the entry's content was written, holes included.
    private var position: UInt64 = 0
    private var broken: ArchiveError?

    init(_ compression: ArchiveCompression, to sink: any ByteSink) throws(ArchiveError) {
        guard let archive = unsafe archive_write_new() else { throw .system(ENOMEM, operation: "create the archive") }
        unsafe self.archive = archive
        context = Context(sink)
        try configure(compression)
        let opaque = unsafe Unmanaged.passUnretained(context).toOpaque()
        try check(unsafe archive_write_open(archive, opaque, nil, writeCallback, nil), "create the archive")
    }

    deinit {
        // Freeing a writer closes it, and that would write an end mark under an incomplete archive.
        _ = unsafe archive_write_fail(archive)
        unsafe archive_write_free(archive)
    }

    private func configure(_ compression: ArchiveCompression) throws(ArchiveError) {
        try check(unsafe archive_write_set_format_pax(archive), "create the archive")
        try option("pax", "xattrheader", "SCHILY")
        try check(unsafe archive_write_set_bytes_per_block(archive, 1 << 18), "create the archive")
        // No padding behind the end mark: behind a compressed stream it would be garbage.
        try check(unsafe archive_write_set_bytes_in_last_block(archive, 1), "create the archive")
        switch compression {
        case .none: try check(unsafe archive_write_add_filter_none(archive), "create the archive")
        case .gzip(let level):
            try check(unsafe archive_write_add_filter_gzip(archive), "create the archive")
            try option("gzip", "compression-level", String(level))
            try option("gzip", "timestamp", nil)
        case .xz(let level):
            try check(unsafe archive_write_add_filter_xz(archive), "create the archive")
            try option("xz", "compression-level", String(level))
        case .zstd(let level):
            try check(unsafe archive_write_add_filter_zstd(archive), "create the archive")
            try option("zstd", "compression-level", String(level))
        }
    }

    private func option(_ module: String, _ name: String, _ value: String?) throws(ArchiveError) {
        try check(unsafe archive_write_set_option(archive, module, name, value), "create the archive")
    }

    func add(_ new: ArchiveEntry) throws(ArchiveError) {
        try completeEntry()
        let encoder = try EntryEncoder()
        try encoder.encode(new)
        // libarchive takes names for text in the locale's character set; in this one they go through byte by byte.
        let locale = unsafe uselocale(utf8Locale)
        let result = unsafe archive_write_header(archive, encoder.entry)
        _ = unsafe uselocale(locale)
        if result == ARCHIVE_WARN && isCharacterSetWarning {
            // It then wrote the name as it is, with hdrcharset=BINARY.
        } else {
            try check(result, "write the header", new)
        }
        entry = new
        position = 0
    }

    private var isCharacterSetWarning: Bool {
        let text = message
        return text.hasPrefix("Can't translate ") && text.hasSuffix(" to UTF-8")
    }

    func write(_ bytes: Span<UInt8>, at offset: UInt64) throws(ArchiveError) {
        if let broken { throw broken }
        if bytes.isEmpty { return }
        guard let entry else { throw misuse("content without an entry") }
        let (end, overflow) = offset.addingReportingOverflow(UInt64(bytes.count))
        guard offset >= position, !overflow, end <= entry.size else {
            throw misuse("content from \(offset) of \(bytes.count) bytes, after \(position) of \(entry.size) were written")
        }
        try fill(to: offset)
        try put(bytes)
    }

    /// Writes zeros up to `offset`; libarchive drops those that lie in a hole.
    private func fill(to offset: UInt64) throws(ArchiveError) {
        while position < offset {
            try put(zeros.span.extracting(first: Int(min(UInt64(zeros.count), offset - position))))
        }
    }

    private func put(_ bytes: Span<UInt8>) throws(ArchiveError) {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.extracting(written...).withUnsafeBytes {
                unsafe archive_write_data(archive, $0.baseAddress, $0.count)
            }
            if count <= 0 { try check(count < 0 ? Int32(clamping: count) : ARCHIVE_FATAL, "write the content", entry) }
            written += count
            position += UInt64(count)
        }
    }

    private func completeEntry() throws(ArchiveError) {
        if let broken { throw broken }
        guard let entry else { return }
        try fill(to: entry.size)
        try check(unsafe archive_write_finish_entry(archive), "write the content", entry)
        self.entry = nil
    }

    func finish() throws(ArchiveError) {
        try completeEntry()
        try check(unsafe archive_write_close(archive), "finish the archive")
        try context.sink.finish()
    }

    private var message: String { unsafe archive_error_string(archive).map { unsafe String(cString: $0) } ?? "" }

    private func misuse(_ reason: String) -> ArchiveError {
        ArchiveError(.misuse, operation: "write the content", entry: entry?.displayPath, reason: reason)
    }

    private func check(_ result: Int32, _ operation: String, _ entry: ArchiveEntry? = nil) throws(ArchiveError) {
        if result == ARCHIVE_OK { return }
        var error: ArchiveError
        if let failure = context.failure {
            error = failure
            error.operation = operation
        } else {
            let text = message
            error = ArchiveError(.unsupported, operation: operation, reason: text.isEmpty ? "libarchive refused it" : text)
        }
        error.entry = entry?.displayPath ?? error.entry
        broken = error
        throw error
    }
}

/// What the write callback needs.
private final class Context {
    let sink: any ByteSink
    var failure: ArchiveError?

    init(_ sink: any ByteSink) { self.sink = sink }
}

private func writeCallback(
    _ archive: OpaquePointer?, _ opaque: UnsafeMutableRawPointer?, _ start: UnsafeRawPointer?, _ count: Int
) -> Int {
    guard let opaque = unsafe opaque, let start = unsafe start else { return -1 }
    let context = unsafe Unmanaged<Context>.fromOpaque(opaque).takeUnretainedValue()
    do throws(ArchiveError) {
        try context.sink.write(unsafe Span(_unsafeBytes: UnsafeRawBufferPointer(start: start, count: count)))
        return count
    } catch {
        context.failure = error
        return -1
    }
}

private let zeros = [UInt8](repeating: 0, count: 1 << 20)

/// Never freed. glibc contains this locale since 2.35. Without it every name that is not ASCII is marked as binary.
nonisolated(unsafe) private let utf8Locale = unsafe newlocale(LC_CTYPE_MASK, "C.UTF-8", nil)
