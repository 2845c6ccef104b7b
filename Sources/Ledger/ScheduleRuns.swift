import Model
import Records
import SQLite

/// One due time of one schedule, claimed by one scheduler.
package struct ScheduleRunRecord: Sendable, Hashable {
    package var pipeline: ResourceName
    /// Which schedule of the pipeline: `build`, `copy us-west-2`.
    package var kind: String
    package var scheduled: Instant
    package var claimed: Instant
    package var claimant: String
    package var finished: Instant?
    /// What came of it, in a word.
    package var outcome: String?
    /// Nothing of its schedule was claimed before. Such a claim only says since when the schedule counts, and is never performed.
    package var isFirst: Bool
}

extension Ledger {
    /// Claims a due time. Of all that try, also from other processes, exactly one gets true, ever.
    package func claim(
        _ pipeline: ResourceName, kind: String, scheduled: Instant, by claimant: String, at now: Instant
    ) throws(Failure) -> Bool {
        try change("claim a scheduled run of \(pipeline)", under: nil) { session in
            let inserted = try session.run(
                "INSERT OR IGNORE INTO schedule_runs (pipeline, kind, scheduled, claimed, claimant) VALUES (?, ?, ?, ?, ?)",
                pipeline, kind, scheduled, now, claimant)
            guard inserted == 1 else { return false }
            try session.append(
                .scheduleClaimed, subject: pipeline.description,
                detail: ["kind": kind, "scheduled": scheduled.description, "by": claimant], at: now)
            return true
        }
    }

    /// Records, where nothing of the schedule was claimed yet, that it is seen and counts from `now` on. Nothing is claimed meanwhile that
    /// another scheduler could take over: the record is finished in the transaction that makes it.
    package func seeFirst(
        _ pipeline: ResourceName, kind: String, by claimant: String, at now: Instant
    ) throws(Failure) {
        try change("record the first look at a schedule of \(pipeline)", under: nil) { session in
            let inserted = try session.run(
                """
                INSERT INTO schedule_runs (pipeline, kind, scheduled, claimed, claimant, finished, outcome)
                SELECT ?1, ?2, ?3, ?3, ?4, ?3, ?5
                WHERE NOT EXISTS (SELECT 1 FROM schedule_runs WHERE pipeline = ?1 AND kind = ?2)
                """,
                pipeline, kind, now, claimant, Self.firstSeen)
            guard inserted == 1 else { return }
            try session.append(
                .scheduleClaimed, subject: pipeline.description,
                detail: ["kind": kind, "scheduled": now.description, "by": claimant], at: now)
            try session.append(
                .scheduleFinished, subject: pipeline.description,
                detail: ["kind": kind, "scheduled": now.description, "outcome": Self.firstSeen], at: now)
        }
    }

    /// Takes over an unfinished run from a claimant that died. Of all that try, exactly one gets true.
    package func takeOver(_ run: ScheduleRunRecord, by claimant: String, at now: Instant) throws(Failure) -> Bool {
        try change("take over a scheduled run of \(run.pipeline)", under: nil) { session in
            let updated = try session.run(
                """
                UPDATE schedule_runs SET claimant = ?, claimed = ?
                WHERE pipeline = ? AND kind = ? AND scheduled = ? AND claimant = ? AND finished IS NULL
                """,
                claimant, now, run.pipeline, run.kind, run.scheduled, run.claimant)
            guard updated == 1 else { return false }
            try session.append(
                .scheduleClaimed, subject: run.pipeline.description,
                detail: [
                    "kind": run.kind, "scheduled": run.scheduled.description, "by": claimant, "from": run.claimant,
                ], at: now)
            return true
        }
    }

    /// Records what came of a run; `Failure(.conflict)` when it is finished, or is not the claimant's any more.
    package func finishScheduleRun(
        _ pipeline: ResourceName, kind: String, scheduled: Instant, by claimant: String? = nil, outcome: String,
        at now: Instant
    ) throws(Failure) {
        try change("record the end of a scheduled run of \(pipeline)", under: nil) { session in
            let updated = try session.run(
                """
                UPDATE schedule_runs SET finished = ?1, outcome = ?2
                WHERE pipeline = ?3 AND kind = ?4 AND scheduled = ?5 AND claimant = coalesce(?6, claimant) AND finished IS NULL
                """,
                now, outcome, pipeline, kind, scheduled, claimant)
            guard updated == 1 else {
                throw Failure(.conflict, "the run of \(pipeline) that was due at \(scheduled) is not going on")
            }
            try session.append(
                .scheduleFinished, subject: pipeline.description,
                detail: ["kind": kind, "scheduled": scheduled.description, "outcome": outcome], at: now)
        }
    }

    /// What is recorded where a scheduler sees a schedule for the first time: it counts from then on, and nothing ran.
    package static let firstSeen = "first seen"

    /// The latest due time for which something ran, was skipped or is running.
    package func lastRun(_ pipeline: ResourceName, kind: String) throws(Failure) -> Instant? {
        try database.read("look up the last run of \(pipeline)") { session in
            try session.first(
                """
                SELECT scheduled FROM schedule_runs WHERE pipeline = ? AND kind = ? AND outcome IS NOT ?
                ORDER BY scheduled DESC LIMIT 1
                """, pipeline, kind, Self.firstSeen
            ) { row in try row.instant("scheduled") }
        }
    }

    /// The latest due time of the schedule that was claimed, also by seeing it first.
    package func lastClaimed(_ pipeline: ResourceName, kind: String) throws(Failure) -> Instant? {
        try database.read("look up the last run of \(pipeline)") { session in
            try session.first(
                "SELECT scheduled FROM schedule_runs WHERE pipeline = ? AND kind = ? ORDER BY scheduled DESC LIMIT 1", pipeline,
                kind
            ) { row in try row.instant("scheduled") }
        }
    }

    /// Claimed runs without an end: they go on now, or were killed. The earliest first.
    package func unfinishedScheduleRuns() throws(Failure) -> [ScheduleRunRecord] {
        try database.read("list the unfinished scheduled runs") { session in
            try session.rows(
                """
                SELECT *, NOT EXISTS (
                    SELECT 1 FROM schedule_runs AS earlier
                    WHERE earlier.pipeline = run.pipeline AND earlier.kind = run.kind AND earlier.scheduled < run.scheduled
                ) AS is_first
                FROM schedule_runs AS run WHERE finished IS NULL ORDER BY scheduled, pipeline, kind
                """
            ) { row in
                ScheduleRunRecord(
                    pipeline: try row.parsed("pipeline"), kind: try row.text("kind"), scheduled: try row.instant("scheduled"),
                    claimed: try row.instant("claimed"), claimant: try row.text("claimant"),
                    finished: try row.instantIfPresent("finished"), outcome: try row.textIfPresent("outcome"),
                    isFirst: try row.bool("is_first"))
            }
        }
    }
}
