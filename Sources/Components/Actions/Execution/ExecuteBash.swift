import Model
import Sandbox

/// Runs commands as one script of bash. They are not checked one by one: the script's exit status decides, as without `set -e`.
package enum ExecuteBash: Action {
    package static let name = "ExecuteBash"
    package static let summary = "runs commands as one script of the image's bash"
    package static let systems: Set<OperatingSystem> = [.linux, .macOS]
    package static let inputs = InputForm.fields([
        InputField("commands", .list, required: true, "the lines of the script")
    ])
    package static let outputs = ["stdout"]
    package static let needs: Set<ActionNeed> = [.programs]

    private static let script = "/run/ingot/input.sh"

    package static func run(_ inputs: ActionInputs, _ context: ActionContext) throws(Failure) -> ActionResult {
        let commands = try inputs.texts("commands") ?? []
        let text = commands.joined(separator: "\n") + "\n"
        let program = GuestProgram(["/bin/bash", script], files: [script: Array(text.utf8)])
        return try ProgramOutput(context: context).result(of: program, "the script")
    }
}
