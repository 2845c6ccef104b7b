import Crypto
import ImageStore
import Model
import Platform
import Recipes

/// A function from tree to tree. One type, one file; `Recipes` decodes it, a `StageRunner` runs it.
///
/// What a stage does follows from its definition, its inputs and the tree it gets, and from nothing else: no clock, no locale, no
/// order of a folder's names.
package protocol Stage: StageDefinition {
    /// All that the stage reads from outside of the tree, by content. They are part of its key, and are read anew at each plan.
    func inputs(_ context: InputContext) throws(Failure) -> [StageInput]

    /// Edits `context.editor`, or makes a whole new tree.
    func run(_ context: StageContext) throws(Failure) -> StageOutcome
}

/// Something a stage reads from outside: a file, a profile, a package index.
package struct StageInput: Hashable, Sendable, Codable {
    /// What it is, as a user names it: `file motd`, `profile scrub-standard`.
    package var name: String
    /// What it holds: a digest or a version, as text. Two equal values mean that the stage would read the same.
    package var value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// What a stage may ask while it says what it reads.
package struct InputContext: Sendable {
    /// The folder that relative paths of the recipe start from.
    package var baseFolder: String
    /// The folder with scrub and hardening profiles.
    package var profilesFolder: String
    /// Files that were fetched before, by digest. May be emptied at any time.
    package var downloadsFolder: String
    package var environment: Environment
    /// The entries of the recipe that come before this one.
    package var earlier: [StageEntry]

    package init(
        baseFolder: String, profilesFolder: String, downloadsFolder: String, environment: Environment, earlier: [StageEntry] = []
    ) {
        self.baseFolder = baseFolder
        self.profilesFolder = profilesFolder
        self.downloadsFolder = downloadsFolder
        self.environment = environment
        self.earlier = earlier
    }
}

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
    /// A folder of this run's own, removed afterwards.
    package let temporaryFolder: String
    /// Shows what the stage is doing. Not part of any result.
    package let progress: @Sendable (StageProgress) -> Void

    package init(
        editor: TreeEditor, writer: StoreWriter, inputs: InputContext, declaredInputs: [StageInput], architecture: String,
        date: Int64?, temporaryFolder: String, progress: @escaping @Sendable (StageProgress) -> Void
    ) {
        self.editor = editor
        self.writer = writer
        self.inputs = inputs
        self.declaredInputs = declaredInputs
        self.architecture = architecture
        self.date = date
        self.temporaryFolder = temporaryFolder
        self.progress = progress
    }

    package var environment: Environment { inputs.environment }

    /// To be called between two pieces of work.
    package func checkCancellation() throws(Failure) {
        if environment.cancellation.isCancelled { throw Failure(.cancelled, "the build was cancelled") }
    }
}

/// How far a stage is.
package enum StageProgress: Sendable {
    /// What it is doing now.
    case detail(String)
    /// A line of a program that it runs.
    case output(String)
    /// How much is done, in the stage's own unit.
    case amount(done: UInt64, total: UInt64?)
}

/// What a stage made.
package struct StageOutcome: Sendable {
    /// The new tree, or nil: what the editor holds.
    package var tree: Digest?
    package var report: StageReport

    package init(tree: Digest? = nil, report: StageReport) {
        self.tree = tree
        self.report = report
    }
}

/// What a stage tells about its work. Kept with the checkpoint, so that a cached stage tells the same.
package struct StageReport: Hashable, Sendable, Codable {
    /// One line for people: `31 operations removed 48 files, 1.2 MB`.
    package var summary: String
    /// The stage's own report as JSON; its shape is documented with the stage. Empty where it has none.
    package var detail: String

    package init(summary: String, detail: String = "") {
        self.summary = summary
        self.detail = detail
    }
}
