import CommandLineKit
import ImageStore
import Model
import Orchestration
import Platform
import Text

enum CheckCommand: Command {
    static var specification: Specification {
        Specification(
            "check", "Verify every stored byte, and that every image is whole",
            discussion:
                "What is damaged is named, with the images and paths that need it. Importing or copying the same content again restores it.",
            examples: [
                Example("ingot check", "Checks all regions"), Example("ingot check --output json", "The findings as JSON"),
            ],
            parameters: [OutputFormat.resultOption], exitStatuses: [ExitMeaning(76, "Something is damaged or missing")],
            heading: Heading.workspace)
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let workspace = try context.reader()
        Interruption.catchSignals()
        let progress = ProgressReport(context)
        let reports = try progress.during {
            let reports = try Maintenance(workspace).check { region, done, total in
                progress.update("check \(region)", done: ProgressAmount(done, of: total))
            }
            for (region, stores) in Dictionary(grouping: reports, by: \.region).sorted(by: { $0.key < $1.key }) {
                let isSound = stores.allSatisfy(\.report.isSound)
                progress.finish("check \(region)", isSound ? .succeeded : .failed, detail: nil)
            }
            return reports.map { CheckJSON.Region($0) }
        }
        let result = CheckJSON(isSound: reports.allSatisfy(\.findings.isEmpty), regions: reports)
        try context.print(
            as: arguments[OutputFormat.resultOption], json: result,
            quiet: reports.flatMap(\.findings).map(\.subject).joined(separator: "\n"), text: { text(result) })
        return result.isSound ? .success : ExitStatus(Failure.Code.corrupt.exitStatus)
    }

    private static func text(_ result: CheckJSON) -> String {
        var lines: [String] = []
        for region in result.regions {
            let store = region.region + (region.key.map { " under \($0)" } ?? "")
            if let obstacle = region.notChecked {
                lines.append("\(store): not checked: \(obstacle)")
                continue
            }
            let seen =
                "\(Amount.count(region.objects, "object")) in \(Amount.count(region.packs, "pack")), \(Amount.bytes(region.bytes)) read"
            lines.append(
                "\(store): \(seen), \(region.findings.isEmpty ? "all sound" : Amount.count(region.findings.count, "finding"))"
            )
            for finding in region.findings {
                lines.append("  damaged: \(finding.subject): \(finding.problem)")
                lines += finding.affects.map { "    needed by \(PlainText.oneLine($0))" }
            }
        }
        return lines.isEmpty ? "there is nothing to check\n" : lines.map { $0 + "\n" }.joined()
    }
}

/// `ingot check --output json`.
struct CheckJSON: Encodable {
    let isSound: Bool
    let regions: [Region]

    struct Region: Encodable {
        let region: String
        let key: String?
        let packs: Int
        let objects: Int
        let bytes: UInt64
        let findings: [StoreCheck.Finding]
        let notChecked: String?

        init(_ result: Maintenance.Result<StoreCheck.Report>) {
            let report = result.report
            region = result.region.description
            key = result.key?.description
            notChecked = result.obstacle?.message
            packs = report.packs
            objects = report.objects
            bytes = report.bytes
            findings = report.findings
        }
    }
}
