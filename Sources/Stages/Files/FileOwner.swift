import Guest
import ImageStore
import Model
import Text

/// Who a file belongs to: a name of the image's account database, or a number.
struct FileOwner: Hashable, Sendable {
    let text: String

    /// Whether the text can be a name or a number at all; whether there is such an account is known once there is a tree.
    init?(_ text: String) {
        guard !text.isEmpty,
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ":") && $0 != UInt8(ascii: "/") })
        else { return nil }
        self.text = text
    }

    /// The number, looked up in the image as it is at this moment.
    func number(_ kind: OwnerNames.Kind, in tree: any TreeView) throws(Failure) -> UInt32 {
        if let number = UInt32(text), number != .max { return number }
        let known = try OwnerNames(kind, in: tree)
        if let number = known.id(of: text) { return number }
        throw Failure(
            .notFound, "the image has no \(kind) '\(text)' in \(kind.file)",
            hint: Suggestion.hint(for: text, among: known.names) ?? "write the number, or make the account before")
    }
}

/// Mode and owners that an action gives; nil for what it leaves as it is.
struct FileAttributes: Hashable, Sendable {
    var mode: FileMode?
    var owner: FileOwner?
    var group: FileOwner?
}
