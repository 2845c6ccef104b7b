import ImageStore
import Model

/// PAM: the modules that each service asks, includes followed.
struct AuthenticationChanges: SemanticCategory {
    static let name = "pam"
    static let title = "PAM"

    func inputs(_ trees: ComparedTrees) throws(Failure) -> [TreePath] { PAMConfiguration.folders }

    func compare(_ trees: ComparedTrees, _ sources: [TreeDiff.Change]) throws(Failure) -> [SemanticChange] {
        let (old, new) = try trees.both { (view) throws(Failure) in Self.lines(try PAMConfiguration(view)) }
        var changes: [SemanticChange] = []
        for file in Set(old.keys).union(new.keys).sorted() where old[file] != new[file] {
            let (before, after) = (old[file] ?? [], new[file] ?? [])
            let found = compare(
                before.map { "\(file): \($0)" }, after.map { "\(file): \($0)" }, matters: true)
            changes += found.isEmpty ? [change("\(file)", "", "", note: "another order of modules", matters: true)] : found
        }
        return changes
    }

    /// The lines of each file as they mean the same, whatever blanks part them: what many services include is told once.
    private static func lines(_ configuration: PAMConfiguration) -> [String: [String]] {
        configuration.files.mapValues { lines in
            lines.map { line in
                switch line {
                case .module(let entry): entry.text
                case .includeAll(let file, _): "@include \(file)"
                case .include(let file, let kind, let isSubstack, _):
                    "\(kind.rawValue) \(isSubstack ? "substack" : "include") \(file)"
                case .broken(let why, _): why
                }
            }
        }
    }
}
