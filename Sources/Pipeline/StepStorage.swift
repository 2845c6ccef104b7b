import Crypto
import Model

/// The kept result of one step inside of a stage.
package struct StepCheckpoint: Sendable, Hashable {
    /// The digest of all that decided the result.
    package var key: Digest
    /// The root digest of the tree after the step.
    package var tree: Digest
    /// What else the step gave, in a form of the stage's own.
    package var result: String

    package init(key: Digest, tree: Digest, result: String) {
        self.key = key
        self.tree = tree
        self.result = result
    }
}

/// Where the results of steps are kept while a stage runs, and after.
package protocol StepStorage {
    /// Nil where there is none, or where its tree is no longer in the store.
    func step(_ key: Digest) throws(Failure) -> StepCheckpoint?
    /// Makes the tree durable, then keeps the step. What this has taken survives a crash.
    func record(_ step: StepCheckpoint) throws(Failure)
}

/// Keeps nothing.
package struct NoSteps: StepStorage {
    package init() {}
    package func step(_ key: Digest) throws(Failure) -> StepCheckpoint? { nil }
    package func record(_ step: StepCheckpoint) throws(Failure) {}
}
