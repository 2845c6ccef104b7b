import ImageStore
import Model

/// Which kernel modules are loaded at boot, and which must not be.
struct KernelModuleChanges: SemanticCategory {
    static let name = "kernel-modules"
    static let title = "Kernel modules"

    func inputs(_ trees: ComparedTrees) throws(Failure) -> [TreePath] {
        ModprobeConfiguration.folders + LoadedModules.folders + ["/etc/modules"]
    }

    func compare(_ trees: ComparedTrees, _ sources: [TreeDiff.Change]) throws(Failure) -> [SemanticChange] {
        let (old, new) = try trees.both { (view) throws(Failure) in
            try ModprobeConfiguration(view).entries.map { entry in
                trimmed("\(entry.command.rawValue) \(entry.module) \(entry.arguments)")
            } + LoadedModules.all(in: view).map { "load \($0.module)" }
        }
        return compare(old, new, matters: true)
    }
}
