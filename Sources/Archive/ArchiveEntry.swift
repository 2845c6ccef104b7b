/// One member of an archive: its name, what it is, who owns it, and its attributes. The content follows as blocks.
///
/// Names, targets and attribute names are the bytes of the archive, without conversion between character sets. User and group
/// names, access times, change times and file flags of an archive are not kept.
package struct ArchiveEntry: Sendable, Hashable {
    /// The name as the archive has it: it may be absolute, hold `..`, begin with `./` or end in `/`.
    package var path: [UInt8]
    package var kind: ArchiveEntryKind
    /// Permission bits with set-user-id, set-group-id and sticky bit: at most `0o7777`.
    package var mode: UInt16
    package var owner: UInt32
    package var group: UInt32
    package var modified: ArchiveTime
    /// Length of the content in bytes, holes included. A hard link has zero, except the last link of a file in a cpio archive,
    /// which carries the content for all of them.
    package var size: UInt64
    /// Extended attributes sorted by name, each name once. POSIX access control lists stand here in the kernel's form, as
    /// `system.posix_acl_access` and `system.posix_acl_default`; file capabilities as `security.capability`.
    package var attributes: [ArchiveAttribute]
    /// Where the content of a sparse file has data, ascending and disjoint; `nil`: everywhere.
    package var dataRanges: [Range<UInt64>]?

    package init(
        path: [UInt8], kind: ArchiveEntryKind, mode: UInt16, owner: UInt32 = 0, group: UInt32 = 0,
        modified: ArchiveTime = ArchiveTime(seconds: 0), size: UInt64 = 0, attributes: [ArchiveAttribute] = [],
        dataRanges: [Range<UInt64>]? = nil
    ) {
        self.path = path
        self.kind = kind
        self.mode = mode
        self.owner = owner
        self.group = group
        self.modified = modified
        self.size = size
        self.attributes = attributes
        self.dataRanges = dataRanges
    }

    /// The path for messages: bytes that are not UTF-8 become replacement characters.
    package var displayPath: String { String(decoding: path, as: UTF8.self) }
}

/// What an entry is.
package enum ArchiveEntryKind: Sendable, Hashable {
    case file
    case directory
    case symbolicLink(target: [UInt8])
    /// Another name for a file that came before under the path `target`.
    case hardLink(target: [UInt8])
    case characterDevice(major: UInt32, minor: UInt32)
    case blockDevice(major: UInt32, minor: UInt32)
    case fifo
    case socket

    /// Whether content may follow. (In cpio a symbolic link's size is the length of its target.)
    var hasContent: Bool {
        switch self {
        case .file, .hardLink: true
        default: false
        }
    }
}

/// A point of time since 1970-01-01T00:00:00Z: `nanoseconds` (0 to 999,999,999) count forward from `seconds`, also before 1970.
package struct ArchiveTime: Sendable, Hashable {
    package var seconds: Int64
    package var nanoseconds: UInt32

    package init(seconds: Int64, nanoseconds: UInt32 = 0) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }
}

/// An extended attribute: its full name, such as `user.comment`, and its value.
package struct ArchiveAttribute: Sendable, Hashable {
    package var name: [UInt8]
    package var value: [UInt8]

    package init(name: [UInt8], value: [UInt8]) {
        self.name = name
        self.value = value
    }
}
