import CommandLineKit

/// Prints `docs/cli.md`. For those who work on Ingot, so it is not listed.
enum ReferenceCommand: Command {
    static var specification: Specification {
        Specification(
            "reference", "Print the reference of all commands as Markdown",
            examples: [Example("ingot reference > docs/cli.md", "Brings the page up to date")], isHidden: true)
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        try context.print(Ingot.reference)
        return .success
    }
}

extension Ingot {
    /// The text of `docs/cli.md`.
    package static var reference: String {
        program.grammar.markdown(
            preface: """
                This page is made from the declarations of the commands: `ingot reference > docs/cli.md`. The JSON that the commands print is \
                described in [json.md](json.md).
                """)
    }
}
