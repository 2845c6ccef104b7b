import CommandLineKit

enum CompletionsCommand: Command {
    static let shell = Argument<Shell>("shell", "The shell")

    static var specification: Specification {
        Specification(
            "completions", "Print a shell's completion script",
            examples: [
                Example("ingot completions bash > /etc/bash_completion.d/ingot", "For all users of bash"),
                Example("ingot completions fish > ~/.config/fish/completions/ingot.fish", "For fish"),
            ],
            parameters: [shell], heading: Heading.shell)
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        try context.print(arguments[shell].completionScript(program: "ingot"))
        return .success
    }
}
