import Guest
import ImageStore
import Model
import Text

/// Users and groups that a document names: by the image's own accounts, or by number.
package enum AccountLookup {
    /// The id of a user or group. A name is looked up first: an account may be named by digits.
    package static func id(of text: String, _ kind: OwnerNames.Kind, in view: any TreeView) throws(Failure) -> UInt32 {
        let known = try OwnerNames(kind, in: view)
        if let id = known.id(of: text) { return id }
        if let number = number(text) { return number }
        throw Failure(
            .notFound, "the image has no \(kind) '\(text.prefix(80))' in \(kind.file)",
            hint: Suggestion.hint(for: text, among: known.names) ?? "write the number, or make the account before")
    }

    /// The group that a user belongs to by passwd(5).
    package static func primaryGroup(of user: String, in view: any TreeView) throws(Failure) -> UInt32 {
        let accounts = try Account.all(in: view)
        let byNumber = number(user)
        let account = accounts.first { $0.name == Array(user.utf8) } ?? accounts.first { $0.uid == byNumber }
        if let account { return account.gid }
        if user == "root" { return 0 }
        throw Failure(
            .notFound, "the user '\(user.prefix(80))' has no account in the image, so that its primary group is not known",
            hint: "give the input 'group'")
    }

    /// The largest number means "no change" to chown(2).
    private static func number(_ text: String) -> UInt32? {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = UInt32(text), number != .max else { return nil }
        return number
    }
}
