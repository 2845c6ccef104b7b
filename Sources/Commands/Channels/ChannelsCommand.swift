import CommandLineKit
import Ledger
import Model
import Orchestration

enum ChannelsCommand: Command {
    static let recipe = Argument<String?>("recipe", "Channels of this recipe only", values: .dynamic("recipe"))
    static let history = Flag("history", "All moves of each channel, the newest first")

    static var specification: Specification {
        Specification(
            "channels", "List where the channels point",
            examples: [
                Example("ingot channels", "All channels"),
                Example("ingot channels web-server --history", "Who moved them, when and why"),
            ],
            parameters: [recipe, history, OutputFormat.option], heading: Heading.release)
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let ledger = try context.reader().ledger
        let recipe = try arguments[recipe].map { (text) throws(Failure) in try ResourceName(parsing: text) }
        var moves = try ledger.channels(of: recipe)
        if arguments[history] {
            moves = try moves.flatMap { (move) throws(Failure) in try ledger.history(of: move.recipe, move.channel) }
        }
        let rows = moves.map { ChannelRow(move: $0) }
        try context.print(rows, as: arguments[OutputFormat.option], empty: "no channel points anywhere yet")
        return .success
    }
}

/// One move of a channel in a list.
struct ChannelRow: ListRow {
    let move: ChannelMove

    static let tableHeader: [Table.Column] = [
        "RECIPE", "CHANNEL", "VERSION", Table.Column("IMAGE", canShrink: false), Table.Column("SINCE", canShrink: false), "BY",
        "REASON",
    ]

    var tableRow: [String] {
        [
            move.recipe.description, move.channel.description, move.to.version.description, move.to.image.description,
            move.at.description, move.actor, move.reason,
        ]
    }

    var quietValue: String { "\(move.recipe)/\(move.to.version)" }

    struct JSON: Encodable {
        let recipe: String
        let channel: String
        let version: String
        let imageId: String
        let previousVersion: String?
        let previousImageId: String?
        let at: String
        let actor: String
        let reason: String
    }

    var json: JSON {
        JSON(
            recipe: move.recipe.description, channel: move.channel.description, version: move.to.version.description,
            imageId: move.to.image.description, previousVersion: move.from?.version.description,
            previousImageId: move.from?.image.description, at: move.at.description, actor: move.actor, reason: move.reason)
    }
}
