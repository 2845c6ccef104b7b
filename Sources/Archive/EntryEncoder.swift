import CArchive
import Glibc

/// An owned libarchive entry made from an ``ArchiveEntry``.
@safe
struct EntryEncoder: ~Copyable {
    let entry: OpaquePointer

    init() throws(ArchiveError) {
        guard let entry = unsafe archive_entry_new() else { throw .system(ENOMEM, operation: "write the header") }
        unsafe self.entry = entry
    }

    deinit { unsafe archive_entry_free(entry) }

    func encode(_ source: ArchiveEntry) throws(ArchiveError) {
        try setNames(source)
        unsafe archive_entry_set_perm(entry, mode_t(source.mode & 0o7777))
        unsafe archive_entry_set_uid(entry, Int64(source.owner))
        unsafe archive_entry_set_gid(entry, Int64(source.group))
        try setModified(source)
        try setContent(source)
        try setAttributes(source)
    }

    private static func refusal(_ kind: ArchiveError.Kind, _ source: ArchiveEntry, _ reason: String) -> ArchiveError {
        ArchiveError(kind, operation: "write the header", entry: source.displayPath, reason: reason)
    }

    private func setNames(_ source: ArchiveEntry) throws(ArchiveError) {
        let path = try Self.terminated(source.path, "name", source)
        unsafe archive_entry_copy_pathname(entry, path)
        switch source.kind {
        case .file: setType(S_IFREG)
        case .directory: setType(S_IFDIR)
        case .fifo: setType(S_IFIFO)
        case .symbolicLink(let target):
            let target = try Self.terminated(target, "link target", source)
            setType(S_IFLNK)
            unsafe archive_entry_copy_symlink(entry, target)
        case .hardLink(let target):
            let target = try Self.terminated(target, "link target", source)
            setType(S_IFREG)
            unsafe archive_entry_copy_hardlink(entry, target)
        case .characterDevice(let major, let minor): setDevice(S_IFCHR, major, minor)
        case .blockDevice(let major, let minor): setDevice(S_IFBLK, major, minor)
        case .socket: throw Self.refusal(.unsupported, source, "tar has no sockets")
        }
    }

    private func setType(_ type: mode_t) { unsafe archive_entry_set_filetype(entry, type) }

    private func setDevice(_ type: mode_t, _ major: UInt32, _ minor: UInt32) {
        setType(type)
        unsafe archive_entry_set_rdevmajor(entry, dev_t(major))
        unsafe archive_entry_set_rdevminor(entry, dev_t(minor))
    }

    /// The bytes with a zero behind them, for C.
    private static func terminated(_ bytes: [UInt8], _ what: String, _ source: ArchiveEntry) throws(ArchiveError) -> [CChar] {
        guard !bytes.isEmpty, !bytes.contains(0) else {
            throw refusal(.misuse, source, "its \(what) is empty or contains a zero byte")
        }
        return bytes.map { CChar(bitPattern: $0) } + [0]
    }

    private func setModified(_ source: ArchiveEntry) throws(ArchiveError) {
        var time = source.modified
        guard time.nanoseconds < 1_000_000_000 else { throw Self.refusal(.misuse, source, "its nanoseconds exceed a second") }
        if time.seconds < 0 && time.nanoseconds > 0 {
            // libarchive writes the fraction behind the sign: -2 s and 0.25 s are -1.75 s.
            guard time.seconds < -1 else {
                throw Self.refusal(.unsupported, source, "its time lies in the last second before 1970")
            }
            time = ArchiveTime(seconds: time.seconds + 1, nanoseconds: 1_000_000_000 - time.nanoseconds)
        }
        unsafe archive_entry_set_mtime(entry, time_t(time.seconds), Int(time.nanoseconds))
    }

    private func setContent(_ source: ArchiveEntry) throws(ArchiveError) {
        guard source.size == 0 || source.kind == .file else {
            throw Self.refusal(.misuse, source, "only a file has content")
        }
        guard source.size <= UInt64(Int64.max) else { throw Self.refusal(.unsupported, source, "it is too large") }
        unsafe archive_entry_set_size(entry, Int64(source.size))
        guard let ranges = source.dataRanges else { return }
        var end: UInt64 = 0
        for range in ranges {
            guard range.lowerBound >= end, range.upperBound <= source.size, !range.isEmpty else {
                throw Self.refusal(.misuse, source, "its sparse map is out of order")
            }
            end = range.upperBound
            unsafe archive_entry_sparse_add_entry(entry, Int64(range.lowerBound), Int64(range.count))
        }
        // A file that is one hole.
        if ranges.isEmpty && source.size > 0 { unsafe archive_entry_sparse_add_entry(entry, Int64(source.size), 0) }
    }

    /// Adds them in descending order, since libarchive gives back the last first.
    private func setAttributes(_ source: ArchiveEntry) throws(ArchiveError) {
        let sorted = source.attributes.sorted { $1.name.lexicographicallyPrecedes($0.name) }
        for attribute in sorted {
            let name = try Self.terminated(attribute.name, "attribute name", source)
            unsafe attribute.value.withUnsafeBytes {
                unsafe archive_entry_xattr_add_entry(entry, name, $0.baseAddress, $0.count)
            }
        }
    }
}
