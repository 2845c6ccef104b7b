import Cloud
import Ledger
import Model
import Platform
import Recipes
import Text

/// Runs pipelines, copies and lifecycle policies when they are due. Any number of schedulers may run on one workspace: each due time is claimed by one.
package struct Scheduler {
    /// What came of a due time.
    package struct Run: Sendable {
        /// The name of a pipeline, or the id of a lifecycle policy.
        package var subject: String
        package var kind: String
        package var scheduled: Instant
        /// In a few words.
        package var outcome: String
        package var failure: Failure?
    }

    /// What came of a look at all schedules.
    package struct Tick: Sendable {
        package var runs: [Run] = []
        /// Pipelines whose documents, and regions whose policies, cannot be read; the others went on.
        package var problems: [ScheduleBook.Problem] = []
    }

    private let workspace: Workspace
    private let documents: DocumentLibrary
    private let builder: Builder
    /// Told before a run begins: its subject, kind and due time.
    private let began: @Sendable (_ subject: String, _ kind: String, Instant) -> Void

    package init(
        _ workspace: Workspace, documents: DocumentLibrary, builder: Builder,
        began: @escaping @Sendable (_ subject: String, _ kind: String, Instant) -> Void = { _, _, _ in }
    ) {
        self.workspace = workspace
        self.documents = documents
        self.builder = builder
        self.began = began
    }

    /// The time from which a schedule counts: the last due time that was claimed, or the first time a scheduler saw it.
    package func schedule(of entry: ScheduleBook.Entry) throws(Failure) -> Schedule {
        let anchor = try workspace.ledger.lastClaimed(entry.pipeline.name, kind: entry.kind)
        return entry.definition.schedule(anchor: anchor ?? workspace.now)
    }

    // MARK: One look

    /// Does all that is due now. A failure of one run, or of one document, does not keep the others.
    package func tick() throws(Failure) -> Tick { try tick(ScheduleBook(documents)) }

    private func tick(_ book: ScheduleBook) throws(Failure) -> Tick {
        try Recovery(workspace).run()
        var tick = Tick(problems: book.problems)
        for run in try workspace.ledger.unfinishedScheduleRuns() where workspace.holder.isDead(run.claimant) {
            if let run = try takeOver(run, book) { tick.runs.append(run) }
        }
        for entry in book.entries {
            if workspace.environment.cancellation.isCancelled { break }
            if let run = try look(at: entry) { tick.runs.append(run) }
        }
        let policies = try PolicyScheduler(workspace, began: began).tick()
        tick.runs += policies.runs
        tick.problems += policies.problems
        return tick
    }

    /// Does what a scheduler had claimed that died.
    private func takeOver(_ claimed: ScheduleRunRecord, _ book: ScheduleBook) throws(Failure) -> Run? {
        let entry = book.entries.first { $0.pipeline.name == claimed.pipeline && $0.kind == claimed.kind }
        // A document that cannot be read now may be the one.
        if entry == nil && !book.problems.isEmpty { return nil }
        guard try workspace.ledger.takeOver(claimed, by: workspace.holder.name, at: workspace.now) else { return nil }
        if let entry {
            if !claimed.isFirst { return try perform(entry, claimed.scheduled) }
            try finish(entry, claimed.scheduled, Ledger.firstSeen)
            return nil
        }
        let outcome = "dropped: the schedule is gone"
        try workspace.ledger.finishScheduleRun(
            claimed.pipeline, kind: claimed.kind, scheduled: claimed.scheduled, by: workspace.holder.name, outcome: outcome,
            at: workspace.now)
        return Run(
            subject: claimed.pipeline.description, kind: claimed.kind, scheduled: claimed.scheduled, outcome: outcome,
            failure: nil)
    }

    private func look(at entry: ScheduleBook.Entry) throws(Failure) -> Run? {
        let name = entry.pipeline.name
        guard let last = try workspace.ledger.lastClaimed(name, kind: entry.kind) else {
            // Seen for the first time: the schedule counts from now on, and catches nothing up.
            try workspace.ledger.seeFirst(name, kind: entry.kind, by: workspace.holder.name, at: workspace.now)
            return nil
        }
        let schedule = entry.definition.schedule(anchor: last)
        switch schedule.due(lastRecorded: last, now: workspace.now, policy: entry.definition.missedRuns) {
        case .nothing: return nil
        case .skip(let through, let passed):
            guard try claim(entry, through) else { return nil }
            try finish(entry, through, "skipped: \(passed) missed")
            return Run(
                subject: name.description, kind: entry.kind, scheduled: through, outcome: "skipped \(passed) missed", failure: nil
            )
        case .run(let instant, _, _):
            guard try claim(entry, instant) else { return nil }
            return try perform(entry, instant)
        }
    }

    private func claim(_ entry: ScheduleBook.Entry, _ instant: Instant) throws(Failure) -> Bool {
        try workspace.ledger.claim(
            entry.pipeline.name, kind: entry.kind, scheduled: instant, by: workspace.holder.name, at: workspace.now)
    }

    private func finish(_ entry: ScheduleBook.Entry, _ instant: Instant, _ outcome: String) throws(Failure) {
        try workspace.ledger.finishScheduleRun(
            entry.pipeline.name, kind: entry.kind, scheduled: instant, by: workspace.holder.name, outcome: outcome,
            at: workspace.now)
    }

    // MARK: One run

    private func perform(_ entry: ScheduleBook.Entry, _ instant: Instant) throws(Failure) -> Run {
        began(entry.pipeline.name.description, entry.kind, instant)
        var run = Run(
            subject: entry.pipeline.name.description, kind: entry.kind, scheduled: instant, outcome: "", failure: nil)
        do throws(Failure) {
            run.outcome =
                switch entry.work {
                case .build: try build(entry)
                case .copy(let destination): try copy(entry, destination)
                case .lifecycle: try retire(entry)
                }
        } catch {
            run.outcome = "failed: \(error.message)"
            run.failure = error
            // Stays claimed, so that the next scheduler takes it over.
            if error.code == .cancelled { return run }
        }
        try finish(entry, instant, run.outcome)
        return run
    }

    private func build(_ entry: ScheduleBook.Entry) throws(Failure) -> String {
        // A parent that is not there yet is an update.
        if entry.definition.startCondition == .dependencyUpdates, case .here = try builder.parentSource(of: entry.pipeline),
            let image = try builder.unchanged(try builder.prepare(entry.pipeline))
        {
            // What an earlier build left out, such as a copy to a region that failed, is made up for.
            let copies = try builder.publish(image, entry.pipeline).count { $0.isNew }
            return "not started: no dependency changed"
                + (copies == 0 ? "" : "; made up for \(Amount.count(copies, "copy", plural: "copies"))")
        }
        let outcome = try builder.build(entry.pipeline)
        let image = outcome.sealed.image.id
        let result = outcome.sealed.isNew ? "built \(image)" : "unchanged: \(image)"
        return ([result] + outcome.retired.map(\.text)).joined(separator: "; ")
    }

    private func retire(_ entry: ScheduleBook.Entry) throws(Failure) -> String {
        let done = try Retirement(workspace, entry.pipeline).run()
        if done.isEmpty { return "no image is old enough" }
        return done.map(\.text).joined(separator: "; ")
    }

    private func copy(
        _ entry: ScheduleBook.Entry, _ destination: PipelineDocument.Distribution
    ) throws(Failure) -> String {
        let region = try workspace.plane.makeRegion(entry.pipeline.region)
        guard let image = try region.latest(of: entry.pipeline.recipe, .any) else {
            throw Failure(.notFound, "there is no image of \(entry.pipeline.recipe) to copy", hint: "build the pipeline first")
        }
        let copy = try builder.copy(image, entry.pipeline, to: destination)
        return copy.isNew ? "copied \(image.id) as \(copy.image.id)" : "\(image.id) is there as \(copy.image.id)"
    }

    // MARK: Until cancelled

    /// Runs until cancelled: looks, works, and sleeps until the next due time. `report` is told each run, and `warn` each problem of a
    /// document once, until it changes.
    package func run(_ report: (Run) -> Void, warn: (ScheduleBook.Problem) -> Void) throws(Failure) {
        let cancellation = workspace.environment.cancellation
        var known: [String: String] = [:]
        while !cancellation.isCancelled {
            let book = ScheduleBook(documents)
            let tick = try tick(book)
            for run in tick.runs { report(run) }
            for problem in tick.problems where known[problem.document] != problem.failure.message { warn(problem) }
            known = Dictionary(
                tick.problems.map { ($0.document, $0.failure.message) }, uniquingKeysWith: { first, _ in first })
            if cancellation.isCancelled { return }
            workspace.environment.wait(try pause(book))
        }
    }

    /// Documents are read anew at least this often, in seconds.
    private static let longestPause: Int64 = 30

    private func pause(_ book: ScheduleBook) throws(Failure) -> UInt64 {
        let now = workspace.now
        var seconds = Self.longestPause
        for entry in book.entries {
            if let next = try schedule(of: entry).next(after: now) { seconds = min(seconds, max(1, next.seconds - now.seconds)) }
        }
        for entry in try PolicyBook(workspace.plane).entries {
            if let next = entry.schedule.next(after: now) { seconds = min(seconds, max(1, next.seconds - now.seconds)) }
        }
        return UInt64(seconds) * 1_000_000_000
    }
}
