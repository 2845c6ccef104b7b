import Guest
import ImageStore
import Model

/// Deletes files; a symbolic link is deleted itself. A file that is not there needs no deleting.
package enum DeleteFile: Action {
    package static let name = "DeleteFile"
    package static let summary = "deletes files"
    package static let inputs = InputForm.items([
        InputField("path", .text, required: true, "file to delete; '*' stands for any part of the last name")
    ])

    package static func run(_ inputs: ActionInputs, _ context: ActionContext) throws(Failure) -> ActionResult {
        let pattern = try inputs.pattern("path")
        let editor = context.editor
        try attempt("delete the file \(pattern)") { () throws(Failure) in
            let found: [TreePath]
            do throws(Failure) { found = try pattern.find(.anyName, in: editor) } catch {
                guard error.code == .notFound else { throw error }
                context.print("DeleteFile: \(error.message); nothing is deleted")
                return
            }
            for place in found { try editor.remove(try editor.resolve(place, followLast: false)) }
        }
        return ActionResult()
    }
}
