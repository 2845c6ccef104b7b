import ImageStore
import Model

/// `delete`: what fits goes, folders with all below them. A link goes itself; what it leads to stays.
package struct DeletePaths: ScrubKind {
    package static let name = "delete"

    package init() {}

    package func run(_ work: ScrubWork) throws(Failure) { try Self.delete(try work.targets(), work) }

    /// Where every name of a secret must go, a link to one that stays is a problem.
    static func delete(_ paths: [TreePath], _ work: ScrubWork) throws(Failure) {
        var last: TreePath?
        var linked: [(link: TreePath, file: TreePath)] = []
        for path in paths {
            if let last, path.isWithin(last) { continue }
            last = path
            if work.operation.everyName, let file = try linkedFile(path, work) { linked.append((path, file)) }
            try work.remove(path)
        }
        for (link, file) in linked where try work.isFile(file) {
            work.problem("\(link.escaped) was a link to \(file.escaped), which is still there")
        }
    }

    private static func linkedFile(_ path: TreePath, _ work: ScrubWork) throws(Failure) -> TreePath? {
        guard try work.editor.node(at: path)?.isSymlink == true else { return nil }
        let target: TreePath
        do throws(Failure) { target = try work.editor.resolve(path) } catch { return nil }
        return try work.isFile(target) ? target : nil
    }
}
