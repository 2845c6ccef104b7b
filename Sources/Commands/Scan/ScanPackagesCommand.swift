import Cloud
import CommandLineKit
import Guest
import Model
import Orchestration
import Platform
import Text
import Vulnerabilities

/// A severity as the command line names it.
enum SeverityWord: String, ArgumentChoice {
    case none, low, medium, high, critical

    var severity: Severity { Severity(rawValue: rawValue) ?? .critical }
}

enum ScanPackagesCommand: Command {
    static let image = Argument<String>("image", "The image", values: .dynamic("image"))
    static let feed = Option<[String]>(
        "feed", value: "path", "OSV, Debian's tracker, debsecan, updateinfo.xml or Alpine's secdb; known by its content",
        values: .file)
    static let index = Option<[String]>(
        "index", value: "folder", "Signed suites: apt's lists, or dists/<suite> of a mirror", values: .directory)
    static let unsigned = Flag(
        "allow-unsigned-index", "With --index: take suites whose signature is missing, or by a key that the image does not trust")
    static let archives = Option<[String]>(
        "archives", value: "folder", "Debian packages of candidates; their changelogs name what they fix", values: .directory)
    static let maximum = Option<SeverityWord?>(
        "max-severity", value: "severity", "Fail with findings that are worse; none: with any finding")
    static let onlyFixable = Flag("fixable", "With --max-severity: only findings that a newer version mends count")
    static let maximumAge = Option<String?>("max-age", value: "span", "Fail with feeds and indexes that are older, such as 7d")
    static let ignore = Option<[String]>("ignore", value: "id=reason", "A finding to leave, and why")

    static var specification: Specification {
        Specification(
            "packages", "Find known vulnerabilities and missing updates, with the evidence for each",
            discussion: """
                Each finding says on what it stands: a newer version in a suite signed by a key that the image's apt trusts for it (Signed-By \
                of its sources counts), the changelog of that version, or a feed. Nothing is fetched: you give feeds and indexes. What none of them speaks about is counted and listed as not \
                assessed, which is not the same as clean.
                """,
            examples: [
                Example("ingot scan packages web-server --feed tracker.json", "By Debian's security tracker"),
                Example("ingot scan packages web-server --index /var/lib/apt/lists", "By what apt of this machine fetched last"),
                Example(
                    "ingot scan packages web-server --feed osv/ --max-severity medium --fixable --ignore CVE-2023-1=unused",
                    "A gate in a script"),
            ],
            parameters: [
                image, feed, index, unsigned, archives, maximum, onlyFixable, maximumAge, ignore, OutputFormat.resultOption,
            ],
            exitStatuses: [ExitMeaning(1, "There are findings worse than --max-severity, or evidence older than --max-age")],
            heading: Heading.images)
    }

    static func validate(_ arguments: ParsedArguments) throws(UsageError) {
        for text in arguments[ignore] where !text.contains("=") || text.hasSuffix("=") {
            throw UsageError(.rule("--ignore \(text) gives no reason: write the id, an equals sign and why"))
        }
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let policy = try policy(arguments)
        let workspace = try context.reader()
        let image = try context.image(arguments[image], in: workspace)
        let tree = try workspace.tree(of: image)
        var evidence = Assessment.Evidence()
        evidence.feeds = try arguments[feed].map { (path) throws(Failure) in try FeedFile(path) }
        for folder in arguments[index] {
            evidence.suites += try SuiteIndex.all(
                in: folder, for: tree, unsigned: arguments[unsigned], environment: context.environment)
        }
        evidence.archives = try arguments[archives].flatMap { (folder) throws(Failure) in try CandidateArchives.read(folder) }
        let now = Instant(seconds: context.environment.now() / 1_000_000_000)
        var assessment = try Assessment(of: tree, by: evidence, at: now)
        policy.apply(to: &assessment, at: now)
        try context.print(
            as: arguments[OutputFormat.resultOption],
            json: ScanPackagesJSON(imageId: image.id.description, assessment: assessment),
            quiet: assessment.findings.filter { $0.status == .active }.map { "\($0.id) \($0.package.name)" }.joined(
                separator: "\n"),
            text: { ScanPackagesText.text(assessment, context.console.outputTerminal) })
        let violations = arguments[maximum] == nil ? [] : policy.violations(of: assessment)
        if let failure = policy.failure(violations, policy.staleEvidence(of: assessment, at: now)) { throw failure }
        return .success
    }

    private static func policy(_ arguments: ParsedArguments) throws(Failure) -> VulnerabilityPolicy {
        VulnerabilityPolicy(
            maximumSeverity: arguments[maximum]?.severity ?? .critical, onlyFixable: arguments[onlyFixable],
            maximumAge: try arguments[maximumAge].map { (text) throws(Failure) in try TimeSpan(parsing: text) },
            ignored: arguments[ignore].compactMap { text in
                guard let equals = text.firstIndex(of: "=") else { return nil }
                return .init(id: String(text[..<equals]), reason: String(text[text.index(after: equals)...]))
            })
    }
}

/// `ingot scan packages --output json`.
struct ScanPackagesJSON: Encodable {
    let imageId: String
    let assessment: Assessment
}
