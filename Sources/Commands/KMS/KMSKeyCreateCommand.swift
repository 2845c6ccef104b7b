import Cloud
import CommandLineKit
import Model
import Orchestration

enum KMSKeyCreateCommand: Command {
    static let alias = Option<String?>("alias", value: "name", "A name for it, such as alias/golden")
    static let description = Option<String?>("description", value: "text", "What it is for")
    static let multiRegion = Flag("multi-region", "Let it have relatives of the same id in other regions")

    static var specification: Specification {
        Specification(
            "create", "Make a key that images can be encrypted under",
            discussion: """
                It is symmetric, and belongs to the acting account, which may do everything with it. Other kinds, policies and grants are made \
                through the endpoint: aws kms create-key.
                """,
            examples: [Example("ingot kms-key create --alias alias/golden --region us-west-2", "For copies to us-west-2")],
            parameters: [alias, description, multiRegion, OutputFormat.resultOption])
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let actions = try KMSKeyParts.actions(context, context.writer())
        let name = arguments[alias].map { $0.hasPrefix(AliasName.prefix) ? $0 : AliasName.prefix + $0 }
        if let name, try actions.keyAliases(of: nil).contains(where: { $0.name.description == name }) {
            throw Failure(.conflict, "there is a key with the alias \(name)", hint: "`ingot kms-key list` shows the keys")
        }
        let new = KeyCreation(description: arguments[description] ?? "", isMultiRegion: arguments[multiRegion])
        let made = try actions.createKey(new).key
        if let name {
            do throws(Failure) { try actions.createAlias(name, for: made.id.description) } catch {
                throw Failure(
                    error.code, "the key \(made.arn) is made, but not named \(name)",
                    hint: "schedule its deletion, or name it otherwise through the endpoint", cause: error)
            }
        }
        let row = try KMSKeyParts.row(made.id.description, actions)
        try context.print(
            as: arguments[OutputFormat.resultOption], json: row.json, quiet: made.id.description,
            text: { "made the key \(made.arn)\n" })
        return .success
    }
}
