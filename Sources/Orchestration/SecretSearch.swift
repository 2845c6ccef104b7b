import Crypto
import ImageStore
import Model
import Pipeline
import Recipes

/// Looks for the secrets that stages were given in all that the image has and its parent image has not. An image that holds one is not
/// sealed.
struct SecretSearch {
    private let workspace: Workspace
    private let prepared: Builder.Prepared
    private let checkpoints: LedgerCheckpoints

    init(_ workspace: Workspace, _ prepared: Builder.Prepared, _ checkpoints: LedgerCheckpoints) {
        self.workspace = workspace
        self.prepared = prepared
        self.checkpoints = checkpoints
    }

    /// `Failure(.failed)` with path, secret and step where one is found. A tree that was searched for the same secrets is not searched
    /// again, so that a cached build needs none of them.
    func check(_ made: BuildRun.Result) throws(Failure) {
        var uses: [SecretReference: String] = [:]
        for stage in made.stages {
            for use in stage.report.secrets ?? [] where uses[use.secret] == nil {
                uses[use.secret] = "the step \(use.step) of '\(stage.entry.name)'"
            }
        }
        guard !uses.isEmpty else { return }
        let secrets = uses.keys.sorted { $0.description < $1.description }
        let key = key(made.tree, secrets)
        if try checkpoints.step(key) != nil { return }
        let vault = workspace.vault(in: prepared.region)
        for secret in secrets { try search(for: secret, try vault.value(of: secret), in: made.tree, uses[secret] ?? "") }
        try checkpoints.record(StepCheckpoint(key: key, tree: made.tree, result: "no secrets found"))
    }

    private func key(_ tree: Digest, _ secrets: [SecretReference]) -> Digest {
        let lines = ["ingot secret search 1", tree.hex, prepared.subject.parent?.hex ?? ""] + secrets.map(\.description)
        return SHA256.digest(of: Array(lines.joined(separator: "\n").utf8))
    }

    private func search(for secret: SecretReference, _ value: String, in root: Digest, _ step: String) throws(Failure) {
        let search = ContentSearch(formsOf: value)
        let store = prepared.place.store
        for (path, node) in try changed(root, store) where try search.match(in: node, of: store) != nil {
            throw Failure(
                .failed, "\(path) holds the secret \(secret), which \(step) was given",
                hint: "remove the file in the same step, or keep the secret in memory; secrets must not be in images")
        }
    }

    /// What the tree has and the parent image's has not, or has differently.
    private func changed(_ root: Digest, _ store: ObjectStore) throws(Failure) -> [(TreePath, Node)] {
        let tree = try Tree(root, in: store)
        guard let parent = prepared.subject.parent else {
            var all: [(TreePath, Node)] = []
            try tree.walk { path, node in
                all.append((path, node))
                return true
            }
            return all
        }
        return try TreeDiff.changes(from: try Tree(parent, in: store), to: tree).compactMap { change in
            change.after.map { (change.path, $0) }
        }
    }
}
