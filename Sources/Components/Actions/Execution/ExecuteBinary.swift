import Model
import Sandbox

/// Runs a program of the image.
package enum ExecuteBinary: Action {
    package static let name = "ExecuteBinary"
    package static let summary = "runs a program of the image"
    package static let inputs = InputForm.fields([
        InputField("path", .text, required: true, "the program, by its path in the image or by a name that is found in PATH"),
        InputField("arguments", .list, "the program's arguments"),
    ])
    package static let outputs = ["stdout"]
    package static let needs: Set<ActionNeed> = [.programs]

    package static func run(_ inputs: ActionInputs, _ context: ActionContext) throws(Failure) -> ActionResult {
        let path = try inputs.text("path")
        guard !path.isEmpty else { throw Failure(.invalid, "the input 'path' of ExecuteBinary is empty") }
        let program = GuestProgram([path] + (try inputs.texts("arguments") ?? []))
        return try ProgramOutput(context: context).result(of: program, path)
    }
}
