import Cloud
import CommandLineKit
import Model

enum KMSKeyCancelDeletionCommand: Command {
    static var specification: Specification {
        Specification(
            "cancel-deletion", "Bring a key back that waits for its deletion", discussion: "It is disabled then.",
            examples: [Example("ingot kms-key cancel-deletion alias/golden", "Then enable it")],
            parameters: [KMSKeyParts.key, OutputFormat.resultOption])
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        try KMSKeyParts.change(arguments, context, said: "brought back") { (actions, key) throws(Failure) in
            _ = try actions.cancelKeyDeletion(key)
        }
    }
}
