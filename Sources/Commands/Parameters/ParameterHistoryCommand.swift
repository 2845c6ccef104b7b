import Cloud
import CommandLineKit
import Model

enum ParameterHistoryCommand: Command {
    static var specification: Specification {
        Specification(
            "history", "List the versions of a parameter with their values, oldest first",
            discussion: "The last 100 versions are kept. Without --with-decryption a SecureString comes out encrypted.",
            examples: [Example("ingot parameter history /web/port", "What it was, when, and who changed it")],
            parameters: [ParameterCommandParts.name, ParameterCommandParts.withDecryption, OutputFormat.option])
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let name = try ParameterName(parsing: arguments[ParameterCommandParts.name])
        let store = try ParameterCommandParts.store(context)
        let decrypts = arguments[ParameterCommandParts.withDecryption]
        let rows = try store.history(of: name).map { (record) throws(Failure) in
            ParameterVersionRow(record: record, value: try ParameterCommandParts.shown(record, decrypt: decrypts, in: store))
        }
        let list = ParameterListJSON(parameters: rows.map(\.json))
        try context.print(try arguments[OutputFormat.option].render(rows, json: list, on: context.console.outputTerminal))
        return .success
    }
}

/// One version of a parameter in a list.
struct ParameterVersionRow: ListRow {
    let record: ParameterRecord
    let value: String

    static let tableHeader: [Table.Column] = ["VERSION", "MODIFIED", "BY", "VALUE"]

    var tableRow: [String] { ["\(record.version)", record.modified.description, record.user, value] }
    var quietValue: String { "\(record.name):\(record.version)" }
    var json: ParameterJSON { ParameterJSON(described: record, value: value) }
}
