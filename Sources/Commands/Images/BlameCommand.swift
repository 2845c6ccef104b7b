import Cloud
import CommandLineKit
import Guest
import ImageStore
import Ledger
import Model
import Orchestration

enum BlameCommand: Command {
    static let image = Argument<String>("image", "The image", values: .dynamic("image"))
    static let path = Argument<String>("path", "A path in it")

    static var specification: Specification {
        Specification(
            "blame", "Say which stage of which build gave a path its present form",
            discussion: "Where the image's own build did not touch the path, the builds of its parent images are asked.",
            examples: [Example("ingot blame web-server /etc/ssh/sshd_config", "Who wrote the file")],
            parameters: [image, path, OutputFormat.resultOption], heading: Heading.images)
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let workspace = try context.reader()
        let image = try context.image(arguments[image], in: workspace)
        let origin = try Blame(workspace).origin(of: try TreePath(parsing: arguments[path]), in: image)
        try context.print(
            as: arguments[OutputFormat.resultOption], json: BlameJSON(origin), quiet: origin.stage ?? "import",
            text: { text(origin) })
        return .success
    }

    private static func text(_ origin: Blame.Origin) -> String {
        let image = origin.image.map { " (\($0.release?.description ?? $0.name.description), \($0.id))" } ?? ""
        guard let stage = origin.stage, let build = origin.build else {
            return "\(origin.path.escaped): came with an import\(image)\n"
        }
        let verb = origin.before == nil ? "created" : "changed"
        return "\(origin.path.escaped): \(verb) by the stage '\(stage)' of build \(build)\(image)\n"
    }
}

/// `ingot blame --output json`.
struct BlameJSON: Encodable {
    let path: String
    let imageId: String?
    let version: String?
    let build: Int64?
    /// The recipe's entry; none where the path came with an import.
    let stage: String?
    let node: NodeJSON
    /// The form before that stage.
    let before: NodeJSON?

    init(_ origin: Blame.Origin) {
        path = origin.path.escaped
        imageId = origin.image?.id.description
        version = origin.image?.release?.description
        build = origin.build?.number
        stage = origin.stage
        node = NodeJSON(origin.path, origin.node)
        before = origin.before.map { NodeJSON(origin.path, $0) }
    }
}
