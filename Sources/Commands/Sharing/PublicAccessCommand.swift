import Cloud
import CommandLineKit
import Model
import Orchestration

enum PublicAccessCommand: Command {
    enum Setting: String, ArgumentChoice {
        case allow, block
    }

    static let setting = Argument<Setting?>("setting", "What it shall be; without it the setting is shown")

    static var specification: Specification {
        Specification(
            "public-access", "Say whether images may be made public",
            discussion: """
                The setting is the account's in one region, and blocks new public images; those that are public stay so. It begins as blocked.
                """,
            examples: [
                Example("ingot public-access --region us-east-1", "Shows the setting"),
                Example("ingot public-access allow --region us-east-1", "`ingot share --public` is possible"),
            ],
            parameters: [setting, OutputFormat.resultOption], heading: Heading.accounts)
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        guard let region = context.region else {
            throw Failure(.usage, "it is not said which region is meant", hint: "add --region, as in --region us-east-1")
        }
        let workspace = try context.writer()
        let actions = try workspace.plane.actions(in: region, as: context.settings.account)
        if let setting = arguments[setting] { try actions.blockPublicAccessToImages(setting == .block) }
        let result = PublicAccessJSON(
            accountId: context.settings.account.description, region: region.description,
            isBlocked: try actions.isPublicAccessToImagesBlocked())
        let word = result.isBlocked ? "block" : "allow"
        try context.print(
            as: arguments[OutputFormat.resultOption], json: result, quiet: word,
            text: { "public images of \(result.accountId) in \(region): \(word)ed\n" })
        return .success
    }
}

/// `ingot public-access --output json`.
struct PublicAccessJSON: Encodable {
    let accountId: String
    let region: String
    let isBlocked: Bool
}
