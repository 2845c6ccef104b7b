import Crypto
import FoundationEssentials
import Model
import Sandbox

/// Keeps what steps that run programs made, so that a run which was killed goes on behind the last one, and a document whose last step was
/// edited runs that step only.
package protocol ActionCheckpoints: AnyObject {
    func checkpoint(for key: Digest) throws(Failure) -> ActionCheckpoint?
    /// What this has taken survives a crash; the tree's content with it.
    func record(_ checkpoint: ActionCheckpoint) throws(Failure)
}

/// The result of one call of an action.
package struct ActionCheckpoint: Sendable, Hashable {
    package var key: Digest
    /// The root digest of the tree after it.
    package var tree: Digest
    package var outputs: [String: String]
    package var reboot: ActionResult.Reboot

    package init(key: Digest, tree: Digest, outputs: [String: String], reboot: ActionResult.Reboot) {
        self.key = key
        self.tree = tree
        self.outputs = outputs
        self.reboot = reboot
    }
}

extension ActionCheckpoint {
    private struct Result: Codable {
        var outputs: [String: String]
        var reboot: ActionResult.Reboot
    }

    /// All but the key and the tree, as a text for storages that keep one.
    package func result() throws(Failure) -> String {
        try CanonicalJSON.text(of: Result(outputs: outputs, reboot: reboot))
    }

    /// Takes what `result` gave. Nil where the text is something else.
    package init?(key: Digest, tree: Digest, result: String) {
        guard let result = try? JSONDecoder().decode(Result.self, from: Data(result.utf8)) else { return nil }
        self.init(key: key, tree: tree, outputs: result.outputs, reboot: result.reboot)
    }
}

/// All that decides what one call of an action makes. In which document it stands is not among it.
struct ActionKey {
    /// Goes up when this engine does something differently.
    static let revision = 1

    var tree: Digest
    var action: String
    /// Rendered, as JSON.
    var inputs: String
    var network: NetworkAccess
    var architecture: Architecture
    /// The date of what is written, in nanoseconds since 1970.
    var date: Int64

    /// Fields in a fixed order, each with its length before it, so that no two keys share their bytes.
    var digest: Digest {
        var hasher = SHA256()
        hasher.update("ingot component step \(Self.revision)\n")
        for field in [tree.hex, action, inputs, network.rawValue, architecture.rawValue, String(date)] {
            hasher.update("\(field.utf8.count):\(field)\n")
        }
        return hasher.finish()
    }
}
