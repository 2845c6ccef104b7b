import Cloud
import CommandLineKit
import Model

enum KMSKeyDisableCommand: Command {
    static var specification: Specification {
        Specification(
            "disable", "Keep a key from being used",
            discussion: "Images under it can be neither launched, copied, exported nor looked into until it is enabled again.",
            examples: [Example("ingot kms-key disable alias/golden", "Closes its images")],
            parameters: [KMSKeyParts.key, OutputFormat.resultOption])
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        try KMSKeyParts.change(arguments, context, said: "disabled") { (actions, key) throws(Failure) in
            try actions.disableKey(key)
        }
    }
}
