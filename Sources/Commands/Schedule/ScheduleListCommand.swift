import CommandLineKit
import Ledger
import Model
import Orchestration
import Platform
import Recipes

enum ScheduleListCommand: Command {
    static var specification: Specification {
        Specification(
            "list", aliases: ["ls"], "List the schedules of all pipelines",
            examples: [Example("ingot schedule list", "What runs when")], parameters: [OutputFormat.option],
            exitStatuses: [ScheduleRow.unreadable])
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let (rows, areAllRead) = try ScheduleRow.rows(context)
        try context.print(rows, as: arguments[OutputFormat.option], empty: "no pipeline in ./pipelines has a schedule")
        return ScheduleRow.status(areAllRead: areAllRead)
    }
}

/// One schedule in a list.
struct ScheduleRow: ListRow {
    let entry: ScheduleBook.Entry
    let schedule: Schedule
    let last: Instant?
    let next: Instant?

    static let unreadable = ExitMeaning(65, "A document cannot be read; the schedules of the others are listed")

    static func status(areAllRead: Bool) -> ExitStatus { areAllRead ? .success : ExitStatus(unreadable.code) }

    /// The schedules of the library's pipelines, and whether all documents could be read; those that cannot are noted. Without a
    /// workspace, and for one that no scheduler has seen yet, a schedule counts from now.
    static func rows(_ context: CommandContext) throws(Failure) -> (rows: [ScheduleRow], areAllRead: Bool) {
        let ledger = try context.readerIfPresent()?.ledger
        let now = Instant(seconds: context.environment.seconds)
        let book = ScheduleBook(context.documents)
        for problem in book.problems { context.note(problem) }
        let rows = try book.entries.map { (entry) throws(Failure) in
            let last = try ledger?.lastClaimed(entry.pipeline.name, kind: entry.kind)
            let schedule = entry.definition.schedule(anchor: last ?? now)
            return ScheduleRow(entry: entry, schedule: schedule, last: last, next: schedule.next(after: now))
        }
        return (rows, book.problems.isEmpty)
    }

    static let tableHeader: [Table.Column] = ["PIPELINE", "DOES", "WHEN", "ZONE", "NEXT", "LAST"]

    var tableRow: [String] {
        let zone = entry.definition.zone
        return [
            entry.pipeline.name.description, entry.kind, entry.definition.expression.description, zone.name,
            next?.text(in: zone) ?? "never", last?.text(in: zone) ?? "",
        ]
    }

    var quietValue: String { entry.pipeline.name.description }

    struct JSON: Encodable {
        let pipeline: String
        let kind: String
        let region: String
        let expression: String
        let timezone: String
        let startCondition: String
        let missedRuns: String
        let last: String?
        let next: String?
    }

    var json: JSON {
        JSON(
            pipeline: entry.pipeline.name.description, kind: entry.work.name,
            region: entry.region.description,
            expression: entry.definition.expression.description, timezone: entry.definition.zone.name,
            startCondition: entry.definition.startCondition.rawValue, missedRuns: entry.definition.missedRuns.rawValue,
            last: last?.description, next: next?.description)
    }
}
