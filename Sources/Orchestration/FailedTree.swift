import Crypto
import Ledger
import Model

/// The tree that a failed build left: of the stage that failed, or the finished one that was not let become an image. Kept as long as
/// checkpoints are.
package enum FailedTree {
    /// Nil where the build left none, or it was forgotten.
    package static func left(by build: BuildID, in workspace: Workspace) throws(Failure) -> Digest? {
        guard let kept = try workspace.ledger.checkpoint(for: key(of: build)), kept.stage == LedgerCheckpoints.failed else {
            return nil
        }
        return kept.tree
    }

    /// The key of the checkpoint that keeps it.
    static func key(of build: BuildID) -> Digest { SHA256.digest(of: Array("the failed tree of build \(build)".utf8)) }
}
