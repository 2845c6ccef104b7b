import Guest
import ImageStore
import Model

/// Copies files within the image. Contents are shared with the source and never read. A new file gets the source's permissions less
/// the umask and belongs to root; one that is overwritten keeps its own.
package enum CopyFile: Action {
    package static let name = "CopyFile"
    package static let summary = "copies files within the image"
    package static let inputs = InputForm.items(CopyInputs.fields("file"))

    package static func run(_ inputs: ActionInputs, _ context: ActionContext) throws(Failure) -> ActionResult {
        let copy = try CopyInputs(inputs)
        let editor = context.editor
        try copy.forEach(.file, verb: "copy the file", in: context) { (source, target) throws(Failure) in
            guard let node = try editor.resolvedNode(source), let content = node.content else { return }
            guard try editor.identity(of: source) != editor.identity(of: target) else {
                throw Failure(.conflict, "\(source) and \(target) are the same file")
            }
            try editor.makeFolders(target.parent)
            try editor.writeFile(content, to: target, mode: node.metadata.mode & 0o777)
        }
        return ActionResult()
    }
}
