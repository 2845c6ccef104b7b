import Cloud
import CommandLineKit
import Model
import Orchestration
import Text

enum InstanceImageCommand: Command {
    static let name = Argument<String>("name", "The image's name")
    static let noReboot = Flag("no-reboot", "Do not restart the instance: the image has what was durable")
    static let description = Option<String?>("description", value: "text", "What the image is")

    static var specification: Specification {
        Specification(
            "create-image", "Make an image of an instance",
            discussion: """
                The instance is restarted, so that the image has all that was written. With --no-reboot it goes on, and the image is \
                crash-consistent: it has what was durable, and says which writes it lacks. `ingot instance sync` makes writes durable.
                """,
            examples: [
                Example("ingot instance create-image i-0123456789abcdef0 web-server-fixed", "With a restart"),
                Example("ingot instance create-image i-0123456789abcdef0 web-server-live --no-reboot", "Names what is missing"),
            ],
            parameters: [CommandContext.instance, name, noReboot, description, OutputFormat.resultOption])
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let instance = try context.ownedInstance(arguments[CommandContext.instance])
        var new = InstanceImage(name: arguments[name])
        new.description = arguments[description] ?? ""
        new.isWithoutReboot = arguments[noReboot]
        let id = try instance.actions.createImage(of: instance.id, new)
        let missing = try instance.workspace.plane.region(instance.region).missingWrites(of: id)
        let json = JSON(
            imageId: id.description, region: instance.region.description, missingWrites: missing.map { MissingWritesJSON($0) })
        try context.print(
            as: arguments[OutputFormat.resultOption], json: json, quiet: id.description,
            text: { ([id.description] + (missing.map { Self.lines($0) } ?? [])).joined(separator: "\n") + "\n" })
        return .success
    }

    struct JSON: Encodable {
        let imageId: String
        let region: String
        /// Nil where nothing can be missing, since the instance was stopped or restarted.
        let missingWrites: MissingWritesJSON?
    }

    static func lines(_ missing: MissingWrites) -> [String] {
        [MissingWritesJSON.sentence(missing)] + missing.paths.prefix(20).map { "  \($0)" }
            + (missing.count > 20 ? ["  and \(missing.count - 20) more: see `ingot show --output json`"] : [])
    }
}

/// What an image lacks that was made without a restart.
struct MissingWritesJSON: Encodable {
    let count: Int
    let paths: [String]
    let programsWereRunning: Bool

    init(_ missing: MissingWrites) {
        count = missing.count
        paths = missing.paths
        programsWereRunning = missing.programsWereRunning
    }

    static func sentence(_ missing: MissingWrites) -> String {
        let lacks =
            missing.count == 0
            ? "all writes were durable" : "\(Amount.count(missing.count, "write")) not durable and missing"
        return "crash-consistent: \(lacks)"
            + (missing.programsWereRunning ? "; programs were running, whose last writes are not known" : "")
    }
}
