import Crypto
import Model
import Records
import SQLite

/// The kept result of a stage.
package struct CheckpointRecord: Sendable, Hashable {
    /// The digest of all that decided the result.
    package var key: Digest
    /// The root digest of the result.
    package var tree: Digest
    package var stage: String
    /// JSON.
    package var report: String
    /// What `key` is the digest of, as JSON, to say what changed.
    package var inputs: String
    /// How long the stage ran, in nanoseconds.
    package var duration: Int64
    package var created: Instant
    /// To within an hour.
    package var lastUsed: Instant

    package init(
        key: Digest, tree: Digest, stage: String, report: String, inputs: String, duration: Int64, created: Instant,
        lastUsed: Instant
    ) {
        self.key = key
        self.tree = tree
        self.stage = stage
        self.report = report
        self.inputs = inputs
        self.duration = duration
        self.created = created
        self.lastUsed = lastUsed
    }
}

extension Ledger {
    /// How stale `lastUsed` may be: a cached build writes nothing if it ran within this time.
    private static let usePrecision = TimeSpan.hours(1)

    package func checkpoint(for key: Digest) throws(Failure) -> CheckpointRecord? {
        try database.read("look up a checkpoint") { try $0.checkpoint("WHERE key = ?", key) }
    }

    /// The checkpoint that this entry of a recipe used last.
    package func latestCheckpoint(recipe: String, entry: String) throws(Failure) -> CheckpointRecord? {
        try database.read("look up the last checkpoint of \(recipe)") { session in
            try session.checkpoint("JOIN checkpoint_uses USING (key) WHERE recipe = ? AND entry = ?", recipe, entry)
        }
    }

    /// Keeps a checkpoint, in place of one with the same key, and that this entry of a recipe used it last.
    package func recordCheckpoint(
        _ checkpoint: CheckpointRecord, recipe: String, entry: String, under lease: LeaseRecord? = nil
    ) throws(Failure) {
        try change("record a checkpoint of \(recipe)", under: lease) { session in
            try session.record(checkpoint)
            try session.use(checkpoint.key, recipe: recipe, entry: entry)
            try session.append(
                .checkpointRecorded, subject: checkpoint.key.hex,
                detail: ["recipe": recipe, "entry": entry, "tree": checkpoint.tree.hex], at: checkpoint.created)
        }
    }

    /// Keeps a checkpoint that is no entry's: a step inside of a stage, the tree of a failed stage.
    package func recordCheckpoint(_ checkpoint: CheckpointRecord, under lease: LeaseRecord? = nil) throws(Failure) {
        try change("record the result of a step", under: lease) { session in
            try session.record(checkpoint)
            try session.append(
                .checkpointRecorded, subject: checkpoint.key.hex,
                detail: ["stage": checkpoint.stage, "tree": checkpoint.tree.hex], at: checkpoint.created)
        }
    }

    /// Keeps that this entry of a recipe used a checkpoint. Writes only what is news.
    package func touchCheckpoint(_ key: Digest, recipe: String, entry: String, at now: Instant) throws(Failure) {
        let last = try latestCheckpoint(recipe: recipe, entry: entry)
        if let last, last.key == key, now < last.lastUsed + Self.usePrecision { return }
        try change("record the use of a checkpoint", under: nil) { session in
            guard try session.run("UPDATE checkpoints SET used = max(used, ?) WHERE key = ?", now, key) == 1 else { return }
            try session.use(key, recipe: recipe, entry: entry)
        }
    }

    /// Keeps that a checkpoint was used which is no entry's. Writes only what is news.
    package func touchCheckpoint(_ key: Digest, at now: Instant) throws(Failure) {
        guard let last = try checkpoint(for: key), now >= last.lastUsed + Self.usePrecision else { return }
        try change("record the use of a checkpoint", under: nil) { session in
            _ = try session.run("UPDATE checkpoints SET used = max(used, ?) WHERE key = ?", now, key)
        }
    }

    /// Forgets what was not used since; returns how many.
    @discardableResult
    package func forgetCheckpoints(unusedSince limit: Instant, at now: Instant) throws(Failure) -> Int {
        try change("forget old checkpoints", under: nil) { session in
            try session.forget(unusedSince: limit, at: now)
        }
    }

    /// Every tree that a checkpoint names which was used at `since` or later: roots that a collection keeps.
    package func checkpointTrees(usedSince since: Instant? = nil) throws(Failure) -> Set<Digest> {
        let trees = try database.read("list the trees of checkpoints") { session in
            try session.rows(
                "SELECT DISTINCT tree FROM checkpoints WHERE used >= ?", since ?? Instant(seconds: .min)
            ) { row in try row.digest("tree") }
        }
        return Set(trees)
    }
}

extension Session {
    fileprivate func checkpoint(_ condition: String, _ values: (any Bindable)...) throws -> CheckpointRecord? {
        let found = try rows("SELECT checkpoints.* FROM checkpoints \(condition)", values) { row in
            CheckpointRecord(
                key: try row.digest("key"), tree: try row.digest("tree"), stage: try row.text("stage"),
                report: try row.text("report"), inputs: try row.text("inputs"), duration: try row.integer("duration"),
                created: try row.instant("created"), lastUsed: try row.instant("used"))
        }
        return found.first
    }

    fileprivate func record(_ checkpoint: CheckpointRecord) throws {
        try run(
            """
            INSERT INTO checkpoints (key, tree, stage, report, inputs, duration, created, used)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (key) DO UPDATE SET tree = excluded.tree, stage = excluded.stage, report = excluded.report,
                inputs = excluded.inputs, duration = excluded.duration, created = excluded.created, used = excluded.used
            """,
            checkpoint.key, checkpoint.tree, checkpoint.stage, checkpoint.report, checkpoint.inputs, checkpoint.duration,
            checkpoint.created, checkpoint.lastUsed)
    }

    fileprivate func use(_ key: Digest, recipe: String, entry: String) throws {
        try run("INSERT OR REPLACE INTO checkpoint_uses (recipe, entry, key) VALUES (?, ?, ?)", recipe, entry, key)
    }

    fileprivate func forget(unusedSince limit: Instant, at now: Instant) throws -> Int {
        let keys = try rows("SELECT key FROM checkpoints WHERE used < ?", limit) { row in try row.digest("key") }
        for key in keys {
            try run("DELETE FROM checkpoints WHERE key = ?", key)
            try append(.checkpointForgotten, subject: key.hex, detail: ["reason": "not used since \(limit)"], at: now)
        }
        return keys.count
    }
}
