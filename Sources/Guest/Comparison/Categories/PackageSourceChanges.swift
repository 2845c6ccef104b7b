import ImageStore
import Model

/// Where packages come from, and by whose keys they are believed.
struct PackageSourceChanges: SemanticCategory {
    static let name = "package-sources"
    static let title = "Package sources"
    private static let lists: [TreePath] = [
        "/etc/apt/sources.list", "/etc/apt/sources.list.d", "/etc/yum.repos.d", "/etc/apk/repositories",
    ]
    private static let keys: [TreePath] = [
        "/etc/apt/trusted.gpg", "/etc/apt/trusted.gpg.d", "/etc/apt/keyrings", "/usr/share/keyrings", "/etc/pki/rpm-gpg",
        "/etc/apk/keys",
    ]

    func inputs(_ trees: ComparedTrees) throws(Failure) -> [TreePath] { Self.lists + Self.keys }

    func compare(_ trees: ComparedTrees, _ sources: [TreeDiff.Change]) throws(Failure) -> [SemanticChange] {
        let keys = Set(try trees.changes(within: Self.keys).map(\.path))
        var changes: [SemanticChange] = []
        for source in sources where source.kind != .metadata {
            if keys.contains(source.path) {
                guard (source.after ?? source.before)?.content != nil else { continue }
                changes.append(
                    change(
                        source.path.escaped, source.before == nil ? nil : "", source.after == nil ? nil : "",
                        note: source.kind == .modified ? "another key" : "key", matters: true))
            } else {
                changes += compare(
                    try lines(source.path, trees.old), try lines(source.path, trees.new), matters: true)
            }
        }
        return changes
    }

    private func lines(_ path: TreePath, _ view: any TreeView) throws(Failure) -> [String] {
        try LogicalLines(path, in: view, joins: false).lines.map(\.text).filter { $0.first != "#" }.map {
            "\(path.escaped): \($0)"
        }
    }
}
