import Cloud
import CommandLineKit
import Model

enum ParameterGetCommand: Command {
    static var specification: Specification {
        Specification(
            "get", "Print the value of a parameter",
            discussion:
                "A version is named behind a colon, as in /web/port:3. Without --with-decryption a SecureString comes out encrypted.",
            examples: [
                Example("ingot parameter get /web/port", "Prints the value"),
                Example(
                    "ingot parameter get /web/port:1 --output json", "Prints the first version, as SSM's GetParameter answers"),
                Example("ingot parameter get /web/password --with-decryption", "Prints a secret"),
            ],
            parameters: [ParameterCommandParts.name, ParameterCommandParts.withDecryption, OutputFormat.resultOption])
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let reference = try ParameterReference(parsing: arguments[ParameterCommandParts.name])
        let store = try ParameterCommandParts.store(context)
        let record = try store.parameter(reference)
        let value = try ParameterCommandParts.shown(
            record, decrypt: arguments[ParameterCommandParts.withDecryption], in: store)
        try context.print(
            as: arguments[OutputFormat.resultOption],
            json: ParameterGetJSON(parameter: ParameterJSON(record, value: value)), quiet: value, text: { value + "\n" })
        return .success
    }
}

/// As GetParameter answers.
struct ParameterGetJSON: Encodable {
    let parameter: ParameterJSON

    enum CodingKeys: String, CodingKey { case parameter = "Parameter" }
}
