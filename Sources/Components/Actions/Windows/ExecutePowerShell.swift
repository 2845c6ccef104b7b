import Model

/// Runs PowerShell commands or a script. Documents with it are checked; it does not run.
package enum ExecutePowerShell: Action {
    package static let name = "ExecutePowerShell"
    package static let summary = "runs PowerShell commands (Windows; checked, not run)"
    package static let systems: Set<OperatingSystem> = [.windows]
    package static let inputs = InputForm.fields([
        InputField("commands", .list, "commands to run, in order"),
        InputField("file", .text, "script to run"),
    ])
    package static let inputRules = [InputRule.exactlyOne(["commands", "file"])]
    package static let outputs = ["stdout"]

    package static func run(_ inputs: ActionInputs, _ context: ActionContext) throws(Failure) -> ActionResult {
        throw WindowsOnly.refuse(Self.self, because: "it needs Windows PowerShell, and the image is a Linux system")
    }
}
