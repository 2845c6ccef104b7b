import Cloud
import CommandLineKit
import Model
import Orchestration

enum RecycleBinKeepCommand: Command {
    static let days = Argument<Int>("days", "For how many days, 1 to 365")
    static let tag = Option<[String]>("tag", value: "key=value", "Only images with one of these tags")

    static var specification: Specification {
        Specification(
            "keep", "Keep deregistered images of a region for some days",
            discussion: "Of several rules that match an image, the longest counts.",
            examples: [
                Example("ingot recycle-bin keep 7 --region us-east-1", "All images of the account"),
                Example("ingot recycle-bin keep 30 --tag Stage=prod --region us-east-1", "Those with a tag"),
            ],
            parameters: [days, tag, OutputFormat.resultOption])
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        guard let region = context.region else {
            throw Failure(.usage, "it is not said which region is meant", hint: "add --region, as in --region us-east-1")
        }
        let tags = try arguments[tag].map { (text) throws(Failure) -> Tag in
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { throw Failure(.usage, "--tag takes key=value, not \"\(text)\"") }
            return try Tag(key: String(parts[0]), value: String(parts[1]))
        }
        let actions = try context.writer().plane.actions(in: region, as: context.settings.account)
        let stored = try actions.addRetentionRule(RetentionRule(.image, days: arguments[days], tags: tags))
        try context.print(
            as: arguments[OutputFormat.resultOption], json: RetentionRuleJSON(stored, region), quiet: stored.id,
            text: { "the rule \(stored.id) keeps deregistered images of \(region) for \(arguments[days]) days\n" })
        return .success
    }
}

/// `ingot recycle-bin keep --output json`.
struct RetentionRuleJSON: Encodable {
    let ruleId: String
    let region: String
    let days: Int
    let tags: [String: String]

    init(_ stored: StoredRetentionRule, _ region: RegionName) {
        ruleId = stored.id
        self.region = region.description
        days = stored.rule.days
        tags = Dictionary(stored.rule.tags.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
    }
}
