import ImageStore
import Model

/// Who may run what as whom by sudo.
struct SudoChanges: SemanticCategory {
    static let name = "sudo"
    static let title = "sudo"

    func inputs(_ trees: ComparedTrees) throws(Failure) -> [TreePath] {
        var inputs: Set<TreePath> = [SudoPolicy.file, "/etc/sudoers.d"]
        for view in [trees.old, trees.new] {
            let policy = try SudoPolicy(view)
            inputs.formUnion(policy.folders)
            inputs.formUnion(policy.rules.map(\.place.file) + policy.defaults.map(\.place.file))
        }
        return inputs.sorted()
    }

    func compare(_ trees: ComparedTrees, _ sources: [TreeDiff.Change]) throws(Failure) -> [SemanticChange] {
        let (old, new) = try trees.both { (view) throws(Failure) in try SudoPolicy(view) }
        var changes = compare(old.rules.map(\.description), new.rules.map(\.description), matters: true)
        changes += compare(Self.defaults(old), Self.defaults(new)) { _, _, _ in true }
        changes += compare(Self.aliases(old), Self.aliases(new)) { _, _, _ in true }
        changes += compare(old.problems.map(\.text), new.problems.map(\.text), matters: true)
        // The same rules in another order may mean something else: the last one that fits counts.
        if changes.isEmpty, old.rules.map(\.description) != new.rules.map(\.description) {
            changes.append(change("order of rules", "", "", note: "the last rule that fits counts", matters: true))
        }
        return changes
    }

    private static func defaults(_ policy: SudoPolicy) -> [String: String] {
        lastOfEach(
            policy.defaults.map { ("Defaults\($0.scope) \($0.name)", $0.isOff ? "off" : $0.value.map { "= \($0)" } ?? "on") })
    }

    private static func aliases(_ policy: SudoPolicy) -> [String: String] {
        lastOfEach(
            policy.aliases.flatMap { kind, aliases in
                aliases.map { ("\(kind.rawValue) \($0.key)", $0.value.map(\.description).joined(separator: ", ")) }
            })
    }
}
