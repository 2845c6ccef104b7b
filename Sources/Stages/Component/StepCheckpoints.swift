import Components
import Crypto
import Model
import Pipeline

/// Results of steps, in the storage of the stage.
final class StepCheckpoints: ActionCheckpoints {
    private let steps: any StepStorage
    private let secrets: SecretTrace

    init(_ steps: any StepStorage, _ secrets: SecretTrace) {
        self.steps = steps
        self.secrets = secrets
    }

    func checkpoint(for key: Digest) throws(Failure) -> ActionCheckpoint? {
        guard let step = try steps.step(key) else { return nil }
        return ActionCheckpoint(key: step.key, tree: step.tree, result: step.result)
    }

    /// A tree that may hold a secret, until a later step removes it, is not kept.
    func record(_ checkpoint: ActionCheckpoint) throws(Failure) {
        if !secrets.isEmpty { return }
        try steps.record(StepCheckpoint(key: checkpoint.key, tree: checkpoint.tree, result: try checkpoint.result()))
    }
}
