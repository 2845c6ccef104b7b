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
    /// A folder of the host, of this step's own, removed afterwards. It is there for actions that declare to need it.
    package let temporaryFolder: String
    /// Takes a line for the console log. Secrets are blotted out behind it.
    package let print: (String) -> Void
    /// Runs the documents that this one calls.
    package let documents: (any DocumentCalls)?

    package init(
        editor: TreeEditor, programs: any ProgramRunner, timeLeft: UInt64?, network: NetworkAccess, environment: Environment,
        transfers: Transfers, temporaryFolder: String, documents: (any DocumentCalls)? = nil,
        print: @escaping (String) -> Void
    ) {
        self.editor = editor
        self.programs = programs
        self.timeLeft = timeLeft
        self.network = network
        self.environment = environment
        self.transfers = transfers
        self.temporaryFolder = temporaryFolder
        self.documents = documents
        self.print = print
    }
    /// Throws `.cancelled` once the run was cancelled. Asked between two pieces of work.
    package func checkCancellation() throws(Failure) {
        if environment.cancellation.isCancelled { throw Failure(.cancelled, "the run was cancelled") }
    }
}

/// Runs a document from inside of a document: what `ExecuteDocument` asks the engine for.
package protocol DocumentCalls: AnyObject {
    /// Finds the document, checks it, and runs it on the same tree. Its report becomes part of the step's.
    func call(_ call: DocumentCall) throws(Failure) -> ExecutionSummary
}

/// A document that is called, and with what.
package struct DocumentCall: Sendable {
    /// A path in the image, an `s3://` address, or the ARN of a component.
    package var document: String
    package var bucketOwner: String?
    /// Nil for all phases.
    package var phases: [String]?
    package var parameters: [String: String]

    package init(_ document: String, bucketOwner: String? = nil, phases: [String]? = nil, parameters: [String: String] = [:]) {
        self.document = document
        self.bucketOwner = bucketOwner
        self.phases = phases
        self.parameters = parameters
    }
}
