import CommandLineKit
import Synchronization

/// A small program with one of everything, for the tests of the command line.
enum ExampleProgram {
    struct Context: Sendable {
        let output = CapturedOutput()
    }

    static let home = Option<String>(
        "home", value: "folder", "Folder of the workspace", values: .directory, default: ".example", environment: "EXAMPLE_HOME"
    )
    static let verbose = Flag("verbose", short: "v", "Say more")

    static let program = Program<Context>(
        Specification(
            "example", "Keep things",
            discussion: """
                Things are kept in a workspace, which is a folder. Every command reads the workspace, changes it or shows what is in it.

                  workspace/things    one file a thing
                """
        ),
        version: "1.2.3", globals: [home, verbose],
        exitStatuses: [ExitMeaning(0, "The command did what it says"), ExitMeaning(64, "The command line is wrong")],
        commands: [
            .command(CopyCommand.self), .command(TrimCommand.self),
            .group(
                Specification("schedule", "Do things later", heading: "Time"),
                [.command(ListCommand.self), .command(RunCommand.self)]),
            .command(InternalCommand.self),
        ],
        dynamicValues: { query, _ in
            guard query.set == "thing" else { return [] }
            let home = query.word(home) ?? "none"
            return [.init("thing-1", "in \(home)"), .init("thing-2"), .init("other")]
        }
    )

    static func parse(_ words: [String], environment: [String: String] = [:]) throws(UsageError) -> ParsedArguments {
        guard case .command(let ready) = try program.parse(words, environment: environment) else {
            throw UsageError(.rule("not a command"))
        }
        return ready.arguments
    }
}

enum CopyFormat: String, ArgumentChoice {
    case tar
    case directory
}

enum CopyCommand: Command {
    static let thing = Argument<String>("thing", "What to copy", values: .dynamic("thing"))
    static let names = Argument<[String]>("name", "Names of the copies")
    static let to = Option<[String]>("to", short: "t", value: "place", "Where to put a copy", minimum: 1)
    static let format = Option<CopyFormat>("format", short: "f", value: "format", "How a copy is stored", default: .tar)
    static let limit = Option<UInt?>("limit", value: "count", "Stop after so many")
    static let log = Option<String?>(
        "log", value: "file", "Where to write what happened", values: .file, environment: "EXAMPLE_LOG")
    static let force = Flag("force", short: "F", "Replace what is there")
    static let dryRun = Flag("dry-run", short: "n", "Only say what would be done")

    static let specification = Specification(
        "copy", aliases: ["cp"], "Copy a thing to other places",
        examples: [
            CommandLineKit.Example("example copy thing-1 --to shelf", "Puts a copy on the shelf"),
            CommandLineKit.Example("example copy thing-1 -t shelf -t box | cat", "Puts copies into two places"),
        ],
        parameters: [thing, names, to, format, limit, log, force, dryRun], exitStatuses: [ExitMeaning(3, "A place is full")]
    )

    static func validate(_ arguments: ParsedArguments) throws(UsageError) {
        if arguments[force], arguments[dryRun] { throw UsageError(.conflict("--force", "--dry-run")) }
    }

    static func run(_ arguments: ParsedArguments, in context: ExampleProgram.Context) throws -> ExitStatus {
        for place in arguments[to] { try context.output.writeLine("\(arguments[thing]) to \(place)") }
        if arguments[names].contains("refused") { throw UsageError(.rule("the name 'refused' is taken")) }
        return .success
    }
}

enum TrimCommand: Command {
    static let by = Argument<Int>("by", "How much", default: 5)
    static let note = Argument<String?>("note", "Why")
    static let specification = Specification("trim", "Make things smaller", parameters: [by, note])

    static func run(_ arguments: ParsedArguments, in context: ExampleProgram.Context) throws -> ExitStatus {
        try context.output.writeLine(String(arguments[by]))
        return ExitStatus(3)
    }
}

enum ListCommand: Command {
    static let specification = Specification("list", aliases: ["ls"], "List what is planned", parameters: [OutputFormat.option])

    static func run(_ arguments: ParsedArguments, in context: ExampleProgram.Context) throws -> ExitStatus { .success }
}

enum RunCommand: Command {
    static let specification = Specification("run", "Do what is due")

    static func run(_ arguments: ParsedArguments, in context: ExampleProgram.Context) throws -> ExitStatus { .success }
}

enum InternalCommand: Command {
    static let specification = Specification("internal", "Not for users", isHidden: true)

    static func run(_ arguments: ParsedArguments, in context: ExampleProgram.Context) throws -> ExitStatus { .success }
}

/// A stream that keeps what is written, and can fail.
final class CapturedOutput: OutputStream {
    private let state = Mutex((text: "", writes: 0))
    private let failure: OutputError?

    init(failure: OutputError? = nil) {
        self.failure = failure
    }

    var text: String { state.withLock { $0.text } }
    var writes: Int { state.withLock { $0.writes } }

    func write(bytes: Span<UInt8>) throws(OutputError) {
        var copy: [UInt8] = []
        for index in bytes.indices { copy.append(bytes[index]) }
        let text = String(decoding: copy, as: UTF8.self)
        state.withLock { state in
            state.text += text
            state.writes += 1
        }
        if let failure { throw failure }
    }

    /// What was written since the last call.
    func take() -> String {
        state.withLock { state in
            defer { state.text = "" }
            return state.text
        }
    }
}
