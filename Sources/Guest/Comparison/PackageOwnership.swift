import ImageStore
import Model

/// Which packages own the changed files of two images. Databases are read when the first file asks.
struct PackageOwnership {
    private let new: FileOwners
    private let old: FileOwners?

    init(_ trees: ComparedTrees) throws(Failure) {
        new = try FileOwners(in: trees.new)
        let hasRemovals = trees.changes.contains { $0.after == nil }
        old = hasRemovals ? try FileOwners(in: trees.old) : nil
    }

    func packages(of change: TreeDiff.Change) -> [String] {
        let owners = new[change.path]
        return owners.isEmpty ? old?[change.path] ?? [] : owners
    }
}
