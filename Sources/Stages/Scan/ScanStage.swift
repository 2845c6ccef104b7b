import Crypto
import Guest
import Model
import Pipeline
import Platform
import Recipes
import Text
import Vulnerabilities

/// `scan`: fails where packages of the tree have findings that the image may not have. Changes nothing.
///
///     - scan:
///         packages:
///           feeds: [feeds/tracker.json]
///           indexes: [lists]
///           maximumSeverity: medium
///           fixAvailable: true
///           maximumAge: 7d
///           ignore: [{id: CVE-2023-4039, package: gcc-12, reason: only for arm64, until: 2027-01-01}]
///
/// Its detail is an `Assessment`. The feeds and indexes are its inputs by content; where `maximumAge` or `until` make the verdict depend on
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
    package static let revision = 1

    /// A file or folder as the recipe names it, and where it is.
    private struct Source: Sendable {
        let name: String
        let path: String
    }

    private let feeds: [Source]
    private let indexes: [Source]
    private let policy: VulnerabilityPolicy

    package init?(from reader: StageReader) {
        guard let stage = reader.fields() else { return nil }
        defer { stage.finish() }
        guard let fields = stage.mapping("packages") else { return nil }
        feeds = fields.strings("feeds").map { Source(name: $0, path: reader.path($0)) }
        indexes = fields.strings("indexes").map { Source(name: $0, path: reader.path($0)) }
        let maximum = fields.oneOf("maximumSeverity", default: MaximumSeverity.high)
        policy = VulnerabilityPolicy(
            maximumSeverity: maximum.severity, onlyFixable: fields.boolean("fixAvailable", default: false),
            maximumAge: fields.optionalValue("maximumAge", TimeSpan.self),
            ignored: fields.list("ignore").compactMap { value in
                guard let fields = value.fields() else { return nil }
                defer { fields.finish() }
                guard let id = fields.string("id"), let reason = fields.string("reason") else { return nil }
                return .init(
                    id: id, package: fields.optionalString("package"), reason: reason,
                    until: fields.optionalValue("until", Instant.self))
            })
        fields.finish()
        if feeds.isEmpty && indexes.isEmpty { reader.report("'scan' has neither 'feeds' nor 'indexes' to judge packages by") }
    }

    /// What a recipe may allow.
    private enum MaximumSeverity: String, CaseIterable {
        case none, low, medium, high, critical

        var severity: Severity { Severity(rawValue: rawValue) ?? .critical }
    }

    package func inputs(_ context: InputContext) throws(Failure) -> [StageInput] {
        var inputs = try feeds.map { (feed) throws(Failure) in
            StageInput("feed \(feed.name)", try FeedFile(feed.path).digest.hex)
        }
        inputs += try indexes.map { (index) throws(Failure) in
            StageInput("index \(index.name)", try SuiteIndex.digest(of: index.path).hex)
        }
        if policy.needsDate { inputs.append(StageInput("day", String(Self.now(context).description.prefix(10)))) }
        return inputs
    }

    private static func now(_ context: InputContext) -> Instant { Instant(seconds: context.environment.now() / 1_000_000_000) }

    package func run(_ context: StageContext) throws(Failure) -> StageOutcome {
        var evidence = Assessment.Evidence()
        for feed in feeds {
            context.progress(.detail(feed.name))
            let file = try FeedFile(feed.path)
            try ExternalFile.verify("feed \(feed.name)", file.digest, context)
            evidence.feeds.append(file)
        }
        for index in indexes {
            try ExternalFile.verify("index \(index.name)", try SuiteIndex.digest(of: index.path), context)
            evidence.suites += try SuiteIndex.all(in: index.path, for: context.editor, environment: context.environment)
        }
        try context.checkCancellation()
        var assessment = try Assessment(of: context.editor, by: evidence)
        let now = Self.now(context.inputs)
        policy.apply(to: &assessment, at: now)
        if let failure = policy.failure(policy.violations(of: assessment), policy.staleEvidence(of: assessment, at: now)) {
            throw failure
        }
        return StageOutcome(report: try StageReport(summary: Self.summary(assessment), of: assessment))
    }

    private static func summary(_ assessment: Assessment) -> String {
        let counts = assessment.counts.filter { $0.count > 0 }.map { "\($0.count) \($0.severity.rawValue)" }
        let findings = counts.isEmpty ? "no findings" : counts.joined(separator: ", ")
        return "\(findings); \(Amount.count(assessment.assessed, "package")) assessed, \(assessment.notAssessed.count) not"
    }
}
