import Cloud
import Crypto
import Ledger
import Model
import Pipeline

/// What was decided otherwise in the builds of two images: stages that came or went, and inputs of stages that differ.
package struct StageChanges: Sendable {
    package struct Stage: Hashable, Sendable {
        /// The stage as the recipe's entry names it.
        package let name: String
        /// As sentences: which option or input, from what to what.
        package let changes: [String]
    }

    /// In the order of the recipe. Stages that only start from another tree, since one before them differs, are left out.
    package let stages: [Stage]

    /// None where the records of one of the builds are gone.
    package init(from old: ImageRecord, to new: ImageRecord, _ workspace: Workspace) throws(Failure) {
        guard let before = try Self.steps(of: old, workspace), let after = try Self.steps(of: new, workspace) else {
            stages = []
            return
        }
        var stages: [Stage] = []
        for step in after {
            guard let earlier = before.first(where: { $0.entry == step.entry }) else {
                stages.append(Stage(name: step.entry, changes: ["the stage is new"]))
                continue
            }
            guard step.key != earlier.key, let a = try Self.key(earlier, workspace), let b = try Self.key(step, workspace) else {
                continue
            }
            var comparable = a
            comparable.parent = b.parent
            let changes = b.changes(since: comparable)
            if !changes.isEmpty { stages.append(Stage(name: step.entry, changes: changes)) }
        }
        for step in before where !after.contains(where: { $0.entry == step.entry }) {
            stages.append(Stage(name: step.entry, changes: ["the stage is gone"]))
        }
        self.stages = stages
    }

    private static func steps(of image: ImageRecord, _ workspace: Workspace) throws(Failure) -> [StepRecord]? {
        let original = image.source?.image ?? image.id
        let builds = try workspace.ledger.builds().filter { $0.image == original && $0.state == .succeeded }
        guard let build = builds.last else { return nil }
        return try workspace.ledger.steps(of: build.id)
    }

    /// Nil where the checkpoint was collected.
    private static func key(_ step: StepRecord, _ workspace: Workspace) throws(Failure) -> StageKey? {
        guard let digest = step.key, let record = try workspace.ledger.checkpoint(for: digest) else { return nil }
        return try JSON.value(record.inputs)
    }
}
