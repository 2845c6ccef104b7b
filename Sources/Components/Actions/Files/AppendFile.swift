import Guest
import ImageStore
import Model

/// Adds text to the end of a file that exists.
package enum AppendFile: Action {
    package static let name = "AppendFile"
    package static let summary = "adds text to the end of a file"
    package static let inputs = InputForm.items([
        InputField("path", .text, required: true, "file to add to"),
        InputField("content", .text, "text to add; none by default"),
        TextEncoding.input,
    ])

    package static func run(_ inputs: ActionInputs, _ context: ActionContext) throws(Failure) -> ActionResult {
        let path = try inputs.path("path")
        let bytes = try inputs.encoding().encode(try inputs.optionalText("content") ?? "")
        let editor = context.editor
        try attempt("append to the file \(path)") { () throws(Failure) in
            let place = try path.filePlace(in: editor)
            let content = try editor.fileContent(at: place)
            guard !bytes.isEmpty else { return }
            try editor.writeFile(try editor.content(content, followedBy: bytes), to: place)
        }
        return ActionResult()
    }
}
