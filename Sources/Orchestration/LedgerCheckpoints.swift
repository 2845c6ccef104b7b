import Crypto
import FoundationEssentials
import Ledger
import Model
import Pipeline

/// Checkpoints in the ledger, as `Pipeline` wants them.
struct LedgerCheckpoints: CheckpointStorage {
    let ledger: Ledger
    let now: @Sendable () -> Instant

    func checkpoint(for key: Digest) throws(Failure) -> Checkpoint? { try ledger.checkpoint(for: key).map(Self.decode) }

    func latest(recipe: String, entry: String) throws(Failure) -> Checkpoint? {
        try ledger.latestCheckpoint(recipe: recipe, entry: entry).map(Self.decode)
    }

    func record(_ checkpoint: Checkpoint, recipe: String, entry: String) throws(Failure) {
        let record = CheckpointRecord(
            key: checkpoint.key.digest, tree: checkpoint.tree, stage: checkpoint.key.stage,
            report: try CanonicalJSON.text(of: checkpoint.report),
            inputs: try CanonicalJSON.text(of: checkpoint.key), duration: Int64(clamping: checkpoint.duration), created: now(),
            lastUsed: now()
        )
        try ledger.recordCheckpoint(record, recipe: recipe, entry: entry)
    }

    func touch(_ key: Digest, recipe: String, entry: String) throws(Failure) {
        try ledger.touchCheckpoint(key, recipe: recipe, entry: entry, at: now())
    }

    /// The stage under which results of steps are kept.
    private static let step = "step"
    /// The stage under which the trees of failed stages are kept.
    static let failed = "failed"

    func step(_ key: Digest) throws(Failure) -> StepCheckpoint? {
        guard let record = try ledger.checkpoint(for: key), record.stage == Self.step else { return nil }
        try ledger.touchCheckpoint(key, at: now())
        return StepCheckpoint(key: key, tree: record.tree, result: record.report)
    }

    func record(_ step: StepCheckpoint) throws(Failure) {
        try keep(step.tree, under: step.key, stage: Self.step, report: step.result)
    }

    /// Keeps a tree for as long as checkpoints are kept.
    func keep(_ tree: Digest, under key: Digest, stage: String, report: String = "") throws(Failure) {
        try ledger.recordCheckpoint(
            CheckpointRecord(
                key: key, tree: tree, stage: stage, report: report, inputs: "", duration: 0, created: now(), lastUsed: now()))
    }

    static func decode(_ record: CheckpointRecord) throws(Failure) -> Checkpoint {
        Checkpoint(
            key: try JSON.value(record.inputs), tree: record.tree, report: try JSON.value(record.report),
            duration: UInt64(clamping: record.duration))
    }
}

/// Reads the JSON that the ledger keeps.
enum JSON {
    static func value<Value: Decodable>(_ text: String) throws(Failure) -> Value {
        do { return try JSONDecoder().decode(Value.self, from: Data(text.utf8)) } catch {
            throw Failure(.corrupt, "the ledger holds JSON that cannot be read", cause: error)
        }
    }
}
