import ImageStore
import Model

/// When timer units elapse, and what they start.
struct TimerChanges: SemanticCategory {
    static let name = "timers"
    static let title = "Timers"

    func inputs(_ trees: ComparedTrees) throws(Failure) -> [TreePath] { UnitFolders.all }

    func compare(_ trees: ComparedTrees, _ sources: [TreeDiff.Change]) throws(Failure) -> [SemanticChange] {
        let isTouched = sources.contains { $0.path.names.contains { $0.description.contains(".timer") } }
        guard isTouched else { return [] }
        let (old, new) = try trees.both { (view) throws(Failure) in
            lastOfEach(
                try UnitTimer.all(in: try UnitCatalogue(view)).map { timer in
                    (timer.unit.text, "\(timer.triggers.joined(separator: ", ")), starts \(timer.starts)")
                })
        }
        return compare(old, new) { _, _, _ in false }
    }
}
