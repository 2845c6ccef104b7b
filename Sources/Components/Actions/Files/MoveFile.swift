import Guest
import ImageStore
import Model

/// Moves files within the image. Owner, permissions, attributes and time stay with them. A symbolic link that leads to a file is moved
/// itself.
package enum MoveFile: Action {
    package static let name = "MoveFile"
    package static let summary = "moves files within the image"
    package static let inputs = InputForm.items(CopyInputs.fields("file"))

    package static func run(_ inputs: ActionInputs, _ context: ActionContext) throws(Failure) -> ActionResult {
        let copy = try CopyInputs(inputs)
        let editor = context.editor
        try copy.forEach(.file, verb: "move the file", in: context) { (source, target) throws(Failure) in
            guard try editor.identity(of: source) != editor.identity(of: target) else {
                throw Failure(.conflict, "\(source) and \(target) are the same file")
            }
            try editor.makeFolders(target.parent)
            let place = try editor.resolve(target, followLast: false)
            if try editor.node(at: place)?.isDirectory == true {
                throw Failure(.conflict, "\(target) is a folder", hint: "end the destination with / to put the file into it")
            }
            try editor.moveName(from: try editor.resolve(source, followLast: false), to: place)
        }
        return ActionResult()
    }
}
