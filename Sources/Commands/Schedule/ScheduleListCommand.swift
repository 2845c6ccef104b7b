import Cloud
import CommandLineKit
import Ledger
import Model
import Orchestration
import Platform
import Recipes

enum ScheduleListCommand: Command {
    static var specification: Specification {
        Specification(
            "list", aliases: ["ls"], "List the schedules of all pipelines and lifecycle policies",
            examples: [Example("ingot schedule list", "What runs when")], parameters: [OutputFormat.option],
            exitStatuses: [ScheduleRow.unreadable])
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let (rows, areAllRead) = try ScheduleRow.rows(context)
        try context.print(
            rows, as: arguments[OutputFormat.option],
            empty: "no pipeline in ./pipelines has a schedule, and no region a lifecycle policy")
        return ScheduleRow.status(areAllRead: areAllRead)
    }
}

/// One schedule of a pipeline or of a lifecycle policy in a list.
struct ScheduleRow: ListRow {
    /// The name of the pipeline, or the id of the policy.
    let subject: String
    let isPolicy: Bool
    /// In a word, for programs.
    let kind: String
    /// In a few words: with the region of a copy, or the names of a policy's schedules.
    let does: String
    let region: RegionName
    let startCondition: ScheduleDefinition.StartCondition?
    let missedRuns: MissedRunPolicy
    let schedule: Schedule
    let last: Instant?
    let next: Instant?

    static let unreadable = ExitMeaning(65, "A document cannot be read; the schedules of the others are listed")

    static func status(areAllRead: Bool) -> ExitStatus { areAllRead ? .success : ExitStatus(unreadable.code) }

    /// The schedules of the library's pipelines and of the regions' policies, and whether all documents could be read; those that cannot are
    /// noted. Without a workspace, and for one that no scheduler has seen yet, a pipeline's schedule counts from now.
    static func rows(_ context: CommandContext) throws(Failure) -> (rows: [ScheduleRow], areAllRead: Bool) {
        let workspace = try context.readerIfPresent()
        let now = Instant(seconds: context.environment.seconds)
        let book = ScheduleBook(context.documents)
        for problem in book.problems { context.note(problem) }
        var rows = try book.entries.map { (entry) throws(Failure) in
            let ledger = try workspace?.ledger
            return ScheduleRow(
                entry, last: try ledger?.lastRun(entry.pipeline.name, kind: entry.kind),
                anchor: try ledger?.lastClaimed(entry.pipeline.name, kind: entry.kind), now)
        }
        let policies = try workspace.map { (workspace) throws(Failure) in try PolicyBook(workspace.plane) }
        for problem in policies?.problems ?? [] { context.note(problem) }
        for entry in policies?.entries ?? [] {
            let last = try workspace?.plane.region(entry.region).lastPolicyRun(entry.policy.id, entry.kind)
            rows.append(ScheduleRow(entry, last: last, now))
        }
        return (rows, book.problems.isEmpty && policies?.problems.isEmpty ?? true)
    }

    private init(_ entry: ScheduleBook.Entry, last: Instant?, anchor: Instant?, _ now: Instant) {
        subject = entry.pipeline.name.description
        isPolicy = false
        kind = entry.work.name
        does = entry.kind
        region = entry.region
        startCondition = entry.definition.startCondition
        missedRuns = entry.definition.missedRuns
        schedule = entry.definition.schedule(anchor: anchor ?? now)
        self.last = last
        next = schedule.next(after: now)
    }

    private init(_ entry: PolicyBook.Entry, last: Instant?, _ now: Instant) {
        subject = entry.policy.id.description
        isPolicy = true
        kind = entry.kind.rawValue
        does = entry.kind == .create ? "create \(entry.name)" : entry.kind.rawValue
        region = entry.region
        startCondition = nil
        missedRuns = .runOnce
        schedule = entry.schedule
        self.last = last
        next = schedule.next(after: now)
    }

    static let tableHeader: [Table.Column] = ["PIPELINE", "DOES", "WHEN", "ZONE", "NEXT", "LAST"]

    var tableRow: [String] {
        let zone = schedule.zone
        return [
            subject, does, schedule.expression.description, zone.name, next?.text(in: zone) ?? "never",
            last?.text(in: zone) ?? "",
        ]
    }

    var quietValue: String { subject }

    struct JSON: Encodable {
        let pipeline: String?
        let policy: String?
        let kind: String
        let region: String
        let expression: String
        let timezone: String
        let startCondition: String?
        let missedRuns: String
        let last: String?
        let next: String?
    }

    var json: JSON {
        JSON(
            pipeline: isPolicy ? nil : subject, policy: isPolicy ? subject : nil, kind: kind, region: region.description,
            expression: schedule.expression.description, timezone: schedule.zone.name, startCondition: startCondition?.rawValue,
            missedRuns: missedRuns.rawValue, last: last?.description, next: next?.description)
    }
}
