import Cloud
import CommandLineKit
import Model
import Orchestration

enum ParameterPutCommand: Command {
    static let value = Argument<String?>("value", "The value; without it and without --from-…, the standard input is read")
    static let type = Option<ParameterTypeWord?>("type", value: "type", "What it holds; String where it is new")
    static let tier = Option<ParameterTierWord?>(
        "tier", value: "tier", "Standard holds 4096 bytes, Advanced 8192; Standard where it is new")
    static let description = Option<String?>("description", value: "text", "What it is for")
    static let overwrite = Flag("overwrite", "Write a new version of a parameter that exists")
    static let file = Option<String?>(
        "from-file", value: "path", "Take the value from a file; one line end at its end is left out", values: .file)
    static let variable = Option<String?>("from-env", value: "variable", "Take the value from a variable of the environment")

    static var specification: Specification {
        Specification(
            "put", "Write a parameter",
            discussion: """
                Component documents read parameters by {{ aws:ssm:/name }}. A SecureString is encrypted where it is kept, under a key of its region, \
                and its value is blotted out of the logs of builds. What stands on a command line other users of the machine can read, so \
                give secrets by the standard input, a file or a variable.
                """,
            examples: [
                Example("ingot parameter put /web/port 8080", "Writes a String"),
                Example(
                    "ingot parameter put /web/hosts a.example,b.example --type StringList --overwrite", "Writes a new version"),
                Example("ingot parameter put /web/password --type SecureString < password.txt", "Writes a secret"),
            ],
            parameters: [
                ParameterCommandParts.name, value, type, tier, description, overwrite, file, variable, OutputFormat.resultOption,
            ],
            exitStatuses: [ExitMeaning(73, "The parameter exists, and --overwrite was not given, or it is of another type")])
    }

    static func validate(_ arguments: ParsedArguments) throws(UsageError) {
        let given = [arguments[value] != nil, arguments[file] != nil, arguments[variable] != nil].filter { $0 }.count
        if given > 1 {
            throw UsageError(.rule("give the value once: as an argument, by --from-file or by --from-env"))
        }
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let name = try ParameterName(parsing: arguments[ParameterCommandParts.name])
        let source = ParameterValueSource(
            argument: arguments[value], file: arguments[file], variable: arguments[variable], variables: context.variables)
        if source.isTyped {
            throw Failure(
                .usage, "the value of the parameter \(name) is missing",
                hint: "give it as an argument, by --from-file or --from-env, or through a pipe")
        }
        var new = NewParameter(name, try source.read(), user: PromoteCommand.actor(context.variables))
        new.type = arguments[type]?.type
        new.tier = arguments[tier]?.tier
        new.text = arguments[description]
        new.overwrites = arguments[overwrite]
        let workspace = try context.writer()
        let region = try workspace.plane.makeRegion(try context.meantRegion())
        let record = try region.parameters.put(new, at: workspace.now)
        if record.type == .secureString, arguments[value] != nil {
            context.note(
                "the value stood on the command line, where other users can read it: better give it by the standard input")
        }
        try context.print(
            as: arguments[OutputFormat.resultOption], json: ParameterPutJSON(tier: record.tier.rawValue, version: record.version),
            quiet: String(record.version), text: { "\(record.name) is in version \(record.version), a \(record.type.rawValue)\n" }
        )
        return .success
    }
}

/// As PutParameter answers.
struct ParameterPutJSON: Encodable {
    let tier: String
    let version: Int

    enum CodingKeys: String, CodingKey {
        case tier = "Tier"
        case version = "Version"
    }
}

/// A type on the command line.
enum ParameterTypeWord: String, ArgumentChoice {
    case string = "String"
    case stringList = "StringList"
    case secureString = "SecureString"

    var type: ParameterType {
        switch self {
        case .string: .string
        case .stringList: .stringList
        case .secureString: .secureString
        }
    }
}

/// A tier on the command line.
enum ParameterTierWord: String, ArgumentChoice {
    case standard = "Standard"
    case advanced = "Advanced"

    var tier: ParameterTier { self == .standard ? .standard : .advanced }
}
