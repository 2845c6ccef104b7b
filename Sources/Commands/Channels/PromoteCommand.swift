import CommandLineKit
import Glibc
import Ledger
import Model
import Orchestration
import Recipes
import Text

enum PromoteCommand: Command {
    static let recipe = Argument<String>("recipe", "The recipe whose image is promoted", values: .dynamic("recipe"))
    static let to = Option<String>("to", value: "channel", "The channel", values: .dynamic("channel"))
    static let version = Option<String?>("version", value: "version", "This version, and not what the channel before has")
    static let reason = Option<String>("reason", value: "text", "Why, for the history", default: "")
    static let pipeline = Option<String?>(
        "pipeline", value: "pipeline", "Whose channels are meant, where several pipelines build the recipe",
        values: .dynamic("pipeline"))

    static var specification: Specification {
        Specification(
            "promote", "Point a channel to a version, through the gates of the pipeline",
            discussion: """
                A channel takes what the channel before it points to; the first one takes the newest version. The order of the channels and their \
                gates are in the pipeline of the recipe.
                """,
            examples: [
                Example("ingot promote web-server --to staging", "What dev has goes to staging"),
                Example(
                    "ingot promote web-server --to prod --version 1.4.1 --reason 'roll back'", "Goes back to an older version"),
            ],
            parameters: [recipe, to, version, reason, pipeline, OutputFormat.resultOption],
            exitStatuses: [
                ExitMeaning(1, "A gate said no"),
                ExitMeaning(73, "The channel points there already or was moved meanwhile, or the image is gone"),
            ],
            heading: Heading.release)
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let recipe = try recipe(arguments[recipe])
        let channel = try ChannelName(parsing: arguments[to])
        let version = try arguments[version].map { (text) throws(Failure) in try VersionSelector(parsing: text) }
        let pipeline = try pipeline(of: recipe, arguments[pipeline], context)
        let workspace = try context.writer()
        let move = try Promoter(workspace).promote(
            pipeline, to: channel, version: version, by: actor(context.variables), reason: arguments[reason])
        let row = ChannelRow(move: move, state: .available)
        try context.print(
            as: arguments[OutputFormat.resultOption], json: row.json, quiet: move.to.image.description,
            text: {
                let before = move.from.map { ", from \($0.version)" } ?? ""
                return "\(recipe): \(channel) points to \(move.to.version) (\(move.to.image))\(before)\n"
            })
        return .success
    }

    /// Other commands take a version behind a recipe's name.
    private static func recipe(_ word: String) throws(Failure) -> ResourceName {
        do throws(Failure) { return try ResourceName(parsing: word) } catch {
            let parts = word.split(separator: "/", maxSplits: 1).map(String.init)
            guard parts.count == 2, (try? ResourceName(parsing: parts[0])) != nil else { throw error }
            throw Failure(error.code, error.message, hint: "name the version by itself: \(parts[0]) --version \(parts[1])")
        }
    }

    /// The one pipeline that builds the recipe, or the one that was named.
    private static func pipeline(
        of recipe: ResourceName, _ word: String?, _ context: CommandContext
    ) throws(Failure) -> PipelineDocument {
        if let word {
            let pipeline = try PipelineSelection(word, context).pipeline
            if pipeline.recipe == recipe { return pipeline }
            throw Failure(.invalid, "the pipeline \(pipeline.name) builds \(pipeline.recipe), not \(recipe)")
        }
        let documents = context.documents
        var pipelines: [PipelineDocument] = []
        for name in documents.names(.pipelines) { pipelines.append(try documents.pipeline(name)) }
        let found = pipelines.filter { $0.recipe == recipe }
        if found.count == 1 { return found[0] }
        if found.isEmpty {
            let known = Set(pipelines.map(\.recipe.description)).sorted()
            throw Failure(
                .notFound, "no pipeline in ./pipelines builds the recipe \(recipe)",
                hint: Suggestion.hint(for: recipe.description, among: known))
        }
        let names = found.map(\.name.description).joined(separator: ", ")
        throw Failure(
            .conflict, "several pipelines build the recipe \(recipe): \(names)",
            hint: "choose one: --pipeline \(found[0].name)")
    }

    /// Who is at the keyboard, for the history.
    static func actor(_ variables: [String: String]) -> String {
        for name in ["SUDO_USER", "USER", "LOGNAME"] {
            if let user = variables[name], !user.isEmpty { return user }
        }
        return "uid \(getuid())"
    }
}
