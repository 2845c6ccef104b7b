import CommandLineKit

enum VersionCommand: Command {
    static var specification: Specification {
        Specification(
            "version", "Print the version", examples: [Example("ingot version", "As --version")], heading: Heading.shell)
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        try context.printLine("ingot \(Ingot.version)")
        return .success
    }
}
