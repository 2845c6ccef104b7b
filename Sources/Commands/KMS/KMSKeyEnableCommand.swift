import Cloud
import CommandLineKit
import Model

enum KMSKeyEnableCommand: Command {
    static var specification: Specification {
        Specification(
            "enable", "Let a key be used again",
            examples: [Example("ingot kms-key enable alias/golden", "Its images can be used again")],
            parameters: [KMSKeyParts.key, OutputFormat.resultOption])
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        try KMSKeyParts.change(arguments, context, said: "enabled") { (actions, key) throws(Failure) in
            try actions.enableKey(key)
        }
    }
}
