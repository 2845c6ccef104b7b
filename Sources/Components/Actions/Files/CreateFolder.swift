import Guest
import ImageStore
import Model

/// Makes a folder and those above it. One that is there keeps what it holds, and its owner and permissions where the inputs do not give
/// others.
package enum CreateFolder: Action {
    package static let name = "CreateFolder"
    package static let summary = "creates a folder"
    package static let inputs = InputForm.items(
        [InputField("path", .text, required: true, "folder to make")] + FileAttributes.inputs + [
            InputField("permissions", .text, "octal; 0777 less the umask 022 by default"),
            InputField("overwrite", .boolean, "whether the folder may be there already; true by default"),
        ])

    package static func run(_ inputs: ActionInputs, _ context: ActionContext) throws(Failure) -> ActionResult {
        let path = try inputs.path("path")
        let overwrite = try inputs.boolean("overwrite", default: true)
        let editor = context.editor
        try attempt("create the folder \(path)") { () throws(Failure) in
            let attributes = try FileAttributes(inputs, in: editor)
            let place = try path.place(in: editor)
            if !overwrite { try editor.requireFree(place) }
            try editor.makeFolders(place)
            try attributes.apply(to: try editor.resolve(place), in: editor)
        }
        return ActionResult()
    }
}
