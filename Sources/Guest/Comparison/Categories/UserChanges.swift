import ImageStore
import Model

/// Users: who came, who went, and whose id, home or shell is another one.
struct UserChanges: SemanticCategory {
    static let name = "users"
    static let title = "Users"

    func inputs(_ trees: ComparedTrees) throws(Failure) -> [TreePath] { [AccountTable.passwd] }

    func compare(_ trees: ComparedTrees, _ sources: [TreeDiff.Change]) throws(Failure) -> [SemanticChange] {
        let (old, new) = try trees.both { (view) throws(Failure) in
            Dictionary(try Account.all(in: view).map { ($0.displayName, $0) }, uniquingKeysWith: { first, _ in first })
        }
        return Set(old.keys).union(new.keys).sorted().compactMap { name in
            let (before, after) = (old[name], new[name])
            guard before != after else { return nil }
            let note = after.map {
                $0.uid == 0 && $0.name != Array("root".utf8) ? "is root" : Self.mayLogIn($0) ? "has a shell" : ""
            }
            return change(
                name, before.map(Self.text), after.map(Self.text), note: note ?? "", matters: Self.matters(before, after))
        }
    }

    private static func text(_ account: Account) -> String {
        let home = String(decoding: account.home, as: UTF8.self)
        return "uid \(account.uid), gid \(account.gid), home \(home), shell \(String(decoding: account.shell, as: UTF8.self))"
    }

    /// Accounts of services without a shell come and go with packages.
    private static func matters(_ before: Account?, _ after: Account?) -> Bool {
        if let before, let after { return before.uid != after.uid || before.shell != after.shell || before.gid != after.gid }
        return (after ?? before).map { mayLogIn($0) || $0.uid == 0 } ?? false
    }

    private static func mayLogIn(_ account: Account) -> Bool {
        let shell = String(decoding: account.shell, as: UTF8.self)
        return !["nologin", "false", "sync"].contains { shell.hasSuffix("/" + $0) }
    }
}
