import ImageStore
import Model
import Recipes

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

    enum Kind: String {
        case owner, group

        fileprivate var database: TreePath { self == .owner ? "/etc/passwd" : "/etc/group" }
        fileprivate var noun: String { self == .owner ? "user" : "group" }
    }

    /// The number, looked up in the image as it is at this moment.
    func number(_ kind: Kind, in tree: any TreeView) throws(Failure) -> UInt32 {
        if let number = UInt32(text), number != .max { return number }
        let accounts = try Self.accounts(kind, in: tree)
        if let number = accounts[text] { return number }
        throw Failure(
            .notFound, "the image has no \(kind.noun) '\(text)' in \(kind.database)",
            hint: Suggestion.hint(for: text, among: accounts.keys.sorted()) ?? "write the number, or make the account before")
    }

    /// Names and numbers of passwd(5) and group(5), which both have the number in the third field. The first line of a name counts.
    private static func accounts(_ kind: Kind, in tree: any TreeView) throws(Failure) -> [String: UInt32] {
        var accounts: [String: UInt32] = [:]
        for line in try tree.text(kind.database)?.split(separator: "\n") ?? [] {
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            guard fields.count > 2, let number = UInt32(fields[2]), accounts[String(fields[0])] == nil else { continue }
            accounts[String(fields[0])] = number
        }
        return accounts
    }
}

/// Mode and owners that an action gives; nil for what it leaves as it is.
struct FileAttributes: Hashable, Sendable {
    var mode: FileMode?
    var owner: FileOwner?
    var group: FileOwner?
}
