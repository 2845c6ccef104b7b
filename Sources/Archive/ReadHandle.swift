import CArchive
import Glibc

/// An owned libarchive reader over a ``ByteSource``. After a failure every further call throws the same error.
@safe
final class ReadHandle {
    /// What the handle is to recognise.
    enum Role {
        /// Any compression, no archive: the content is one stream.
        case decompression
        /// No compression: the members of an archive.
        case archive(ArchiveFormats)
        /// No compression: the members of any archive, as far as they can be read.
        case members
    }

    let archive: OpaquePointer
    private let context: Context
    private let isArchive: Bool
    /// Whether what libarchive only warns of is accepted.
    private let isLenient: Bool
    private var broken: ArchiveError?

    init(_ role: Role, source: any ByteSource) throws(ArchiveError) {
        guard let archive = unsafe archive_read_new() else {
            throw .system(ENOMEM, operation: "open the archive")
        }
        unsafe self.archive = archive
        context = Context(source)
        if case .decompression = role { isArchive = false } else { isArchive = true }
        if case .members = role { isLenient = true } else { isLenient = false }
        try configure(role)
        let opaque = unsafe Unmanaged.passUnretained(context).toOpaque()
        let result = unsafe archive_read_open(archive, opaque, nil, readCallback, nil)
        guard result == ARCHIVE_OK else { throw failure("open the archive") }
    }

    deinit { unsafe archive_read_free(archive) }

    private func configure(_ role: Role) throws(ArchiveError) {
        var results: [Int32] = []
        switch role {
        case .decompression:
            results = unsafe [archive_read_support_format_raw(archive), archive_read_support_format_empty(archive)]
            // Compressions that libarchive leaves to another program answer with a warning; they stay off.
            results += unsafe builtInFilters.map { unsafe $0(archive) }
        case .archive(let formats):
            if formats.contains(.tar) {
                unsafe results.append(archive_read_support_format_tar(archive))
                // AppleDouble files are files; otherwise a name that begins with `._` would vanish.
                unsafe results.append(archive_read_set_options(archive, "tar:!mac-ext"))
            }
            if formats.contains(.cpio) { unsafe results.append(archive_read_support_format_cpio(archive)) }
            if formats.contains(.ar) { unsafe results.append(archive_read_support_format_ar(archive)) }
        case .members:
            results = unsafe [
                archive_read_support_format_tar(archive), archive_read_support_format_cpio(archive),
                archive_read_support_format_ar(archive), archive_read_support_format_zip(archive),
                archive_read_support_filter_rpm(archive),
            ]
        }
        if results.contains(where: { $0 != ARCHIVE_OK }) { throw failure("open the archive") }
    }

    /// Bytes of the decompressed input that were consumed.
    var position: UInt64 { UInt64(max(0, unsafe archive_filter_bytes(archive, 0))) }

    /// Where the header at hand, or the end mark, begins; zero after a failure.
    var headerPosition: UInt64 { UInt64(max(0, unsafe archive_read_header_position(archive))) }

    /// Whether the input turned out to be some kind of tar.
    var isTar: Bool { unsafe archive_format(archive) & ARCHIVE_FORMAT_BASE_MASK == ARCHIVE_FORMAT_TAR }

    /// Whether a pax header stood in the input.
    var isPax: Bool { unsafe archive_format(archive) == ARCHIVE_FORMAT_TAR_PAX_INTERCHANGE }

    /// Goes to the next header; `nil` at the end. The entry stays valid until the next call.
    func nextHeader() throws(ArchiveError) -> OpaquePointer? {
        if let broken { throw broken }
        var entry: OpaquePointer?
        // In another character set than ASCII libarchive would normalise names to NFC.
        let locale = unsafe uselocale(asciiLocale)
        // libarchive takes an ENOMEM that any earlier call left in this thread for its own.
        errno = 0
        let result = unsafe archive_read_next_header(archive, &entry)
        _ = unsafe uselocale(locale)
        switch result {
        case ARCHIVE_OK: return unsafe entry
        case ARCHIVE_EOF: return nil
        case ARCHIVE_WARN where isCharacterSetWarning || isLenient: return unsafe entry
        default: throw failure("read the header", offset: position)
        }
    }

    /// libarchive keeps a name as it is when it cannot convert it, and warns: that is what is wanted.
    private var isCharacterSetWarning: Bool { message.hasSuffix("can't be converted from UTF-8 to current locale.") }

    /// The next piece of the content; `nil` at its end. The bytes stay valid until the next call.
    func nextBlock(_ entry: String? = nil) throws(ArchiveError) -> (offset: Int64, bytes: UnsafeRawBufferPointer)? {
        if let broken { throw broken }
        var start: UnsafeRawPointer?
        var count = 0
        var offset: Int64 = 0
        switch unsafe archive_read_data_block(archive, &start, &count, &offset) {
        case ARCHIVE_OK: return unsafe (offset, UnsafeRawBufferPointer(start: start, count: count))
        case ARCHIVE_WARN where isLenient: return unsafe (offset, UnsafeRawBufferPointer(start: start, count: count))
        case ARCHIVE_EOF: return nil
        default: throw failure("read the content", entry: entry, offset: position)
        }
    }

    /// Marks the handle as unusable, and gives the error to throw.
    func fail(_ error: ArchiveError) -> ArchiveError {
        broken = error
        return error
    }

    private var message: String { unsafe archive_error_string(archive).map { unsafe String(cString: $0) } ?? "" }

    private func failure(_ operation: String, entry: String? = nil, offset: UInt64? = nil) -> ArchiveError {
        if var error = context.failure {
            // The input failed beneath: its reason counts, with the place in this archive.
            error.operation = operation
            error.entry = entry ?? error.entry
            error.offset = offset ?? error.offset
            return fail(error)
        }
        let text = message
        let reason = text.isEmpty ? (context.ended ? "the input ends here" : "the input is damaged") : text
        return fail(ArchiveError(kind(of: text), operation: operation, entry: entry, offset: offset, reason: reason))
    }

    /// libarchive has one code for all of these; its texts (3.6) tell them apart.
    private func kind(of text: String) -> ArchiveError.Kind {
        if unsafe archive_errno(archive) == ENOMEM { return .io(ENOMEM) }
        if text.contains("nsupported") || text.contains("not supported") || text.contains("nrecognized") { return .unsupported }
        return text.contains("runcated") || (context.ended && (text.isEmpty || isExhausted)) ? .truncated : .corrupt
    }

    /// Whether nothing was left to read when the input had ended. A header that breaks off there is called damaged; a decoder
    /// asks for more input only when it needs some.
    private var isExhausted: Bool { !isArchive || position + 512 > context.delivered }
}

/// What the read callback of a handle needs.
@safe
private final class Context {
    let source: any ByteSource
    /// Why the source failed: a C callback can only say that it did.
    var failure: ArchiveError?
    var ended = false
    /// Bytes handed to libarchive.
    var delivered: UInt64 = 0

    init(_ source: any ByteSource) { self.source = source }
}

private func readCallback(
    _ archive: OpaquePointer?, _ opaque: UnsafeMutableRawPointer?, _ result: UnsafeMutablePointer<UnsafeRawPointer?>?
) -> Int {
    guard let opaque = unsafe opaque, let result = unsafe result else { return Int(ARCHIVE_FATAL) }
    let context = unsafe Unmanaged<Context>.fromOpaque(opaque).takeUnretainedValue()
    do throws(ArchiveError) {
        let bytes = unsafe try context.source.next()
        unsafe result.pointee = bytes.baseAddress
        if unsafe bytes.isEmpty { context.ended = true }
        context.delivered += UInt64(bytes.count)
        return bytes.count
    } catch {
        context.failure = error
        return Int(ARCHIVE_FATAL)
    }
}

/// Never freed. `nil`, which leaves the locale alone, only without memory.
nonisolated(unsafe) private let asciiLocale = unsafe newlocale(LC_CTYPE_MASK, "C", nil)

/// The compressions that libarchive contains itself, when it is built with their libraries as in Debian.
private let builtInFilters: [@convention(c) (OpaquePointer?) -> Int32] = unsafe [
    archive_read_support_filter_gzip, archive_read_support_filter_bzip2, archive_read_support_filter_compress,
    archive_read_support_filter_lzma, archive_read_support_filter_lzip, archive_read_support_filter_xz,
    archive_read_support_filter_lz4, archive_read_support_filter_zstd,
]
