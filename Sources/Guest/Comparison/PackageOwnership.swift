import ImageStore
import Model

/// Which packages own some changed files of two images. Of the packages' lists only names that some file has are looked into.
struct PackageOwnership {
    private let new: [[UInt8]: [String]]
    private let old: [[UInt8]: [String]]

    init(_ trees: ComparedTrees, of changes: [TreeDiff.Change]) throws(Failure) {
        new = try Self.owners(of: changes, in: trees.new)
        old = try Self.owners(of: changes.filter { $0.after == nil }, in: trees.old)
    }

    /// In the new image, or else in the old one.
    func packages(of change: TreeDiff.Change) -> [String] { new[change.path.bytes] ?? old[change.path.bytes] ?? [] }

    private static func owners(
        of changes: [TreeDiff.Change], in view: any TreeView
    ) throws(Failure) -> [[UInt8]: [String]] {
        let names = Set(changes.compactMap { $0.path.last?.bytes[...] })
        if names.isEmpty { return [:] }
        var places = try PackagePlaces(in: view)
        var owners: [[UInt8]: [String]] = [:]
        for source in try InstalledPackages.sources(in: view) {
            try source.forEachPath { (file) throws(Failure) in
                let start = file.path.lastIndex(of: 0x2F).map { $0 + 1 } ?? file.path.startIndex
                guard names.contains(file.path[start...]), let place = try places.place(file) else { return }
                owners[place, default: []].append(file.package)
            }
        }
        return owners
    }
}
