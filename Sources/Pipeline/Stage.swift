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

    /// Fails with what is missing where the stage could not run on this machine. Asked in the plan, and before the first stage runs.
    func checkRequirements(_ context: InputContext) throws(Failure)

    /// What is to be proven of the image before it is available; nil where nothing is.
    func sealDemand(_ context: InputContext) throws(Failure) -> SealDemand?

    /// Edits `context.editor`, or makes a whole new tree.
    func run(_ context: StageContext) throws(Failure) -> StageOutcome
}

extension Stage {
    package func checkRequirements(_ context: InputContext) throws(Failure) {}

    package func sealDemand(_ context: InputContext) throws(Failure) -> SealDemand? { nil }
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
    /// The secrets that the stage used. Nil for none; the image is searched for them before it is sealed.
    package var secrets: [SecretUse]?

    package init(summary: String, detail: String = "", secrets: [SecretUse]? = nil) {
        self.summary = summary
        self.detail = detail
        self.secrets = secrets
    }
}

/// A secret, and the step of a stage that it was given to.
package struct SecretUse: Hashable, Sendable, Codable {
    package var secret: SecretReference
    package var step: String

    package init(_ secret: SecretReference, step: String) {
        self.secret = secret
        self.step = step
    }
}
