import Cloud
import CommandLineKit
import Guest
import Model
import Orchestration
import Platform

enum ChangelogCommand: Command {
    static let recipe = Argument<String>("recipe", "A recipe", values: .dynamic("image"))
    static let old = Argument<String?>("old", "The earlier version; the last but one, where none is given")
    static let new = Argument<String?>("new", "The later version; the newest, where none is given")

    static var specification: Specification {
        Specification(
            "changelog", "Tell what changed between two versions of a recipe, for people",
            discussion: """
                Markdown for release notes: packages with the CVE ids that their changelogs name between the two versions, accounts, services, \
                settings, certificates, the inputs of stages that differ, and numbers of files. A CVE id in a changelog says that a package's \
                maintainers dealt with it, not that the image was open to it.
                """,
            examples: [
                Example("ingot changelog web-server", "What the newest version brought"),
                Example("ingot changelog web-server 1.4.2 1.4.3", "What changed between two versions"),
            ],
            parameters: [recipe, old, new, OutputFormat.resultOption], heading: Heading.images)
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let workspace = try context.reader()
        let (before, after) = try images(arguments, workspace, context)
        let changelog = try Changelog(from: before, to: after, workspace, now: context.environment.seconds)
        try context.print(
            as: arguments[OutputFormat.resultOption], json: ChangelogJSON(changelog),
            quiet: changelog.difference.changes.map { "\($0.category) \($0.subject)" }.joined(separator: "\n"),
            text: { ChangelogText.markdown(changelog) })
        return .success
    }

    private static func images(
        _ arguments: ParsedArguments, _ workspace: Workspace, _ context: CommandContext
    ) throws(Failure) -> (ImageRecord, ImageRecord) {
        let recipe = arguments[recipe]
        guard let first = arguments[old] else {
            return try Changelog.newest(of: try ResourceName(parsing: recipe), in: workspace)
        }
        let before = try context.image("\(recipe)/\(first)", in: workspace)
        return (before, try context.image(arguments[new].map { "\(recipe)/\($0)" } ?? recipe, in: workspace))
    }
}
