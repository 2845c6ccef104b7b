import ImageStore
import Model

/// Folders that are to be afterwards as they were before.
struct KeptFolders {
    private let folders: [(place: TreePath, contents: FolderContents?)]

    init(_ paths: [TreePath], in editor: TreeEditor) throws(Failure) {
        folders = try paths.map { (path) throws(Failure) in
            let place = try editor.resolve(path)
            guard try editor.node(at: place)?.isDirectory == true else { return (place, nil) }
            return (place, try FolderContents(place, in: editor))
        }
    }

    func restore(in editor: TreeEditor) throws(Failure) {
        for (place, contents) in folders {
            try editor.remove(place)
            for entry in contents?.entries ?? [] {
                let kind = entry.node.isDirectory ? Node.Kind.emptyDirectory : entry.node.kind
                try editor.put(Node(entry.node.metadata, kind), at: TreePath(place.names + entry.names))
            }
        }
    }
}
