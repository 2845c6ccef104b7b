import ImageStore
import Model
import Platform
import Sandbox

/// What a run has.
package struct ComponentContext {
    /// The tree that the documents work on.
    package var editor: TreeEditor
    package var programs: any ProgramRunner
    package var parameters: any ParameterSource
    package var documents: any DocumentSource
    package var transfers: Transfers
    package var network: NetworkAccess
    package var architecture: Architecture
    package var environment: Environment
    /// Nil where every step is to run.
    package var checkpoints: (any ActionCheckpoints)?
    /// A folder of the host, of this run's own.
    package var temporaryFolder: String
    /// Told what happens. Secret values are blotted out.
    package var watch: (ComponentEvent) -> Void

    package init(
        editor: TreeEditor, programs: any ProgramRunner, parameters: any ParameterSource, documents: any DocumentSource,
        transfers: Transfers, network: NetworkAccess, architecture: Architecture, environment: Environment,
        checkpoints: (any ActionCheckpoints)? = nil, temporaryFolder: String, watch: @escaping (ComponentEvent) -> Void
    ) {
        self.editor = editor
        self.programs = programs
        self.parameters = parameters
        self.documents = documents
        self.transfers = transfers
        self.network = network
        self.architecture = architecture
        self.environment = environment
        self.checkpoints = checkpoints
        self.temporaryFolder = temporaryFolder
        self.watch = watch
    }
}

/// Where documents come from that `ExecuteDocument` names and the image does not hold.
package protocol DocumentSource: AnyObject {
    /// The bytes behind an `s3://` address, a component's ARN, or a path that is not in the image. `file` is the calling document's.
    func document(_ call: DocumentCall, from file: String) throws(Failure) -> [UInt8]
}

/// A document that is to be run, and the values it gets.
package struct ComponentInvocation: Sendable {
    package var document: ComponentDocument
    package var parameters: [String: ParameterValue]
    /// What steps of an earlier run of the document have given.
    package var chaining: ChainingState
    /// The name of the component in a catalogue, for messages.
    package var componentArn: String

    package init(
        _ document: ComponentDocument, parameters: [String: ParameterValue] = [:], chaining: ChainingState = ChainingState(),
        componentArn: String = ""
    ) {
        self.document = document
        self.parameters = parameters
        self.chaining = chaining
        self.componentArn = componentArn
    }
}

/// What happens in a run.
package enum ComponentEvent: Sendable {
    case documentStarted(name: String)
    case phaseStarted(name: String)
    case stepStarted(name: String, action: String)
    /// A line that the step's action printed.
    case output(String)
    /// What the engine itself has to say: an attempt that failed, a step that was cached, a machine started anew.
    case remark(String)
    case stepEnded(StepReport)
    case failed(FailureBlock)
    case documentEnded(name: String, ExecutionStatus)
}

/// What is shown of a step that failed.
package struct FailureBlock: Sendable, Hashable {
    package var document: String
    /// Empty where the document is no component of a catalogue.
    package var componentArn: String
    package var phase: String
    package var step: String
    package var action: String
    package var errorMessage: String
    /// What can be done about it; empty where nothing is known.
    package var hint: String
    /// The last lines that the step's program wrote to its standard error.
    package var stderr: String
}
