import Cloud
import Model
import Platform

/// Carries out the lifecycle policies that are due. Each due time is claimed by one scheduler; what one had claimed that died is done by the
/// next, which makes only what is missing.
struct PolicyScheduler {
    private let workspace: Workspace
    /// Told before a run begins.
    private let began: @Sendable (_ subject: String, _ kind: String, Instant) -> Void

    init(_ workspace: Workspace, began: @escaping @Sendable (_ subject: String, _ kind: String, Instant) -> Void) {
        self.workspace = workspace
        self.began = began
    }

    /// Does all that is due now. A failure of one run, or of one region, does not keep the others.
    func tick() throws(Failure) -> Scheduler.Tick {
        let book = try PolicyBook(workspace.plane)
        var tick = Scheduler.Tick(problems: book.problems)
        for region in book.regions {
            do throws(Failure) {
                try takeOver(in: region, &tick.runs)
                try carryOut(book, in: region, &tick.runs)
            } catch { tick.problems.append(ScheduleBook.Problem(document: "the region \(region.name)", failure: error)) }
        }
        return tick
    }

    private func carryOut(_ book: PolicyBook, in region: any Region, _ runs: inout [Scheduler.Run]) throws(Failure) {
        let due = try book.due(in: region.name, at: workspace.now) { (entry) throws(Failure) in
            try region.lastPolicyRun(entry.policy.id, entry.kind)
        }
        for due in due {
            if workspace.environment.cancellation.isCancelled { return }
            let record = PolicyRunRecord(
                policy: due.policy.id, kind: due.kind, scheduled: due.instant, schedules: due.names, claimed: workspace.now,
                claimant: workspace.holder.name)
            guard try region.claim(record, of: due.policy) else { continue }
            runs.append(try perform(record, due.policy, region))
        }
    }

    private func takeOver(in region: any Region, _ runs: inout [Scheduler.Run]) throws(Failure) {
        for var record in try region.unfinishedPolicyRuns() where workspace.holder.isDead(record.claimant) {
            guard try region.takeOver(record, by: workspace.holder.name, at: workspace.now) else { continue }
            record.claimant = workspace.holder.name
            let policy = try region.allLifecyclePolicies().first { $0.id == record.policy }
            if let policy, policy.isInForce || policy.details.extendsDeletion && record.kind == .retain,
                policy.effective <= record.scheduled
            {
                runs.append(try perform(record, policy, region))
            } else {
                try region.finish(record, outcome: "dropped: the policy was changed", failure: nil, at: workspace.now)
            }
        }
    }

    private func perform(
        _ record: PolicyRunRecord, _ policy: LifecyclePolicy, _ region: any Region
    ) throws(Failure) -> Scheduler.Run {
        began(record.policy.description, record.kindText, record.scheduled)
        var run = Scheduler.Run(
            subject: record.policy.description, kind: record.kindText, scheduled: record.scheduled, outcome: "", failure: nil)
        let report = PolicyRun(workspace, policy, in: region.name).carryOut(record)
        run.outcome = report.text
        run.failure = report.failure
        // Stays claimed, so that the next scheduler takes it over.
        if report.failure?.code == .cancelled { return run }
        try region.finish(record, outcome: report.text, failure: report.failure?.message, at: workspace.now)
        return run
    }
}

extension PolicyRunRecord {
    /// `create Daily, Weekly` or `retain`
    var kindText: String { kind == .create ? "create \(schedules.joined(separator: ", "))" : kind.rawValue }
}
