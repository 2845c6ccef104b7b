import CommandLineKit
import Guest
import Model
import Orchestration

import Stages

/// How an audit is printed.
enum AuditFormat: String, ArgumentChoice {
    case table
    case json
    /// One page, which needs no other file.
    case html
    /// The rules that fail, one a line.
    case quiet
}

enum AuditCommand: Command {
    static let image = Argument<String>("image", "The image", values: .dynamic("image"))
    static let profile = Option<String>(
        "profile", short: "p", value: "profile", "The rules: a name of the folder profiles, or a file",
        values: .dynamic("profile"))
    static let exceptions = Option<String?>(
        "exceptions", value: "file", "Rules to leave alone: a YAML file with a list 'except' of {rule, because}", values: .file)
    static let ignoringRecipe = Flag("no-recipe-exceptions", "Check also the rules that the image's recipe left alone")
    static let only = Option<[AuditStatusWord]>("only", value: "status", "Show only rules of this status")
    static let threshold = Option<Int?>("threshold", value: "percent", "Succeed from this score on, whatever fails")
    static let output = Option<AuditFormat>("output", short: "o", value: "format", "How the audit is printed", default: .table)

    static var specification: Specification {
        Specification(
            "audit", "Check an image against a hardening profile, rule by rule",
            discussion: """
                Reads the image's files, and changes and starts nothing. Each rule passes, fails, is an error (it could not be checked), is \
                excepted with a reason, is not applicable (the image lacks what it is about), or cannot be decided on a filesystem, for which \
                the profile says why. The score is pass / (pass + fail + error): nothing else counts.

                Rules that the stage harden of the image's recipe, or of a recipe that it was built on, left alone are excepted with the reason \
                that stands there, for as long as the results of the stages are kept; --exceptions adds others.

                The profile's folder is profiles in recipes below the working directory, or profiles itself.
                """,
            examples: [
                Example("ingot audit web-server --profile cis-debian-12-level-1", "Every rule with what was seen"),
                Example("ingot audit web-server -p cis-debian-12-level-1 --only fail", "What is not met"),
                Example(
                    "ingot audit web-server -p cis-debian-12-level-2 --output html > audit.html", "A page to keep or to print"),
                Example("ingot audit web-server -p cis-debian-12-level-1 --threshold 95 --output quiet", "A gate in a script"),
            ],
            parameters: [image, profile, exceptions, ignoringRecipe, only, threshold, output],
            exitStatuses: [ExitMeaning(1, "A rule fails or could not be checked, or the score is below the threshold")],
            heading: Heading.images)
    }

    static func validate(_ arguments: ParsedArguments) throws(UsageError) {
        if let threshold = arguments[threshold], !(0...100).contains(threshold) {
            throw UsageError(.rule("--threshold is a percentage, 0 to 100"))
        }
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let profile = try HardeningProfileFile(file: try context.profileFile(arguments[profile])).profile
        let exceptions =
            try arguments[exceptions].map { (file) throws(Failure) in try HardeningExceptions(file: file).list } ?? []
        let workspace = try context.reader()
        let image = try context.image(arguments[image], in: workspace)
        let recorded = arguments[ignoringRecipe] ? [] : try HardeningRecord(of: image, in: workspace).exceptions
        let known = Set(profile.rules.map(\.id)).subtracting(exceptions.map(\.rule))
        let report = try Audit.run(
            profile, except: exceptions + recorded.filter { known.contains($0.rule) }, on: try workspace.tree(of: image))
        let wanted = Set(arguments[only].map(\.status))
        let shown = report.entries.filter { wanted.isEmpty || wanted.contains($0.status) }
        let json = AuditJSON(image, report, shown)
        switch arguments[output] {
        case .table: try context.print(context.isQuiet ? "" : AuditText.text(report, shown, context.console.outputTerminal))
        case .json: try context.print(try JSONText.encode(json) + "\n")
        case .html: try context.print(AuditPage(json, title: report.title).html)
        case .quiet:
            for entry in shown where entry.status == .fail || entry.status == .error { try context.printLine(entry.rule) }
        }
        return isAccepted(report, arguments[threshold]) ? .success : ExitStatus(1)
    }

    private static func isAccepted(_ report: AuditReport, _ threshold: Int?) -> Bool {
        guard let threshold else { return report.isClean }
        return (report.score ?? 0) >= Double(threshold)
    }
}

/// A status as the command line names it.
enum AuditStatusWord: String, ArgumentChoice {
    case fail, error, pass, excepted
    case notApplicable = "not-applicable"
    case notDecidable = "not-decidable"

    var status: AuditReport.Status {
        switch self {
        case .fail: .fail
        case .error: .error
        case .pass: .pass
        case .excepted: .excepted
        case .notApplicable: .notApplicable
        case .notDecidable: .notDecidable
        }
    }
}

extension AuditReport.Status {
    /// As people read it.
    var words: String {
        switch self {
        case .fail: "fail"
        case .error: "error"
        case .pass: "pass"
        case .excepted: "excepted"
        case .notApplicable: "not applicable"
        case .notDecidable: "not decidable"
        }
    }
}
