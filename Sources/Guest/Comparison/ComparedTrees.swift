import ImageStore
import Model

/// Two trees and what differs between them, for the categories to look at.
package struct ComparedTrees {
    package let old: any TreeView
    package let new: any TreeView
    /// In the order of the tree, without those that differ only in times.
    package let changes: [TreeDiff.Change]
    /// Seconds since 1970, by which certificates are said to end soon.
    package let now: Int64

    /// The changes at or below the paths, and below what links make of the paths in either tree.
    func changes(within paths: [TreePath]) throws(Failure) -> [TreeDiff.Change] {
        var folders: Set<TreePath> = []
        for path in paths {
            folders.insert(path)
            for view in [old, new] {
                folders.insert(try view.resolve(path))
                // What a link of the path's own name leads to, and the path in a folder that is a link.
                folders.insert(try view.resolve(path, followLast: false))
            }
        }
        return changes.filter { change in
            // Asking for each folder above the path costs less than asking each input.
            var names: [Name] = []
            if folders.contains(.root) { return true }
            for name in change.path.names {
                names.append(name)
                if folders.contains(TreePath(names)) { return true }
            }
            return false
        }
    }

    /// What a reader makes of the old and of the new tree.
    func both<Value>(_ read: (any TreeView) throws(Failure) -> Value) throws(Failure) -> (old: Value, new: Value) {
        (try read(old), try read(new))
    }
}
