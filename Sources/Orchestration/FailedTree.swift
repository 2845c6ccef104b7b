import Cloud
import Crypto
import ImageStore
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

    /// The region and the store that has a tree; nil where none has. `Failure(.denied)` where it may be under a key that cannot be used.
    package static func place(
        of tree: Digest, in workspace: Workspace
    ) throws(Failure) -> (region: any Region, store: ObjectStore)? {
        var obstacle: Failure?
        for name in try workspace.plane.regions() {
            let region = try workspace.plane.region(name)
            let open = try workspace.store(of: region)
            if open.contains(tree) { return (region, open) }
            for key in try region.encryptedStores() {
                do throws(Failure) {
                    let store = try region.encryptedStore(key, isNeeded: true)
                    if store.contains(tree) { return (region, store) }
                } catch {
                    guard error.code == .denied else { throw error }
                    obstacle = error
                }
            }
        }
        if let obstacle { throw obstacle }
        return nil
    }

    /// The key of the checkpoint that keeps it.
    static func key(of build: BuildID) -> Digest { SHA256.digest(of: Array("the failed tree of build \(build)".utf8)) }
}
