import Guest
import ImageStore
import Model

/// Copies folders within the image, into what is there already. Symbolic links are copied as links; modes and owners are as
/// `CopyFile` gives them.
package enum CopyFolder: Action {
    package static let name = "CopyFolder"
    package static let summary = "copies folders with all that they hold"
    package static let inputs = InputForm.items(CopyInputs.fields("folder"))

    package static func run(_ inputs: ActionInputs, _ context: ActionContext) throws(Failure) -> ActionResult {
        let copy = try CopyInputs(inputs)
        let editor = context.editor
        try copy.forEach(.folder, verb: "copy the folder", in: context) { (source, target) throws(Failure) in
            let folder = try editor.resolve(source)
            guard try !editor.resolve(target).isWithin(folder) else {
                throw Failure(.invalid, "\(target) lies in the folder itself")
            }
            let contents = try FolderContents(folder, in: editor)
            try editor.makeFolders(target.parent)
            for entry in contents.entries {
                try context.checkCancellation()
                try put(entry.node, at: TreePath(target.names + entry.names), in: editor)
            }
        }
        return ActionResult()
    }

    private static func put(_ node: Node, at target: TreePath, in editor: TreeEditor) throws(Failure) {
        let mode = node.metadata.mode & 0o777
        switch node.kind {
        case .directory: try editor.makeFolders(target, mode: mode)
        case .file(let content, _): try editor.writeFile(content, to: target, mode: mode)
        case .hardLink(let file):
            guard let content = try editor.node(at: file)?.content else { return }
            try editor.writeFile(content, to: target, mode: mode)
        case .symlink: try editor.put(Node(Metadata(mode: 0o777, modified: editor.date), node.kind), at: try name(target, editor))
        case .characterDevice, .blockDevice, .fifo:
            let metadata = Metadata(mode: mode & ~TreeEditor.umask, modified: editor.date)
            try editor.put(Node(metadata, node.kind), at: try name(target, editor))
        }
    }

    private static func name(_ target: TreePath, _ editor: TreeEditor) throws(Failure) -> TreePath {
        try editor.resolve(target, followLast: false)
    }
}
