import Cloud
import CommandLineKit
import Model

enum ParameterListCommand: Command {
    static let path = Argument<String?>("path", "This parameter and those below it only", values: .dynamic("parameter"))

    static var specification: Specification {
        Specification(
            "list", "List the parameters of a region, without their values",
            examples: [
                Example("ingot parameter list", "All of them"),
                Example("ingot parameter list /web --output json", "As SSM's DescribeParameters answers"),
            ],
            parameters: [path, OutputFormat.option])
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let path = try arguments[path].map { (text) throws(Failure) in try ParameterName(parsing: text) }
        let records = try ParameterCommandParts.store(context).parameters(below: path)
        let format = arguments[OutputFormat.option]
        let rows = records.map { ParameterRow(record: $0) }
        try context.print(
            try format.render(rows, json: ParameterListJSON(parameters: rows.map(\.json)), on: context.console.outputTerminal))
        if rows.isEmpty && format == .table { context.note("there is no parameter here yet") }
        return .success
    }
}

/// One parameter in a list.
struct ParameterRow: ListRow {
    let record: ParameterRecord

    static let tableHeader: [Table.Column] = [
        Table.Column("NAME", canShrink: false), "TYPE", "VERSION", "MODIFIED", "BY", "DESCRIPTION",
    ]

    var tableRow: [String] {
        [
            record.name.description, record.type.rawValue, "\(record.version)", record.modified.description, record.user,
            record.description,
        ]
    }

    var quietValue: String { record.name.description }
    var json: ParameterJSON { ParameterJSON(described: record) }
}
