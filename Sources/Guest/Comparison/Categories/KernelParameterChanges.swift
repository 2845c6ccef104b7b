import ImageStore
import Model

/// Kernel parameters as they are set at boot.
struct KernelParameterChanges: SemanticCategory {
    static let name = "sysctl"
    static let title = "Kernel parameters"

    func inputs(_ trees: ComparedTrees) throws(Failure) -> [TreePath] { SysctlSettings.folders + [SysctlSettings.main] }

    func compare(_ trees: ComparedTrees, _ sources: [TreeDiff.Change]) throws(Failure) -> [SemanticChange] {
        let (old, new) = try trees.both { (view) throws(Failure) in
            lastOfEach(try SysctlSettings(view).effective.map { ($0.name, $0.value ?? "") })
        }
        return compare(old, new) { _, _, _ in true }
    }
}
