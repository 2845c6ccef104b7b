import Cloud
import CommandLineKit
import Model
import Orchestration

enum KMSKeyShowCommand: Command {
    static var specification: Specification {
        Specification(
            "show", "Show a key, with its policy",
            discussion: "alias/aws/ebs is the key that is made for each account of a region when it is first named.",
            examples: [Example("ingot kms-key show alias/golden", "By its alias")],
            parameters: [KMSKeyParts.key, OutputFormat.resultOption])
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let actions = try KMSKeyParts.actions(context, context.writer())
        let row = try KMSKeyParts.row(arguments[KMSKeyParts.key], actions)
        let key = row.key
        let policy = try actions.keyPolicy(key.id.description, asking: .getKeyPolicy).text
        try context.print(
            as: arguments[OutputFormat.resultOption], json: row.json, quiet: key.id.description,
            text: {
                let facts = FactList([
                    .init("arn", key.arn.description), .init("aliases", row.aliases.map(\.description)),
                    .init("state", key.state.rawValue), .init("spec", key.spec.rawValue), .init("usage", key.usage.rawValue),
                    .init("manager", key.manager.rawValue), .init("created", key.created.description), .init("policy", policy),
                ])
                return facts.lines(context.console.outputTerminal).map { $0 + "\n" }.joined()
            })
        return .success
    }
}
