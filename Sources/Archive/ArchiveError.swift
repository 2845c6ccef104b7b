/// Why an archive could not be read or written.
package struct ArchiveError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Kind: Sendable, Equatable {
        /// The input ends before the archive does.
        case truncated
        /// The bytes contradict the format.
        case corrupt
        /// A valid archive with something that cannot be represented here.
        case unsupported
        /// The system refused a read or a write; the number is `errno`.
        case io(Int32)
        /// The archive exceeds a limit of ``ArchiveLimits``.
        case limit
        /// The caller broke the order of calls, or the sizes it announced.
        case misuse
    }

    package var kind: Kind
    /// What was tried, as a phrase after "cannot": `read the next entry`.
    package var operation: String
    /// The name of the entry at hand, for messages.
    package var entry: String?
    /// Where in the uncompressed archive, in bytes.
    package var offset: UInt64?
    /// What happened, in the library's words or this module's.
    package var reason: String

    package init(_ kind: Kind, operation: String, entry: String? = nil, offset: UInt64? = nil, reason: String) {
        self.kind = kind
        self.operation = operation
        self.entry = entry
        self.offset = offset
        self.reason = reason
    }

    package var description: String {
        var text = "cannot \(operation)"
        if let entry { text += " of '\(entry)'" }
        if let offset { text += " at byte \(offset)" }
        return text + ": " + reason
    }
}
