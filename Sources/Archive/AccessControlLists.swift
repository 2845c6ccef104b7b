import CArchive

/// The POSIX access control lists of an entry. GNU tar (`--acls`) and star write them as `SCHILY.acl.*`, and libarchive
/// keeps them apart from the other attributes. The kernel has them as attributes, so they become such here.
struct AccessControlLists {
    /// `system.posix_acl_access` and `system.posix_acl_default` with their values, as far as there are any.
    private(set) var attributes: [([UInt8], [UInt8])] = []
    /// The rights of the mask, which are the group bits of the mode in a file with an access control list.
    private var mask: UInt16?

    /// One line of a list, as the kernel stores it.
    private struct Line {
        var tag: UInt16
        var permissions: UInt16
        var id: UInt32
    }

    @unsafe init(entry: OpaquePointer, path: [UInt8]) throws(ArchiveError) {
        if unsafe archive_entry_acl_types(entry) & ~posixTypes != 0 {
            throw Self.refusal(path, "it has an NFSv4 access control list")
        }
        for (type, name) in [
            (ARCHIVE_ENTRY_ACL_TYPE_ACCESS, "system.posix_acl_access"),
            (ARCHIVE_ENTRY_ACL_TYPE_DEFAULT, "system.posix_acl_default"),
        ] where unsafe archive_entry_acl_reset(entry, type) > 0 {
            let lines = unsafe try Self.lines(entry, type, path)
            if lines.isEmpty { continue }
            attributes.append((Array(name.utf8), Self.encode(lines)))
            if type == ARCHIVE_ENTRY_ACL_TYPE_ACCESS { mask = lines.first { $0.tag == 0x10 }?.permissions }
        }
    }

    /// libarchive puts the rights of the owning group where the mask belongs: this undoes it.
    func mode(from mode: UInt16) -> UInt16 { mask.map { mode & ~0o070 | $0 << 3 } ?? mode }

    @unsafe private static func lines(_ entry: OpaquePointer, _ wanted: Int32, _ path: [UInt8]) throws(ArchiveError) -> [Line] {
        var lines: [Line] = []
        var type: Int32 = 0
        var permissions: Int32 = 0
        var tag: Int32 = 0
        var id: Int32 = 0
        var name: UnsafePointer<CChar>?
        while unsafe archive_entry_acl_next(entry, wanted, &type, &permissions, &tag, &id, &name) == ARCHIVE_OK {
            guard let code = tags[tag] else { throw refusal(path, "its access control list has an unknown line") }
            let isNamed = code == 0x02 || code == 0x08
            if isNamed && id < 0 {
                let who = unsafe name.map { unsafe String(cString: $0) } ?? ""
                throw refusal(
                    path,
                    "its access control list has the name '\(who)' without a number; GNU tar writes numbers "
                        + "with --numeric-owner")
            }
            lines.append(
                Line(tag: code, permissions: UInt16(permissions & 7), id: isNamed ? UInt32(bitPattern: id) : UInt32.max))
        }
        return lines.sorted { ($0.tag, $0.id) < ($1.tag, $1.id) }
    }

    /// `struct posix_acl_xattr_header` and `posix_acl_xattr_entry` of Linux: version 2, then tag, rights and id, little endian.
    private static func encode(_ lines: [Line]) -> [UInt8] {
        var bytes: [UInt8] = [2, 0, 0, 0]
        for line in lines {
            for half in [line.tag, line.permissions, UInt16(truncatingIfNeeded: line.id), UInt16(line.id >> 16)] {
                bytes.append(UInt8(truncatingIfNeeded: half))
                bytes.append(UInt8(half >> 8))
            }
        }
        return bytes
    }

    /// libarchive's tags and those of Linux (`ACL_USER_OBJ` and so on).
    private static let tags: [Int32: UInt16] = [
        ARCHIVE_ENTRY_ACL_USER_OBJ: 0x01, ARCHIVE_ENTRY_ACL_USER: 0x02, ARCHIVE_ENTRY_ACL_GROUP_OBJ: 0x04,
        ARCHIVE_ENTRY_ACL_GROUP: 0x08, ARCHIVE_ENTRY_ACL_MASK: 0x10, ARCHIVE_ENTRY_ACL_OTHER: 0x20,
    ]

    private static func refusal(_ path: [UInt8], _ reason: String) -> ArchiveError {
        ArchiveError(
            .unsupported, operation: "read the header", entry: String(decoding: path, as: UTF8.self), reason: reason)
    }
}

private let posixTypes = ARCHIVE_ENTRY_ACL_TYPE_ACCESS | ARCHIVE_ENTRY_ACL_TYPE_DEFAULT
