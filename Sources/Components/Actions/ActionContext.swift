import ImageStore
import Model
import Platform
import Sandbox

/// What an action has while it runs.
package struct ActionContext {
    /// The tree. Paths that documents name go through `resolve` first.
    package let editor: TreeEditor
    package let programs: any ProgramRunner
    /// Nanoseconds that are left of the step's `timeoutSeconds`; nil for no limit.
    package let timeLeft: UInt64?
    package let network: NetworkAccess
    package let environment: Environment
    /// Of the actions that download and upload.
    package let transfers: Transfers
    /// A folder of the host, of this step's own, removed afterwards.
    package let temporaryFolder: String
    /// Takes a line for the console log. Secrets are blotted out behind it.
    package let print: (String) -> Void

    package init(
        editor: TreeEditor, programs: any ProgramRunner, timeLeft: UInt64?, network: NetworkAccess, environment: Environment,
        transfers: Transfers, temporaryFolder: String, print: @escaping (String) -> Void
    ) {
        self.editor = editor
        self.programs = programs
        self.timeLeft = timeLeft
        self.network = network
        self.environment = environment
        self.transfers = transfers
        self.temporaryFolder = temporaryFolder
        self.print = print
    }
    /// Throws `.cancelled` once the run was cancelled. Asked between two pieces of work.
    package func checkCancellation() throws(Failure) {
        if environment.cancellation.isCancelled { throw Failure(.cancelled, "the run was cancelled") }
    }
}
