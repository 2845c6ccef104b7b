import ImageStore
import Model

/// The rules for new accounts and passwords.
struct LoginDefinitionChanges: SemanticCategory {
    static let name = "login-defs"
    static let title = "Rules for accounts"

    func inputs(_ trees: ComparedTrees) throws(Failure) -> [TreePath] { [LoginDefinitions.file] }

    func compare(_ trees: ComparedTrees, _ sources: [TreeDiff.Change]) throws(Failure) -> [SemanticChange] {
        let (old, new) = try trees.both { (view) throws(Failure) in
            lastOfEach(try LoginDefinitions(view).effective.map { ($0.key, $0.value) })
        }
        return compare(old, new) { _, _, _ in true }
    }
}
