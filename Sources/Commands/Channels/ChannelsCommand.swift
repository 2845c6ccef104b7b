import Cloud
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
            discussion: "An image that cannot be launched any more is marked with its state, as in (deregistered).",
            examples: [
                Example("ingot channels", "All channels"),
                Example("ingot channels web-server --history", "Who moved them, when and why"),
            ],
            parameters: [recipe, history, OutputFormat.option], heading: Heading.release)
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let workspace = try context.reader()
        let ledger = try workspace.ledger
        let recipe = try arguments[recipe].map { (text) throws(Failure) in try ResourceName(parsing: text) }
        var moves = try ledger.channels(of: recipe)
        if arguments[history] {
            moves = try moves.flatMap { (move) throws(Failure) in try ledger.history(of: move.recipe, move.channel) }
        }
        let states = try Self.states(of: Set(moves.map(\.to.image)), in: workspace)
        let rows = moves.map { ChannelRow(move: $0, state: states[$0.to.image] ?? .deregistered) }
        try context.print(rows, as: arguments[OutputFormat.option], empty: "no channel points anywhere yet")
        return .success
    }

    /// How the images are now; without those that no region knows.
    private static func states(
        of images: Set<ImageID>, in workspace: Workspace
    ) throws(Failure) -> [ImageID: ImageState] {
        var states: [ImageID: ImageState] = [:]
        if images.isEmpty { return states }
        for name in try workspace.plane.regions() {
            let filter = ImageFilter(ids: Array(images), states: Set(ImageState.allCases))
            for image in try workspace.plane.region(name).images(filter) { states[image.id] = image.state }
        }
        return states
    }
}

/// One move of a channel in a list.
struct ChannelRow: ListRow {
    let move: ChannelMove
    /// How the image is now that it points to.
    let state: ImageState

    static let tableHeader: [Table.Column] = [
        "RECIPE", "CHANNEL", "VERSION", Table.Column("IMAGE", canShrink: false), Table.Column("SINCE", canShrink: false), "BY",
        "REASON",
    ]

    var tableRow: [String] {
        [
            move.recipe.description, move.channel.description, move.to.version.description,
            move.to.image.description + (state == .available ? "" : " (\(state))"), move.at.description, move.actor, move.reason,
        ]
    }

    var quietValue: String { "\(move.recipe)/\(move.to.version)" }

    struct JSON: Encodable {
        let recipe: String
        let channel: String
        let version: String
        let imageId: String
        let imageState: String
        let previousVersion: String?
        let previousImageId: String?
        let at: String
        let actor: String
        let reason: String
    }

    var json: JSON {
        JSON(
            recipe: move.recipe.description, channel: move.channel.description, version: move.to.version.description,
            imageId: move.to.image.description, imageState: state.rawValue, previousVersion: move.from?.version.description,
            previousImageId: move.from?.image.description, at: move.at.description, actor: move.actor, reason: move.reason)
    }
}
