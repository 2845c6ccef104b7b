import FoundationEssentials
import Model
import Records
import SQLite

/// A region's policies as schedulers carry them out, whoever owns them.
package protocol PolicyRuns: Sendable {
    /// Of all accounts, the oldest first, also those that were deleted and still delete what they made.
    func allLifecyclePolicies() throws(Failure) -> [LifecyclePolicy]
    /// The latest due time that was claimed.
    func lastPolicyRun(_ policy: LifecyclePolicyID, _ kind: PolicyRunRecord.Kind) throws(Failure) -> Instant?
    /// Claims a due time. Of all that try, also from other processes, exactly one gets true, ever. False too where the policy is gone, or
    /// was changed, disabled or deleted since.
    func claim(_ run: PolicyRunRecord, of policy: LifecyclePolicy) throws(Failure) -> Bool
    /// Claimed runs without an end: they go on now, or were killed.
    func unfinishedPolicyRuns() throws(Failure) -> [PolicyRunRecord]
    /// Takes over an unfinished run from a claimant that died. Of all that try, exactly one gets true.
    func takeOver(_ run: PolicyRunRecord, by claimant: String, at now: Instant) throws(Failure) -> Bool
    /// Records what came of a run, and the policy's state with it. A policy that is gone is no error.
    func finish(_ run: PolicyRunRecord, outcome: String, failure: String?, at now: Instant) throws(Failure)
    /// A deleted policy has nothing left to delete.
    func forgetLifecyclePolicy(_ id: LifecyclePolicyID) throws(Failure)
}

/// One due time of one policy, claimed by one scheduler.
package struct PolicyRunRecord: Hashable, Sendable {
    package let policy: LifecyclePolicyID
    package let kind: Kind
    package let scheduled: Instant
    /// The names of the schedules that are due then.
    package let schedules: [String]
    package var claimed: Instant
    package var claimant: String

    package enum Kind: String, Sendable, CaseIterable {
        /// Something is made, and what is over goes.
        case create
        /// What is over goes.
        case retain
    }

    package init(
        policy: LifecyclePolicyID, kind: Kind, scheduled: Instant, schedules: [String], claimed: Instant, claimant: String
    ) {
        self.policy = policy
        self.kind = kind
        self.scheduled = scheduled
        self.schedules = schedules
        self.claimed = claimed
        self.claimant = claimant
    }
}

extension EmbeddedRegion {
    /// So many finished runs of a policy are remembered, and the last one always.
    private static let rememberedRuns = 100

    package func allLifecyclePolicies() throws(Failure) -> [LifecyclePolicy] {
        try database.read("list the lifecycle policies of \(name)") { try $0.lifecyclePolicies() }
    }

    package func lastPolicyRun(_ policy: LifecyclePolicyID, _ kind: PolicyRunRecord.Kind) throws(Failure) -> Instant? {
        try database.read("look up the last run of \(policy)") { session in
            let sql = "SELECT scheduled FROM lifecycle_runs WHERE policy = ? AND kind = ? ORDER BY scheduled DESC LIMIT 1"
            return try session.first(sql, policy, kind.rawValue) { row in try row.instant("scheduled") }
        }
    }

    package func claim(_ run: PolicyRunRecord, of policy: LifecyclePolicy) throws(Failure) -> Bool {
        try database.write("claim a run of \(run.policy)") { session in
            let isAsItWas = try session.first(
                """
                SELECT 1 AS one FROM lifecycle_policies
                WHERE id = ? AND effective = ? AND deleted IS ? AND (state = 'DISABLED') = ?
                """, run.policy, policy.effective, policy.deleted, policy.state == .disabled
            ) { _ in true }
            guard isAsItWas ?? false else { return false }
            let inserted = try session.run(
                """
                INSERT OR IGNORE INTO lifecycle_runs (policy, kind, scheduled, schedules, claimed, claimant)
                    VALUES (?, ?, ?, ?, ?, ?)
                """, run.policy, run.kind.rawValue, run.scheduled, try CanonicalJSON.text(of: run.schedules), run.claimed,
                run.claimant)
            return inserted == 1
        }
    }

    package func forgetLifecyclePolicy(_ id: LifecyclePolicyID) throws(Failure) {
        try database.write("forget the lifecycle policy \(id)") { session in
            try session.run("DELETE FROM lifecycle_policies WHERE id = ? AND deleted IS NOT NULL", id)
        }
    }

    package func unfinishedPolicyRuns() throws(Failure) -> [PolicyRunRecord] {
        try database.read("list the unfinished runs of lifecycle policies of \(name)") { session in
            try session.rows("SELECT * FROM lifecycle_runs WHERE finished IS NULL ORDER BY scheduled, policy, kind") { row in
                PolicyRunRecord(
                    policy: try row.parsed("policy"), kind: try row.named("kind"), scheduled: try row.instant("scheduled"),
                    schedules: try JSONDecoder().decode([String].self, from: Data(try row.text("schedules").utf8)),
                    claimed: try row.instant("claimed"), claimant: try row.text("claimant"))
            }
        }
    }

    package func takeOver(_ run: PolicyRunRecord, by claimant: String, at now: Instant) throws(Failure) -> Bool {
        try database.write("take over a run of \(run.policy)") { session in
            let updated = try session.run(
                """
                UPDATE lifecycle_runs SET claimant = ?, claimed = ?
                WHERE policy = ? AND kind = ? AND scheduled = ? AND claimant = ? AND finished IS NULL
                """, claimant, now, run.policy, run.kind.rawValue, run.scheduled, run.claimant)
            return updated == 1
        }
    }

    package func finish(
        _ run: PolicyRunRecord, outcome: String, failure: String?, at now: Instant
    ) throws(Failure) {
        try database.write("record the end of a run of \(run.policy)") { session in
            let updated = try session.run(
                """
                UPDATE lifecycle_runs SET finished = ?, outcome = ?
                WHERE policy = ? AND kind = ? AND scheduled = ? AND claimant = ? AND finished IS NULL
                """, now, outcome, run.policy, run.kind.rawValue, run.scheduled, run.claimant)
            // Somebody else has taken it over, or the policy is gone.
            guard updated == 1 else { return }
            let isFailed = failure != nil
            // Only a run that made something shows that a policy works again.
            if isFailed || run.kind == .create {
                try session.run(
                    "UPDATE lifecycle_policies SET state = ?, message = ? WHERE id = ? AND state <> 'DISABLED'",
                    (isFailed ? LifecyclePolicy.State.error : .enabled).rawValue,
                    failure.map { String($0.prefix(LifecyclePolicy.longestStatusMessage)) }, run.policy)
            }
            try session.run(
                """
                DELETE FROM lifecycle_runs WHERE policy = ?1 AND kind = ?2 AND finished IS NOT NULL AND scheduled NOT IN (
                    SELECT scheduled FROM lifecycle_runs WHERE policy = ?1 AND kind = ?2 ORDER BY scheduled DESC LIMIT ?3)
                """, run.policy, run.kind.rawValue, Self.rememberedRuns)
        }
    }
}
