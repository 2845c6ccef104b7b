import ImageStore
import Model

/// Reads a text file into the output `content`.
package enum ReadFile: Action {
    package static let name = "ReadFile"
    package static let summary = "reads a text file"
    package static let inputs = InputForm.items([
        InputField("path", .text, required: true, "file to read"),
        TextEncoding.input,
        InputField("printFileContent", .boolean, "whether the text goes to the console log; false by default"),
    ])
    package static let outputs = ["content"]

    /// A value that later steps refer to is held in memory.
    private static let largestFile = 16 << 20

    package static func run(_ inputs: ActionInputs, _ context: ActionContext) throws(Failure) -> ActionResult {
        let path = try inputs.path("path")
        let encoding = try inputs.encoding()
        let prints = try inputs.boolean("printFileContent", default: false)
        let editor = context.editor
        let text = try attempt("read the file \(path)") { () throws(Failure) in
            let content = try editor.fileContent(at: try path.filePlace(in: editor))
            return try encoding.decode(try content.bytes(from: editor.objects, limit: largestFile))
        }
        if prints {
            var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            if lines.last == "" { lines.removeLast() }
            for line in lines { context.print(String(line)) }
        }
        return ActionResult(["content": text])
    }
}
