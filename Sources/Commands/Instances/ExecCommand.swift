import Cloud
import CommandLineKit
import Machines
import Model
import Orchestration
import Sandbox

enum ExecCommand: Command {
    static let timeout = Option<Int?>("timeout", value: "seconds", "End the program after this time")
    static let command = Argument<[String]>("command", "A program to run in place of the shell, with its arguments")

    static var specification: Specification {
        Specification(
            "exec", "Run a program on an instance, or open a shell",
            discussion: """
                The program runs behind the same walls as the steps of a build, as root of the instance, and what it writes stays on the \
                instance. What it starts ends with it: an instance has no init. Its status is the command's.
                """,
            examples: [
                Example("ingot exec i-0123456789abcdef0 -- nginx -t", "One program"),
                Example("ingot exec i-0123456789abcdef0", "The instance's own shell"),
            ],
            parameters: [CommandContext.instance, timeout, command],
            exitStatuses: [
                ExitMeaning(69, "Programs cannot be run on this machine, or its image has no shell and not the program"),
                ExitMeaning(75, "Another process runs programs on it"),
                ExitMeaning(127, "The program is not there"),
            ], heading: Heading.instances)
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let instance = try context.ownedInstance(arguments[CommandContext.instance])
        let command = arguments[command]
        var limits = ProgramLimits()
        if let seconds = arguments[timeout] {
            guard 1...1_000_000 ~= seconds else { throw Failure(.usage, "--timeout must be from 1 to 1000000 seconds") }
            limits.time = UInt64(seconds) * 1_000_000_000
        }
        let machine = try Machine(instance.id, in: try instance.embeddedRegion(), instance.workspace, patience: patience)
        defer { machine.close() }
        let shell = ["/bin/sh", "-c", "exec \"$(command -v bash || echo sh)\" -i"]
        let variables = context.variables["TERM"].map { ["TERM": $0] } ?? [:]
        let result = try machine.shell(command.isEmpty ? shell : command, environment: variables, limits: limits)
        return try ExitStatus(result.end, of: command.first ?? "the shell", hint: "what it wrote stays")
    }

    /// Nanoseconds that another process on the instance is waited for.
    private static let patience: UInt64 = 5_000_000_000
}
