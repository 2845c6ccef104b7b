import ImageStore
import Model

extension TreeEditor {
    /// As rename(2), of what is no folder, between paths without links: all stays with it, also its other names.
    func moveName(from source: TreePath, to target: TreePath) throws(Failure) {
        guard let node = try node(at: source) else { throw Failure(.notFound, "\(source) does not exist in the image") }
        try put(moved(node, from: source), at: target)
        try remove(source)
    }

    /// Moves a folder's entries to a folder that may be there already: what has the same name is replaced, folders are joined.
    func moveFolder(from source: TreePath, to target: TreePath) throws(Failure) {
        for entry in try FolderContents(source, in: self).entries {
            let place = TreePath(target.names + entry.names)
            let old = try node(at: place)
            if entry.node.isDirectory {
                if old?.isDirectory == true { continue }
                guard old == nil else { throw Failure(.conflict, "\(place) is not a folder, and a folder is to take its place") }
                try put(Node(entry.node.metadata, .emptyDirectory), at: place)
            } else {
                try put(moved(entry.node, from: TreePath(source.names + entry.names)), at: place)
            }
        }
        try remove(source)
    }

    /// What stands for the node at its new place while the old one is still there: one more name of a file that has several.
    private func moved(_ node: Node, from source: TreePath) -> Node {
        guard case .file(_, let links) = node.kind, links > 1 else { return node }
        return Node(node.metadata, .hardLink(source))
    }
}
