import Crypto
import Model

/// What differs between two trees. Directories of equal digest are not entered, so the cost follows the number of changes and not
/// the size of the image.
package enum TreeDiff {
    /// A path that is in one of the trees only, or differs in both.
    package struct Change: Sendable, Hashable {
        package let path: TreePath
        /// Nil: the path was added.
        package let before: Node?
        /// Nil: the path was removed.
        package let after: Node?

        package var kind: Kind {
            guard let before, let after else { return before == nil ? .added : .removed }
            if before.sameKind(as: after) { return .metadata }
            return .modified
        }

        package enum Kind: String, Sendable, CaseIterable {
            case added, removed, modified
            /// Only mode, owner, time or attributes differ.
            case metadata
        }
    }

    /// All changes, in the order of the tree. A directory whose own metadata is the same is not listed for its contents' sake.
    package static func changes(from old: Tree, to new: Tree) throws(Failure) -> [Change] {
        var changes: [Change] = []
        if old.root == new.root { return [] }
        try compare(.root, old.rootNode, new.rootNode, old.objects, new.objects, &changes)
        return changes
    }

    private static func compare(
        _ path: TreePath, _ old: Node, _ new: Node, _ oldObjects: any ObjectReader, _ newObjects: any ObjectReader,
        _ changes: inout [Change]
    ) throws(Failure) {
        if old == new { return }
        guard case .directory(let oldDigest) = old.kind, case .directory(let newDigest) = new.kind else {
            changes.append(Change(path: path, before: old, after: new))
            if old.isDirectory { try list(path, old, oldObjects) { changes.append(Change(path: $0, before: $1, after: nil)) } }
            if new.isDirectory { try list(path, new, newObjects) { changes.append(Change(path: $0, before: nil, after: $1)) } }
            return
        }
        if old.metadata != new.metadata { changes.append(Change(path: path, before: old, after: new)) }
        if oldDigest == newDigest { return }
        let difference = try DirectoryDifference(oldDigest, in: oldObjects, newDigest, in: newObjects)
        let (olds, news) = (difference.old, difference.new)
        var i = 0
        var j = 0
        while i < olds.count || j < news.count {
            if j == news.count || (i < olds.count && olds[i].name < news[j].name) {
                let here = path.appending(olds[i].name)
                changes.append(Change(path: here, before: olds[i].node, after: nil))
                try list(here, olds[i].node, oldObjects) { changes.append(Change(path: $0, before: $1, after: nil)) }
                i += 1
            } else if i == olds.count || news[j].name < olds[i].name {
                let here = path.appending(news[j].name)
                changes.append(Change(path: here, before: nil, after: news[j].node))
                try list(here, news[j].node, newObjects) { changes.append(Change(path: $0, before: nil, after: $1)) }
                j += 1
            } else {
                try compare(path.appending(olds[i].name), olds[i].node, news[j].node, oldObjects, newObjects, &changes)
                i += 1
                j += 1
            }
        }
    }

    /// All that is below a directory.
    private static func list(
        _ path: TreePath, _ node: Node, _ objects: any ObjectReader, _ body: (TreePath, Node) -> Void
    ) throws(Failure) {
        guard case .directory(let digest) = node.kind else { return }
        for (name, child) in try DirectoryObject.entries(digest, in: objects) {
            let here = path.appending(name)
            body(here, child)
            try list(here, child, objects, body)
        }
    }
}

extension Node {
    /// Whether two nodes differ in metadata at most. Directories count as the same whatever they hold.
    fileprivate func sameKind(as other: Node) -> Bool { (isDirectory && other.isDirectory) || kind == other.kind }
}
