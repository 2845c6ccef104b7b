import CommandLineKit
import ImageStore
import Model
import Orchestration
import Text

enum CollectCommand: Command {
    static let keep = Option<String>(
        "keep", value: "time", "Keep the results of stages that a build used in this time", default: "30d")
    static let dryRun = Flag("dry-run", short: "n", "Only say what would be removed")

    static var specification: Specification {
        Specification(
            "collect", "Remove stored data that no image and no recent stage needs",
            discussion: """
                Safe at any time, also beside running builds: what a running command may still need stays. With --dry-run the results of all stages \
                count as needed.
                """,
            examples: [
                Example("ingot collect --dry-run", "What could go"),
                Example("ingot collect --keep 7d", "Keeps a week of stage results"),
            ],
            parameters: [keep, dryRun, OutputFormat.option], heading: Heading.workspace)
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let keep = try TimeSpan(parsing: arguments[keep])
        let reports = try Maintenance(try context.writer()).collect(keep: keep, dryRun: arguments[dryRun])
        let rows = reports.map { CollectRow(result: $0, isDryRun: arguments[dryRun]) }
        try context.print(rows, as: arguments[OutputFormat.option], empty: "there is nothing to collect")
        for row in rows {
            if let obstacle = row.result.obstacle { context.note("\(row.region): not collected: \(obstacle.message)") }
        }
        for row in rows where row.report.waitingFor > 0 {
            context.note(
                "\(row.region): \(Amount.count(row.report.waitingFor, "running command")) must end first: collect again later")
        }
        return .success
    }
}

/// What a collection did in one region.
struct CollectRow: ListRow {
    let result: Maintenance.Result<Collector.Report>
    let isDryRun: Bool

    var region: RegionName { result.region }
    var report: Collector.Report { result.report }

    static let tableHeader: [Table.Column] = [
        "REGION", "KEY", Table.Column("OBJECTS", .trailing), Table.Column("REMOVED", .trailing), Table.Column("FREED", .trailing),
        "",
    ]

    var tableRow: [String] {
        [
            region.description, result.key?.description ?? "", Amount.grouped(report.objects),
            Amount.grouped(report.removedObjects),
            Amount.bytes(report.freedBytes), isDryRun ? "not removed: this was a dry run" : "",
        ]
    }

    var quietValue: String { String(report.freedBytes) }

    struct JSON: Encodable {
        let region: String
        let key: String?
        let objects: Int
        let removedObjects: Int
        let freedBytes: Int
        let waitingFor: Int
        let isDryRun: Bool
    }

    var json: JSON {
        JSON(
            region: region.description, key: result.key?.description, objects: report.objects,
            removedObjects: report.removedObjects,
            freedBytes: report.freedBytes, waitingFor: report.waitingFor, isDryRun: isDryRun)
    }
}
