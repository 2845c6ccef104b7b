import Guest
import ImageStore
import Model

/// Converts a file from UTF-8.
package enum SetFileEncoding: Action {
    package static let name = "SetFileEncoding"
    package static let summary = "converts a file from UTF-8 to another encoding"
    package static let inputs = InputForm.items([
        InputField("path", .text, required: true, "file to convert"),
        TextEncoding.input,
    ])

    private static let largestFile = 64 << 20

    package static func run(_ inputs: ActionInputs, _ context: ActionContext) throws(Failure) -> ActionResult {
        let path = try inputs.path("path")
        let encoding = try inputs.encoding()
        let editor = context.editor
        try attempt("convert the file \(path) to \(encoding.rawValue)") { () throws(Failure) in
            let place = try path.filePlace(in: editor)
            let bytes = try editor.fileContent(at: place).bytes(from: editor.objects, limit: largestFile)
            let text = try TextEncoding.utf8.decode(bytes)
            if encoding != .utf8 { try editor.writeFile(encoding.encode(text), to: place) }
        }
        return ActionResult()
    }
}
