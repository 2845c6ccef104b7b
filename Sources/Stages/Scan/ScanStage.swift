import Guest
import Model
import Pipeline
import Platform
import Recipes
import Vulnerabilities

/// `scan`: fails where packages of the tree have findings that the image may not have. Changes nothing. `PackageGate` has its fields.
///
/// Its detail is a `PackageScan`. The feeds and indexes are its inputs by content; where `maximumAge` or `until` make the verdict depend on
/// the day, the day is one too.
package struct ScanStage: Stage {
    package static let name = "scan"
    package static let summary = "Fails with known vulnerabilities that the image may not have, by feeds and signed indexes"
    package static let options = [
        OptionHelp("packages", "what to judge packages by, and what they may have:"),
        OptionHelp(
            "packages.feeds", "OSV, Debian's tracker, debsecan, updateinfo.xml, Alpine's secdb; paths from the recipe's folder"),
        OptionHelp("packages.indexes", "folders with signed suites: apt's lists, or dists/<suite> of a mirror"),
        OptionHelp(
            "packages.maximumSeverity", "none, low, medium, high or critical: worse findings fail; none: any finding does"),
        OptionHelp("packages.fixAvailable", "true: only findings that a newer version mends fail"),
        OptionHelp("packages.maximumAge", "feeds and indexes that are older fail, such as 7d"),
        OptionHelp("packages.ignore", "findings to leave: each {id, package, reason, until}"),
    ]
    package static let revision = 2

    private let gate: PackageGate

    package init?(from reader: StageReader) {
        guard let fields = reader.fields() else { return nil }
        defer { fields.finish() }
        guard let gate = PackageGate(fields, folder: reader.baseFolder) else { return nil }
        self.gate = gate
    }

    package func inputs(_ context: InputContext) throws(Failure) -> [StageInput] {
        try gate.inputs(at: Self.now(context)).map { StageInput($0.name, $0.value) }
    }

    private static func now(_ context: InputContext) -> Instant { Instant(seconds: context.environment.now() / 1_000_000_000) }

    package func run(_ context: StageContext) throws(Failure) -> StageOutcome {
        let now = Self.now(context.inputs)
        let assessment = try gate.judge(
            context.editor, by: context.declaredInputs.map { .init(name: $0.name, value: $0.value) },
            at: now, environment: context.environment
        ) { (source) throws(Failure) in
            try context.checkCancellation()
            context.progress(.detail(source))
        }
        let verdict = PackageVerdict(assessment, by: gate, of: "stage scan", at: now)
        return StageOutcome(
            report: try StageReport(summary: verdict.summary, of: PackageScan(verdict: verdict, assessment: assessment)))
    }
}
