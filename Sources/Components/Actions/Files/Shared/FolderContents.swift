import ImageStore
import Model

/// A folder and all below it, as it was when it was looked at: what is done with the tree afterwards does not change it.
struct FolderContents {
    struct Entry {
        /// Below the folder; none for the folder itself.
        let names: ArraySlice<Name>
        let node: Node
    }

    let folder: TreePath
    /// In the order of the tree, the folder itself first.
    let entries: [Entry]

    /// `folder` has no links in it.
    init(_ folder: TreePath, in view: any TreeView) throws(Failure) {
        self.folder = folder
        var entries: [Entry] = []
        try view.walk(from: folder) { (path, node) throws(Failure) in
            entries.append(Entry(names: path.names.dropFirst(folder.names.count), node: node))
            return true
        }
        self.entries = entries
    }
}
