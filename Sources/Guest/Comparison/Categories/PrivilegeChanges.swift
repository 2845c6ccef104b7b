import ImageStore
import Model

/// Files that give rights to whoever runs them (setuid, setgid, capabilities), and what everybody may write to.
struct PrivilegeChanges: SemanticCategory {
    static let name = "privileges"
    static let title = "Privileged files"

    func sources(_ trees: ComparedTrees) throws(Failure) -> [TreeDiff.Change] {
        trees.changes.filter { Self.privilege($0.before) != Self.privilege($0.after) }
    }

    func compare(_ trees: ComparedTrees, _ sources: [TreeDiff.Change]) throws(Failure) -> [SemanticChange] {
        sources.map { source in
            let (before, after) = (Self.privilege(source.before), Self.privilege(source.after))
            let owner = source.after.map { "owner \($0.metadata.uid):\($0.metadata.gid)" } ?? ""
            return change(
                source.path.escaped, before.isEmpty ? nil : before, after.isEmpty ? nil : after, note: owner, matters: true)
        }
    }

    private static func privilege(_ node: Node?) -> String { node.map { FilePrivilege($0).text } ?? "" }
}
