import Guest
import ImageStore
import Model

/// Lists the files of a folder: regular files, and links that lead to one. Links to folders are not gone into.
package enum ListFiles: Action {
    package static let name = "ListFiles"
    package static let summary = "lists the files of a folder"
    package static let inputs = InputForm.items([
        InputField("path", .text, required: true, "folder to look into"),
        InputField("fileNamePattern", .text, "which names; '*' stands for any part of one, and is the default"),
        InputField("recursive", .boolean, "whether folders below are looked into as well; false by default"),
    ])
    package static let outputs = ["files"]

    package static func run(_ inputs: ActionInputs, _ context: ActionContext) throws(Failure) -> ActionResult {
        let path = try inputs.path("path")
        let wildcard = try PathPattern.wildcard((try inputs.optionalText("fileNamePattern") ?? "*").utf8)
        let isRecursive = try inputs.boolean("recursive", default: false)
        let editor = context.editor
        let files = try attempt("list the files of \(path)") { () throws(Failure) in
            let place = try path.place(in: editor)
            let folder = try editor.resolve(place)
            guard let node = try editor.node(at: folder) else {
                throw Failure(.notFound, "the folder does not exist in the image")
            }
            guard node.isDirectory else { throw Failure(.invalid, "it is \(node.kindName), not a folder") }
            var files: [TreePath] = []
            try editor.walk(from: folder) { (found, node) throws(Failure) in
                if let name = found.last, found != folder, wildcard.matches(name.bytes), try isFile(node, found, editor) {
                    files.append(TreePath(place.names + found.names.dropFirst(folder.names.count)))
                }
                return isRecursive || found == folder
            }
            return files
        }
        for file in files where String(validating: file.bytes, as: UTF8.self) == nil {
            context.print("ListFiles: the name of \(file) is not UTF-8 and is listed with its foreign bytes replaced")
        }
        return ActionResult(["files": files.map(\.description).joined(separator: ",")])
    }

    private static func isFile(_ node: Node, _ place: TreePath, _ editor: TreeEditor) throws(Failure) -> Bool {
        switch node.kind {
        case .file, .hardLink: return true
        case .symlink:
            // A link in a circle or out of the image leads to no file.
            do throws(Failure) { return try editor.resolvedNode(place)?.content != nil } catch { return false }
        default: return false
        }
    }
}
