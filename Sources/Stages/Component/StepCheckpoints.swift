import Components
import Crypto
import Model
import Pipeline

/// Results of steps, in the storage of the stage.
final class StepCheckpoints: ActionCheckpoints {
    private let steps: any StepStorage

    init(_ steps: any StepStorage) { self.steps = steps }

    func checkpoint(for key: Digest) throws(Failure) -> ActionCheckpoint? {
        guard let step = try steps.step(key) else { return nil }
        return ActionCheckpoint(key: step.key, tree: step.tree, result: step.result)
    }

    func record(_ checkpoint: ActionCheckpoint) throws(Failure) {
        try steps.record(StepCheckpoint(key: checkpoint.key, tree: checkpoint.tree, result: try checkpoint.result()))
    }
}
