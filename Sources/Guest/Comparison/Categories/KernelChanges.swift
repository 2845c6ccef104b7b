import ImageStore
import Model

/// The kernels, and what they are booted with.
struct KernelChanges: SemanticCategory {
    static let name = "kernel"
    static let title = "Kernel"

    func sources(_ trees: ComparedTrees) throws(Failure) -> [TreeDiff.Change] {
        let places =
            [KernelCommandLine.grubDefaults, KernelCommandLine.grubDropIns] + KernelCommandLine.plainFiles
            + KernelCommandLine.entryFolders
        // A kernel is a folder of modules and files in /boot: what changes within a folder that stays is not another kernel.
        let modules: [TreePath] = [InstalledKernels.moduleFolder, "/lib/modules"]
        let folders = Set(trees.changes.filter { $0.kind != .metadata && modules.contains($0.path.parent) }.map(\.path))
        let kernels = trees.changes.filter { change in
            if change.path.parent == InstalledKernels.bootFolder { return change.path.last?.description.contains("-") == true }
            return modules.contains { folders.contains(TreePath(Array(change.path.names.prefix($0.names.count + 1)))) }
        }
        return try kernels + trees.changes(within: places)
    }

    func compare(_ trees: ComparedTrees, _ sources: [TreeDiff.Change]) throws(Failure) -> [SemanticChange] {
        let (old, new) = try trees.both { (view) throws(Failure) in
            (
                versions: try InstalledKernels.versions(in: view),
                arguments: try KernelCommandLine.arguments(in: view).map { "argument \($0.argument)" }
            )
        }
        return compare(old.versions.map { "version \($0)" }, new.versions.map { "version \($0)" }, matters: false)
            + compare(old.arguments, new.arguments, matters: true)
    }
}
