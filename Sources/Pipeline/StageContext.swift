import Crypto
import ImageStore
import Model
import Platform
import Recipes

/// What a stage has while it runs.
package struct StageContext {
    /// Starts from the result of the stage before.
    package let editor: TreeEditor
    /// Takes objects, for a stage that makes a tree of its own.
    package let writer: StoreWriter
    package let inputs: InputContext
    /// The values that `inputs` gave when the key was made. A stage that reads its inputs again must find the same.
    package let declaredInputs: [StageInput]
    /// `x86_64` or `arm64`.
    package let architecture: String
    /// The date of what the stage writes, in nanoseconds since 1970; nil where the parent image's root directory gives it.
    package let date: Int64?
    /// The reports of the stages before, by entry.
    package let earlierReports: [String: StageReport]
    /// Whether the tree may be kept where the stage fails.
    package let retention = TreeRetention()
    /// Keeps results of single steps of the stage, so that a run that was cut off goes on in the middle.
    package let steps: any StepStorage
    /// A folder for logs, which stay; nil where nobody wants them.
    package let logFolder: String?
    /// A folder of this run's own, removed afterwards.
    package let temporaryFolder: String
    /// Shows what the stage is doing. Not part of any result.
    package let progress: @Sendable (StageProgress) -> Void

    package init(
        editor: TreeEditor, writer: StoreWriter, inputs: InputContext, declaredInputs: [StageInput], architecture: String,
        date: Int64?, temporaryFolder: String, earlierReports: [String: StageReport] = [:], steps: any StepStorage = NoSteps(),
        logFolder: String? = nil, progress: @escaping @Sendable (StageProgress) -> Void
    ) {
        self.editor = editor
        self.writer = writer
        self.inputs = inputs
        self.declaredInputs = declaredInputs
        self.architecture = architecture
        self.date = date
        self.temporaryFolder = temporaryFolder
        self.earlierReports = earlierReports
        self.steps = steps
        self.logFolder = logFolder
        self.progress = progress
    }

    package var environment: Environment { inputs.environment }

    /// To be called between two pieces of work.
    package func checkCancellation() throws(Failure) {
        if environment.cancellation.isCancelled { throw Failure(.cancelled, "the build was cancelled") }
    }

    /// The same on a copy of the tree that the editor holds now. What is changed there is thrown away.
    package func onScratch() throws(Failure) -> StageContext {
        StageContext(
            editor: try TreeEditor(root: try editor.finish(), in: writer, date: date), writer: writer, inputs: inputs,
            declaredInputs: declaredInputs, architecture: architecture, date: date, temporaryFolder: temporaryFolder,
            earlierReports: earlierReports, steps: steps, logFolder: logFolder, progress: progress)
    }
}

/// Whether somebody may look at the tree of a stage that failed.
package final class TreeRetention {
    /// Set where the tree holds what must not be kept anywhere, such as a secret.
    package var isForbidden = false

    package init() {}
}
