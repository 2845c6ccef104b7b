import ImageStore
import Model

/// Ranges of ids that users may map.
struct SubordinateIDChanges: SemanticCategory {
    static let name = "subordinate-ids"
    static let title = "Subordinate ids"

    func inputs(_ trees: ComparedTrees) throws(Failure) -> [TreePath] { SubordinateIDs.Kind.allCases.map(\.file) }

    func compare(_ trees: ComparedTrees, _ sources: [TreeDiff.Change]) throws(Failure) -> [SemanticChange] {
        let (old, new) = try trees.both { (view) throws(Failure) in
            var texts: [String] = []
            for kind in SubordinateIDs.Kind.allCases {
                texts += try SubordinateIDs.all(kind, in: view).map {
                    "\(kind.rawValue) of \($0.owner): \($0.first) and \($0.count) on"
                }
            }
            return texts
        }
        return compare(old, new, matters: false)
    }
}
