import ImageStore
import Model

/// Files that dpkg-divert(1) puts aside: a package's file goes to another path, unless the package made the diversion.
struct Diversions {
    private var targets: [TreePath: (to: TreePath, by: String)] = [:]

    private static let file: TreePath = "/var/lib/dpkg/diversions"

    init(_ guest: any TreeView) throws(Failure) {
        let lines = try LineFile(Self.file, in: guest).lines
        guard lines.count.isMultiple(of: 3) else {
            throw Failure(.invalid, "\(Self.file) does not have three lines for each diversion")
        }
        for start in stride(from: 0, to: lines.count, by: 3) {
            let owner = String(decoding: lines[start + 2], as: UTF8.self)
            targets[try TreePath(parsing: lines[start])] = (try TreePath(parsing: lines[start + 1]), owner)
        }
    }

    /// The paths that are put aside, as bytes.
    var paths: Set<[UInt8]> { Set(targets.keys.map(\.bytes)) }

    /// Where a package's file goes. A local diversion (`:`) holds for every package.
    func target(of path: TreePath, package: String) -> TreePath {
        guard let (to, owner) = targets[path], owner != package else { return path }
        return to
    }
}
