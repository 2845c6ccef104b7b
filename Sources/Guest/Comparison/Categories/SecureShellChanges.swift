import ImageStore
import Model

/// What sshd does: the value of every option in the end, and what Match blocks say.
struct SecureShellChanges: SemanticCategory {
    static let name = "sshd"
    static let title = "ssh server"

    func inputs(_ trees: ComparedTrees) throws(Failure) -> [TreePath] {
        var inputs: Set<TreePath> = [SecureShellConfiguration.main, "/etc/ssh/sshd_config.d"]
        for view in [trees.old, trees.new] {
            inputs.formUnion(try SecureShellConfiguration(view).all.map(\.file))
        }
        return inputs.sorted()
    }

    func compare(_ trees: ComparedTrees, _ sources: [TreeDiff.Change]) throws(Failure) -> [SemanticChange] {
        let (old, new) = try trees.both { (view) throws(Failure) in try SecureShellServer(view) }
        var changes = compare(Self.values(old), Self.values(new)) { _, _, _ in true }
        changes += compare(Self.conditional(old), Self.conditional(new), matters: true)
        return changes
    }

    private static func values(_ server: SecureShellServer) -> [String: String] {
        server.all().mapValues { $0.joined(separator: " ") }.filter { !$0.value.isEmpty }
    }

    private static func conditional(_ server: SecureShellServer) -> [String] {
        server.conditional.map { line in
            "Match \(line.conditions.map(\.description).joined(separator: ", ")): \(line.key) \(line.value)"
        }
    }
}
