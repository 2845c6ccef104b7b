import Cloud
import CommandLineKit
import Crypto
import Glibc
import ImageStore
import Ledger
import Model
import Orchestration
import Pipeline
import Platform
import Sandbox

enum ShellCommand: Command {
    static let image = Argument<String>(
        "image", "An image, or build:NUMBER for the tree that a failed stage left", values: .dynamic("image"))
    static let network = Flag("network", "Let the programs reach the network")
    static let command = Argument<[String]>("command", "A program to run in place of the shell, with its arguments")

    static var specification: Specification {
        Specification(
            "shell", "Open a shell in a throw-away copy of an image",
            discussion: """
                What is changed goes away with the shell; the image stays as it is. Programs run behind the same walls as the steps of a build. \
                With a command after --, that is run in place of the shell.
                """,
            examples: [
                Example("ingot shell web-server", "The image's own shell"),
                Example("ingot shell build:12", "Looks at what a failed build left"),
                Example("ingot shell web-server -- nginx -t", "One program; its status is the command's"),
            ],
            parameters: [image, network, command],
            exitStatuses: [ExitMeaning(69, "Programs cannot be run on this machine")], heading: Heading.images)
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let workspace = try context.writer()
        let (root, region, contents) = try tree(arguments[image], context, workspace)
        return try open(
            root, in: region, workspace, context, contents: contents, command: arguments[command],
            network: arguments[network] ? .outgoing : .none)
    }

    /// Runs the shell to its end, or the command.
    static func open(
        _ root: Digest, in region: any Region, _ workspace: Workspace, _ context: CommandContext, contents: ObjectStore? = nil,
        command: [String] = [], network: NetworkAccess = .none
    ) throws -> ExitStatus {
        let instance = try ScratchInstance(of: root, in: region, workspace, contents: contents)
        defer { instance.close() }
        try instance.sandbox.checkAvailable()
        var program = GuestProgram(command.isEmpty ? ["/bin/sh", "-c", "exec \"$(command -v bash || echo sh)\" -i"] : command)
        program.network = network
        if let terminal = context.variables["TERM"] { program.environment["TERM"] = terminal }
        if command.isEmpty { context.note("a copy of the image: what is changed here goes away with the shell") }
        let result = try instance.sandbox.shell(program, on: instance.editor)
        return try ExitStatus(result.end, of: program.arguments[0])
    }

    /// The tree that a word means, and the region whose store has it.
    private static func tree(
        _ word: String, _ context: CommandContext, _ workspace: Workspace
    ) throws(Failure) -> (Digest, any Region, ObjectStore) {
        guard word.hasPrefix("build:") else {
            let image = try context.image(word, in: workspace)
            return (
                try workspace.tree(of: image).root, try workspace.plane.region(image.region), try workspace.contents(of: image)
            )
        }
        let build = try BuildID(parsing: String(word.dropFirst("build:".count)))
        guard let tree = try FailedTree.left(by: build, in: workspace) else {
            throw Failure(
                .notFound, "the build \(build) has no tree of a failed stage",
                hint: "a build keeps one when a stage fails, unless it runs with --on-failure clean")
        }
        if let place = try FailedTree.place(of: tree, in: workspace) { return (tree, place.region, place.store) }
        throw Failure(.notFound, "the tree of the build \(build) was collected", hint: "run the build again")
    }
}
