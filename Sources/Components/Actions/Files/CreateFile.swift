import Guest
import ImageStore
import Model

/// Writes a file: links are followed, folders above it are made. One that is there keeps its owner and permissions where the inputs
/// do not give others. Permissions that are given are the file's, whatever the umask.
package enum CreateFile: Action {
    package static let name = "CreateFile"
    package static let summary = "creates a file, or overwrites one"
    package static let inputs = InputForm.items(
        [
            InputField("path", .text, required: true, "file to write"),
            InputField("content", .text, "text of the file; none by default"),
            TextEncoding.input,
        ] + FileAttributes.inputs + [
            InputField("permissions", .text, "octal; 0666 less the umask 022 by default"),
            InputField("overwrite", .boolean, "whether a file that is there may be overwritten; true by default"),
        ])

    package static func run(_ inputs: ActionInputs, _ context: ActionContext) throws(Failure) -> ActionResult {
        let path = try inputs.path("path")
        let bytes = try inputs.encoding().encode(try inputs.optionalText("content") ?? "")
        let overwrite = try inputs.boolean("overwrite", default: true)
        let editor = context.editor
        try attempt("create the file \(path)") { () throws(Failure) in
            let attributes = try FileAttributes(inputs, in: editor)
            let place = try path.filePlace(in: editor)
            if !overwrite { try editor.requireFree(place) }
            try editor.makeFolders(place.parent)
            try editor.writeFile(bytes, to: place)
            try attributes.apply(to: try editor.resolve(place), in: editor)
        }
        return ActionResult()
    }
}
