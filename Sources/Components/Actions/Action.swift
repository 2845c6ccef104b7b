import ImageStore
import Model

/// An action module of AWSTOE, such as `CreateFile`. A type that conforms to this, in a file of its own, and one line in
/// `ActionRegistry`.
package protocol Action: Sendable {
    /// As documents write it.
    static var name: String { get }
    /// One line of help.
    static var summary: String { get }
    static var systems: Set<OperatingSystem> { get }
    /// What the step's `inputs` must look like. Checked before anything runs, as far as templates allow, and again when they are rendered.
    static var inputs: InputForm { get }
    /// What must hold between fields of the inputs, checked with them.
    static var inputRules: [InputRule] { get }
    /// The names of the outputs that later steps may refer to.
    static var outputs: [String] { get }
    /// What the action needs besides the tree.
    static var needs: Set<ActionNeed> { get }
    static var timing: ActionTiming { get }

    /// Does the work for one item of the inputs; an action whose inputs are a list is run for each item in order, and the first
    /// failure ends the step. Throws with what was tried, on what, what happened.
    static func run(_ inputs: ActionInputs, _ context: ActionContext) throws(Failure) -> ActionResult
}

/// What an action needs besides the tree.
package enum ActionNeed: Sendable {
    /// A `ProgramRunner` that can run programs. Asked before anything starts. Steps of such actions are checkpointed.
    case programs
    /// The present state of something outside, such as a mirror's packages. What such an action made once is never taken from a
    /// checkpoint.
    case outside
    /// `ActionContext.temporaryFolder`, which is not made for other actions.
    case temporaryFolder
}

/// What a step may say about the time and the attempts of its action.
package enum ActionTiming: Sendable {
    /// `timeoutSeconds` is 7200 where nothing is said.
    case usual
    /// There is no time limit where nothing is said.
    case untimed
    /// `timeoutSeconds` is -1 and `maxAttempts` 1, and nothing else may be said.
    case fixed
}

package enum OperatingSystem: String, Sendable, CaseIterable {
    case linux, macOS, windows
}

/// What an action did.
package struct ActionResult: Sendable {
    /// By name. Texts as they are; the engine trims the end of what programs print.
    package var outputs: [String: String]
    package var reboot: Reboot

    package enum Reboot: String, Sendable, Codable {
        case none
        /// The machine is to be started anew, and the run goes on with the next step.
        case thenNext
        /// The machine is to be started anew, and this step runs again (exit status 194).
        case thenAgain
    }

    package init(_ outputs: [String: String] = [:], reboot: Reboot = .none) {
        self.outputs = outputs
        self.reboot = reboot
    }
}

extension Action {
    package static var inputRules: [InputRule] { [] }
    package static var outputs: [String] { [] }
    package static var needs: Set<ActionNeed> { [] }
    package static var timing: ActionTiming { .usual }
    package static var systems: Set<OperatingSystem> { [.linux, .macOS, .windows] }
}
