import Model

/// Starts the machine anew, after which the run goes on with the next step. On a tree nothing needs time for it, so the delay is checked and
/// not waited for.
package enum Reboot: Action {
    package static let name = "Reboot"
    package static let summary = "starts the machine anew; the run goes on with the next step"
    package static let inputs = InputForm.fields([
        InputField(
            "delaySeconds", .integer(0...Int(Int32.max)), "seconds to wait before, 0 where it is left out; not waited for here")
    ])
    package static let timing = ActionTiming.untimed

    package static func run(_ inputs: ActionInputs, _ context: ActionContext) throws(Failure) -> ActionResult {
        ActionResult(reboot: .thenNext)
    }
}
