import CArchive
import Glibc

/// Turns libarchive's entry into an ``ArchiveEntry``, and refuses what exceeds the limits or has no meaning.
@safe
struct EntryDecoder {
    private let entry: OpaquePointer
    private let limits: ArchiveLimits
    private let isPax: Bool

    init(entry: OpaquePointer, limits: ArchiveLimits, isPax: Bool) {
        unsafe self.entry = entry
        self.limits = limits
        self.isPax = isPax
    }

    func decode() throws(ArchiveError) -> ArchiveEntry {
        let path = unsafe try text(archive_entry_pathname(entry), "name", path: nil)
        let access = unsafe try AccessControlLists(entry: entry, path: path)
        let mode = UInt16(truncatingIfNeeded: unsafe archive_entry_perm(entry)) & 0o7777
        let size = unsafe archive_entry_size(entry)
        guard size >= 0 else { throw refusal(.corrupt, path, "its size is negative") }
        let kind = try kind(path)
        return ArchiveEntry(
            path: path,
            kind: kind,
            mode: access.mode(from: mode),
            owner: try number(unsafe archive_entry_uid(entry), "owner", path),
            group: try number(unsafe archive_entry_gid(entry), "group", path),
            modified: modified(),
            size: kind.hasContent ? UInt64(size) : 0,
            attributes: try attributes(path, access),
            dataRanges: try dataRanges(path, size: UInt64(size))
        )
    }

    private func refusal(_ kind: ArchiveError.Kind, _ path: [UInt8]?, _ reason: String) -> ArchiveError {
        let name = path.map { String(decoding: $0, as: UTF8.self) }
        return ArchiveError(kind, operation: "read the header", entry: name, reason: reason)
    }

    private func text(_ start: UnsafePointer<CChar>?, _ what: String, path: [UInt8]?) throws(ArchiveError) -> [UInt8] {
        guard let start = unsafe start, unsafe start.pointee != 0 else {
            throw refusal(.corrupt, path, "it has no \(what)")
        }
        let length = unsafe strlen(start)
        guard length <= limits.pathLength else {
            throw refusal(.limit, path, "its \(what) of \(length) bytes is longer than \(limits.pathLength)")
        }
        return unsafe Array(UnsafeRawBufferPointer(start: start, count: length))
    }

    private func number(_ value: Int64, _ what: String, _ path: [UInt8]) throws(ArchiveError) -> UInt32 {
        // The highest value means "no id" to the kernel.
        guard value >= 0, value < Int64(UInt32.max) else { throw refusal(.corrupt, path, "its \(what) is \(value)") }
        return UInt32(value)
    }

    private func kind(_ path: [UInt8]) throws(ArchiveError) -> ArchiveEntryKind {
        if let target = unsafe archive_entry_hardlink(entry) {
            return .hardLink(target: unsafe try text(target, "link target", path: path))
        }
        let type = unsafe archive_entry_filetype(entry)
        switch type {
        case S_IFREG: return .file
        case S_IFDIR: return .directory
        case S_IFLNK: return .symbolicLink(target: unsafe try text(archive_entry_symlink(entry), "link target", path: path))
        case S_IFCHR, S_IFBLK:
            let major = try number(Int64(clamping: unsafe archive_entry_rdevmajor(entry)), "device number", path)
            let minor = try number(Int64(clamping: unsafe archive_entry_rdevminor(entry)), "device number", path)
            return type == S_IFCHR ? .characterDevice(major: major, minor: minor) : .blockDevice(major: major, minor: minor)
        case S_IFIFO: return .fifo
        case S_IFSOCK: return .socket
        default: throw refusal(.unsupported, path, "it is of a type that has no meaning here, such as a part of a volume")
        }
    }

    private func modified() -> ArchiveTime {
        let seconds = Int64(unsafe archive_entry_mtime(entry))
        let nanoseconds = UInt32(clamping: unsafe archive_entry_mtime_nsec(entry))
        // pax has a sign and a fraction; libarchive applies the sign to the seconds only.
        if isPax && seconds < 0 && nanoseconds > 0 {
            return ArchiveTime(seconds: seconds - 1, nanoseconds: 1_000_000_000 - nanoseconds)
        }
        return ArchiveTime(seconds: seconds, nanoseconds: nanoseconds)
    }

    private func dataRanges(_ path: [UInt8], size: UInt64) throws(ArchiveError) -> [Range<UInt64>]? {
        let count = Int(unsafe archive_entry_sparse_reset(entry))
        guard count > 0 else { return nil }
        guard count <= limits.dataRangeCount else {
            throw refusal(.limit, path, "its \(count) pieces of data are more than \(limits.dataRangeCount)")
        }
        var ranges: [Range<UInt64>] = []
        var offset: Int64 = 0
        var length: Int64 = 0
        while unsafe archive_entry_sparse_next(entry, &offset, &length) == ARCHIVE_OK {
            if length == 0 { continue }
            let (end, overflow) = offset.addingReportingOverflow(length)
            let previous = Int64(ranges.last?.upperBound ?? 0)
            guard length > 0, offset >= previous, !overflow, UInt64(end) <= size else {
                throw refusal(.corrupt, path, "its sparse map is out of order")
            }
            ranges.append(UInt64(offset)..<UInt64(end))
        }
        return ranges
    }
}

// MARK: - Attributes

extension EntryDecoder {
    private func attributes(_ path: [UInt8], _ access: AccessControlLists) throws(ArchiveError) -> [ArchiveAttribute] {
        let count = Int(unsafe archive_entry_xattr_reset(entry))
        // bsdtar writes each attribute twice, in two spellings.
        guard count <= 2 * limits.attributeCount else { throw tooManyAttributes(path) }
        var found: [[UInt8]: [UInt8]] = [:]
        var total = 0
        var name: UnsafePointer<CChar>?
        var value: UnsafeRawPointer?
        var size = 0
        while unsafe archive_entry_xattr_next(entry, &name, &value, &size) == ARCHIVE_OK {
            let key = unsafe Self.decoded(try text(name, "attribute name", path: path))
            guard size <= limits.attributeSize else {
                let shown = String(decoding: key, as: UTF8.self)
                throw refusal(.limit, path, "its attribute '\(shown)' of \(size) bytes is longer than \(limits.attributeSize)")
            }
            let bytes = unsafe Array(UnsafeRawBufferPointer(start: value, count: size))
            if let other = found.updateValue(bytes, forKey: key) {
                if other == bytes { continue }
                throw refusal(
                    .corrupt, path, "its attribute '\(String(decoding: key, as: UTF8.self))' has two different values")
            }
            total += key.count + size
        }
        for (name, value) in access.attributes where found[name] == nil {
            found[name] = value
            total += name.count + value.count
        }
        guard found.count <= limits.attributeCount else { throw tooManyAttributes(path) }
        guard total <= limits.attributesTotal else {
            throw refusal(.limit, path, "its attributes of \(total) bytes are longer than \(limits.attributesTotal)")
        }
        return found.map { ArchiveAttribute(name: $0.key, value: $0.value) }
            .sorted { $0.name.lexicographicallyPrecedes($1.name) }
    }

    private func tooManyAttributes(_ path: [UInt8]) -> ArchiveError {
        refusal(.limit, path, "it has more than \(limits.attributeCount) attributes")
    }

    /// GNU tar writes `=` and `%` in attribute names as `%3D` and `%25`; libarchive writes every unusual byte so.
    static func decoded(_ name: [UInt8]) -> [UInt8] {
        guard name.contains(UInt8(ascii: "%")) else { return name }
        var result: [UInt8] = []
        var index = 0
        while index < name.count {
            if name[index] == UInt8(ascii: "%"), index + 2 < name.count, let high = digit(name[index + 1]),
                let low = digit(name[index + 2])
            {
                result.append(high << 4 | low)
                index += 3
            } else {
                result.append(name[index])
                index += 1
            }
        }
        return result
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
