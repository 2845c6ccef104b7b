import Crypto
import Model

/// The result of a stage, kept under its key.
package struct Checkpoint: Sendable, Hashable {
    package var key: StageKey
    package var tree: Digest
    package var report: StageReport
    /// How long the stage ran when the checkpoint was made, in nanoseconds.
    package var duration: UInt64

    package init(key: StageKey, tree: Digest, report: StageReport, duration: UInt64) {
        self.key = key
        self.tree = tree
        self.report = report
        self.duration = duration
    }
}

/// Where checkpoints are kept. What `record` has taken survives a crash.
package protocol CheckpointStorage {
    func checkpoint(for key: Digest) throws(Failure) -> Checkpoint?
    /// The last checkpoint that this entry of a recipe hit or made, for saying what changed since.
    func latest(recipe: String, entry: String) throws(Failure) -> Checkpoint?
    /// Keeps a new checkpoint, and that the entry used it last.
    func record(_ checkpoint: Checkpoint, recipe: String, entry: String) throws(Failure)
    /// Keeps that the entry used a checkpoint that was there.
    func touch(_ key: Digest, recipe: String, entry: String) throws(Failure)
    /// The kept result of a step inside of a stage. Being asked for counts as a use.
    func step(_ key: Digest) throws(Failure) -> StepCheckpoint?
    func record(_ step: StepCheckpoint) throws(Failure)
}
