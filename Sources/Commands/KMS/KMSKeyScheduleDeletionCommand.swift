import Cloud
import CommandLineKit
import Model

enum KMSKeyScheduleDeletionCommand: Command {
    static let days = Option<String>("days", value: "days", "How long it can be brought back, 7 to 30", default: "30")

    static var specification: Specification {
        Specification(
            "schedule-deletion", "Have a key destroyed after some days",
            discussion: "From now on nothing under it can be used; when the days are over, its images are lost for good.",
            examples: [Example("ingot kms-key schedule-deletion alias/golden --days 7", "In a week")],
            parameters: [KMSKeyParts.key, days, OutputFormat.resultOption])
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        guard let count = Int(arguments[days]) else {
            throw Failure(.usage, "\"\(arguments[days])\" is no number of days", hint: "write it like --days 7")
        }
        return try KMSKeyParts.change(arguments, context, said: "scheduled the deletion of") { (actions, key) throws(Failure) in
            _ = try actions.scheduleKeyDeletion(key, days: count)
        }
    }
}
