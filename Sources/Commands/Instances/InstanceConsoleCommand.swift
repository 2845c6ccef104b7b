import Cloud
import CommandLineKit
import Model

enum InstanceConsoleCommand: Command {
    static var specification: Specification {
        Specification(
            "console", "Print what an instance wrote on its console",
            discussion: "What its first boot said, and its user data; at most the last 64 KiB.",
            examples: [Example("ingot instance console i-0123456789abcdef0", "Whether its user data did what it should")],
            parameters: [CommandContext.instance])
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let instance = try context.ownedInstance(arguments[CommandContext.instance])
        let console = try instance.actions.consoleOutput(of: instance.id)
        try context.console.output.write(bytes: console.bytes.span)
        if console.bytes.isEmpty { context.note("\(instance.id) wrote nothing yet") }
        return .success
    }
}
