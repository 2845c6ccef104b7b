import Crypto
import Model
import Recipes

/// What a build would do, found without running a stage.
package struct Plan: Sendable {
    package var stages: [PlannedStage]

    /// The tree that the build ends with, where all stages are cached.
    package var result: Digest? {
        guard let last = stages.last else { return nil }
        if case .cached(let checkpoint) = last.decision { return checkpoint.tree }
        return nil
    }

    package var isFullyCached: Bool { result != nil }
}

/// One stage of a plan.
package struct PlannedStage: Sendable {
    package var entry: StageEntry
    package var decision: Decision

    package enum Decision: Sendable {
        case cached(Checkpoint)
        /// It runs, for these reasons.
        case runs([String])
        /// Whether it runs shows when the stage before it has: an unchanged tree is a hit again.
        case follows(String)
    }
}

/// Finds which stages are cached, and why the others are not.
package struct Planner {
    private let checkpoints: any CheckpointStorage
    private let holds: (_ tree: Digest) -> Bool

    /// `holds` says whether a tree is in the store and may be relied on.
    package init(checkpoints: any CheckpointStorage, holds: @escaping (_ tree: Digest) -> Bool) {
        self.checkpoints = checkpoints
        self.holds = holds
    }

    package func plan(_ subject: BuildSubject) throws(Failure) -> Plan {
        var planned: [PlannedStage] = []
        var tree: Digest? = subject.start
        var blocker = ""
        // Tests start from the tree that the other stages end with, and leave it as it is: they are planned like any other.
        for entry in subject.recipe.stages {
            guard let start = tree else {
                planned.append(PlannedStage(entry: entry, decision: .follows(blocker)))
                continue
            }
            let key = try subject.key(of: entry, on: start)
            if let checkpoint = try cached(key) {
                planned.append(PlannedStage(entry: entry, decision: .cached(checkpoint)))
                tree = checkpoint.tree
            } else {
                let reasons = try reasons(for: key, recipe: subject.recipe.name.description, entry: entry.name)
                planned.append(PlannedStage(entry: entry, decision: .runs(reasons)))
                blocker = entry.name
                tree = nil
            }
        }
        return Plan(stages: planned)
    }

    /// The checkpoint under a key, where its tree is still in the store.
    func cached(_ key: StageKey) throws(Failure) -> Checkpoint? {
        guard let checkpoint = try checkpoints.checkpoint(for: key.digest), holds(checkpoint.tree) else { return nil }
        return checkpoint
    }

    /// Why a key has no checkpoint, against what the entry used last.
    func reasons(for key: StageKey, recipe: String, entry: String) throws(Failure) -> [String] {
        guard let last = try checkpoints.latest(recipe: recipe, entry: entry) else { return ["it has not been built before"] }
        let changes = key.changes(since: last.key)
        return changes.isEmpty ? ["its result is not in the region's store"] : changes
    }
}
