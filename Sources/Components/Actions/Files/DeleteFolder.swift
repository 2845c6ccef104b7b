import Guest
import ImageStore
import Model

/// Deletes a folder. One that is not there needs no deleting.
package enum DeleteFolder: Action {
    package static let name = "DeleteFolder"
    package static let summary = "deletes a folder"
    package static let inputs = InputForm.items([
        InputField("path", .text, required: true, "folder to delete"),
        InputField("force", .boolean, "whether a folder that is not empty is deleted with all it holds; false by default"),
    ])

    package static func run(_ inputs: ActionInputs, _ context: ActionContext) throws(Failure) -> ActionResult {
        let path = try inputs.path("path")
        let force = try inputs.boolean("force", default: false)
        let editor = context.editor
        try attempt("delete the folder \(path)") { () throws(Failure) in
            let place = try editor.resolve(try path.place(in: editor), followLast: false)
            guard !place.isRoot else { throw Failure(.invalid, "it is the root of the image") }
            guard let node = try editor.node(at: place) else {
                context.print("DeleteFolder: \(path) does not exist in the image; nothing is deleted")
                return
            }
            guard node.isDirectory else {
                throw Failure(.invalid, "it is \(node.kindName), not a folder", hint: "DeleteFile deletes files and links")
            }
            let isEmpty = try editor.children(of: place)?.isEmpty ?? true
            guard force || isEmpty else {
                throw Failure(.conflict, "it is not empty", hint: "write 'force: true' to delete all that it holds")
            }
            try editor.remove(place)
        }
        return ActionResult()
    }
}
