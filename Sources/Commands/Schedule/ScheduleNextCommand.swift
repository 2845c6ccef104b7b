import CommandLineKit
import Model
import Orchestration
import Platform
import Recipes

enum ScheduleNextCommand: Command {
    static let count = Option<UInt>("count", short: "n", value: "count", "How many", default: 10)

    static var specification: Specification {
        Specification(
            "next", "List what is due next, over all schedules",
            examples: [Example("ingot schedule next --count 20", "The next twenty runs, in the time zone of each")],
            parameters: [count, OutputFormat.option], exitStatuses: [ScheduleRow.unreadable])
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let now = Instant(seconds: context.environment.seconds)
        let count = Int(clamping: min(arguments[count], 10_000))
        var due: [DueRow] = []
        let (schedules, areAllRead) = try ScheduleRow.rows(context)
        for row in schedules {
            due += row.schedule.runs(after: now, count: count).map { DueRow(row: row, at: $0) }
        }
        due.sort { ($0.at, $0.row.subject, $0.row.does) < ($1.at, $1.row.subject, $1.row.does) }
        let rows = Array(due.prefix(count))
        try context.print(rows, as: arguments[OutputFormat.option], empty: "nothing is due: there is no schedule")
        return ScheduleRow.status(areAllRead: areAllRead)
    }
}

/// One due time in a list.
struct DueRow: ListRow {
    let row: ScheduleRow
    let at: Instant

    static let tableHeader: [Table.Column] = [Table.Column("DUE", canShrink: false), "PIPELINE", "DOES"]

    var tableRow: [String] { [at.text(in: row.schedule.zone), row.subject, row.does] }
    var quietValue: String { at.description }

    struct JSON: Encodable {
        let at: String
        let pipeline: String?
        let policy: String?
        let kind: String
        let region: String
    }

    var json: JSON {
        JSON(
            at: at.description, pipeline: row.isPolicy ? nil : row.subject, policy: row.isPolicy ? row.subject : nil,
            kind: row.kind, region: row.region.description)
    }
}
