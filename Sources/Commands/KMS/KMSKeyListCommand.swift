import Cloud
import CommandLineKit
import Model
import Orchestration

enum KMSKeyListCommand: Command {
    static var specification: Specification {
        Specification(
            "list", "List the account's keys of a region",
            examples: [Example("ingot kms-key list --region us-west-2", "Under which copies there can be encrypted")],
            parameters: [OutputFormat.option])
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let actions = try KMSKeyParts.actions(context, context.writer())
        let rows = try actions.keys().map { (key) throws(Failure) in
            KMSKeyRow(key: key, aliases: try actions.keyAliases(of: key.id.description).map(\.name))
        }
        let region = try context.meantRegion()
        try context.print(rows, as: arguments[OutputFormat.option], empty: "there are no keys in \(region)")
        return .success
    }
}
