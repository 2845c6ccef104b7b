import ImageStore
import Model

/// Keys that let somebody log in by ssh, by fingerprint.
struct AuthorizedKeyChanges: SemanticCategory {
    static let name = "authorized-keys"
    static let title = "Authorized ssh keys"
    private static let maximumSize = 1 << 20

    func sources(_ trees: ComparedTrees) throws(Failure) -> [TreeDiff.Change] {
        let candidates = trees.changes.filter { change in
            let name = change.path.last?.description ?? ""
            return name.hasPrefix("authorized_keys") || change.path.isWithin("/etc/ssh/authorized_keys.d")
                || change.path.isWithin("/etc/ssh/authorized_keys")
        }
        return try candidates + configured(trees, besides: Set(candidates.map(\.path)))
    }

    /// Changed files that sshd's AuthorizedKeysFile names.
    private func configured(_ trees: ComparedTrees, besides known: Set<TreePath>) throws(Failure) -> [TreeDiff.Change] {
        var paths: Set<TreePath> = []
        for view in [trees.old, trees.new] {
            let patterns = try SecureShellServer(view).values(of: "authorizedkeysfile")
            let others = patterns.filter { !$0.hasSuffix("authorized_keys") && !$0.hasSuffix("authorized_keys2") && $0 != "none" }
            if others.isEmpty { continue }
            for account in try Account.all(in: view) { paths.formUnion(others.compactMap { Self.path($0, account) }) }
        }
        return trees.changes.filter { paths.contains($0.path) && !known.contains($0.path) }
    }

    /// The tokens of sshd_config(5) replaced.
    private static func path(_ pattern: String, _ account: Account) -> TreePath? {
        let home = String(decoding: account.home, as: UTF8.self)
        let text = pattern.replacing("%h", with: home).replacing("%u", with: account.displayName)
            .replacing("%U", with: String(account.uid)).replacing("%%", with: "%")
        return try? TreePath(parsing: text.hasPrefix("/") ? text : home + "/" + text)
    }

    func compare(_ trees: ComparedTrees, _ sources: [TreeDiff.Change]) throws(Failure) -> [SemanticChange] {
        var changes: [SemanticChange] = []
        for source in sources {
            let old = try keys(source.before, source.path, trees.old)
            let new = try keys(source.after, source.path, trees.new)
            changes += compare(old, new) { _, _, _ in true }
        }
        return changes
    }

    private func keys(_ node: Node?, _ path: TreePath, _ view: any TreeView) throws(Failure) -> [String: String] {
        guard let content = node?.content else { return [:] }
        let bytes = try content.bytes(from: view.objects, limit: Self.maximumSize)
        return lastOfEach(
            AuthorizedKey.all(in: bytes, of: path).map { key in
                let words = [key.type, key.comment, key.options].filter { !$0.isEmpty }
                return ("\(path.escaped) \(key.fingerprint)", words.joined(separator: " "))
            })
    }
}
