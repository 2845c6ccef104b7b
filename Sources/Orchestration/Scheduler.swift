import Cloud
import Glibc
import Ledger
import Model
import Pipeline
import Platform
import Recipes

/// Runs pipelines and copies when they are due. Any number of schedulers may run on one workspace: each due time is claimed by one.
package struct Scheduler {
    /// One schedule of one pipeline.
    package struct Entry: Sendable {
        package var pipeline: PipelineDocument
        package var definition: ScheduleDefinition
        /// Nil for the build.
        package var destination: PipelineDocument.Distribution?

        /// `build`, or `copy us-west-2`.
        package var kind: String { destination.map { "copy \($0.region)" } ?? "build" }
    }

    /// What came of a due time.
    package struct Run: Sendable {
        package var pipeline: ResourceName
        package var kind: String
        package var scheduled: Instant
        /// In a few words.
        package var outcome: String
        package var failure: Failure?
    }

    private let workspace: Workspace
    private let library: DocumentLibrary
    private let builder: Builder
    /// Told before a run begins.
    private let began: @Sendable (Entry, Instant) -> Void

    package init(
        _ workspace: Workspace, library: DocumentLibrary, builder: Builder,
        began: @escaping @Sendable (Entry, Instant) -> Void = { _, _ in }
    ) {
        self.workspace = workspace
        self.library = library
        self.builder = builder
        self.began = began
    }

    /// All schedules of the library's pipelines, by pipeline.
    package static func entries(in library: DocumentLibrary) throws(Failure) -> [Entry] {
        var entries: [Entry] = []
        for name in library.names(.pipelines) {
            let pipeline = try library.pipeline(name)
            if let schedule = pipeline.schedule { entries.append(Entry(pipeline: pipeline, definition: schedule)) }
            for destination in pipeline.distribution {
                if let schedule = destination.schedule {
                    entries.append(Entry(pipeline: pipeline, definition: schedule, destination: destination))
                }
            }
        }
        return entries
    }

    /// The time from which a schedule counts: the last due time that was claimed, or the first time a scheduler saw it.
    package func schedule(of entry: Entry) throws(Failure) -> Schedule {
        let anchor = try workspace.ledger.lastClaimed(entry.pipeline.name, kind: entry.kind)
        return entry.definition.schedule(anchor: anchor ?? workspace.now)
    }

    /// Does all that is due now. A failure of one run does not keep the others.
    package func tick() throws(Failure) -> [Run] {
        var runs: [Run] = []
        for run in try workspace.ledger.unfinishedScheduleRuns() where Holder.isDead(run.claimant) {
            let entry = try Self.entries(in: library).first { $0.pipeline.name == run.pipeline && $0.kind == run.kind }
            guard let entry else { continue }
            runs.append(try perform(entry, run.scheduled))
        }
        for entry in try Self.entries(in: library) {
            if workspace.environment.cancellation.isCancelled { break }
            if let run = try tick(entry) { runs.append(run) }
        }
        return runs
    }

    private func tick(_ entry: Entry) throws(Failure) -> Run? {
        let name = entry.pipeline.name
        guard let last = try workspace.ledger.lastClaimed(name, kind: entry.kind) else {
            // Seen for the first time: the schedule counts from now on, and catches nothing up.
            if try claim(entry, workspace.now) { try finish(entry, workspace.now, "first seen") }
            return nil
        }
        let schedule = entry.definition.schedule(anchor: last)
        switch schedule.due(lastRecorded: last, now: workspace.now, policy: entry.definition.missedRuns) {
        case .nothing: return nil
        case .skip(let through, let passed):
            guard try claim(entry, through) else { return nil }
            try finish(entry, through, "skipped: \(passed) missed")
            return Run(pipeline: name, kind: entry.kind, scheduled: through, outcome: "skipped \(passed) missed", failure: nil)
        case .run(let instant, _, _):
            guard try claim(entry, instant) else { return nil }
            return try perform(entry, instant)
        }
    }

    private func claim(_ entry: Entry, _ instant: Instant) throws(Failure) -> Bool {
        try workspace.ledger.claim(
            entry.pipeline.name, kind: entry.kind, scheduled: instant, by: Holder.current, at: workspace.now)
    }

    private func finish(_ entry: Entry, _ instant: Instant, _ outcome: String) throws(Failure) {
        try workspace.ledger.finishScheduleRun(
            entry.pipeline.name, kind: entry.kind, scheduled: instant, outcome: outcome, at: workspace.now)
    }

    private func perform(_ entry: Entry, _ instant: Instant) throws(Failure) -> Run {
        began(entry, instant)
        var run = Run(pipeline: entry.pipeline.name, kind: entry.kind, scheduled: instant, outcome: "", failure: nil)
        do throws(Failure) {
            if let destination = entry.destination {
                run.outcome = try copy(entry, destination)
            } else {
                run.outcome = try build(entry)
            }
        } catch {
            run.outcome = "failed: \(error.message)"
            run.failure = error
        }
        try finish(entry, instant, run.outcome)
        return run
    }

    private func build(_ entry: Entry) throws(Failure) -> String {
        if entry.definition.startCondition == .dependencyUpdates {
            let prepared = try builder.prepare(entry.pipeline)
            let plan = try builder.plan(prepared)
            let latest = try workspace.plane.region(entry.pipeline.region).latest(of: entry.pipeline.recipe, .any)
            if let result = plan.result, latest?.root == result { return "not started: no dependency changed" }
        }
        let outcome = try builder.build(entry.pipeline)
        return outcome.sealed.isNew ? "built \(outcome.sealed.image.id)" : "unchanged: \(outcome.sealed.image.id)"
    }

    private func copy(_ entry: Entry, _ destination: PipelineDocument.Distribution) throws(Failure) -> String {
        let region = try workspace.plane.region(entry.pipeline.region)
        guard let image = try region.latest(of: entry.pipeline.recipe, .any) else {
            throw Failure(.notFound, "there is no image of \(entry.pipeline.recipe) to copy", hint: "build the pipeline first")
        }
        let copy = try builder.copy(image, entry.pipeline, to: destination)
        return copy.isNew ? "copied \(image.id) as \(copy.image.id)" : "\(image.id) is there as \(copy.image.id)"
    }

    /// Runs until cancelled: looks, works, and sleeps until the next due time. `report` is told each run.
    package func run(_ report: (Run) -> Void) throws(Failure) {
        let cancellation = workspace.environment.cancellation
        while !cancellation.isCancelled {
            for run in try tick() { report(run) }
            if cancellation.isCancelled { return }
            workspace.environment.wait(try pause())
        }
    }

    /// Documents are read anew at least this often, in seconds.
    private static let longestPause: Int64 = 30

    private func pause() throws(Failure) -> UInt64 {
        let now = workspace.now
        var seconds = Self.longestPause
        for entry in try Self.entries(in: library) {
            if let next = try schedule(of: entry).next(after: now) { seconds = min(seconds, max(1, next.seconds - now.seconds)) }
        }
        return UInt64(seconds) * 1_000_000_000
    }
}
