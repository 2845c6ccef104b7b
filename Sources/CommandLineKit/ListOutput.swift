import FoundationEssentials

/// A row of a list. A list command that has rows of this kind has every output format.
package protocol ListRow {
    /// The documented shape of one row.
    associatedtype JSON: Encodable
    static var tableHeader: [Table.Column] { get }
    /// One cell a column.
    var tableRow: [String] { get }
    /// What identifies the row to other commands.
    var quietValue: String { get }
    var json: JSON { get }
}

extension OutputFormat {
    /// The rows in this format, ending in a newline unless there is nothing to print.
    package func render<Row: ListRow>(_ rows: [Row], on terminal: Terminal) throws -> String {
        switch self {
        case .table: Table(Row.tableHeader, rows: rows.map(\.tableRow)).text(on: terminal)
        case .json: try JSONText.encode(rows.map(\.json)) + "\n"
        case .quiet: rows.map { $0.quietValue + "\n" }.joined()
        }
    }

    /// As `render(_:on:)`, for a list whose JSON is one document with a shape of its own, such as an answer of another service.
    package func render<Row: ListRow>(
        _ rows: [Row], json document: @autoclosure () throws -> some Encodable, on terminal: Terminal
    ) throws -> String {
        guard self == .json else { return try render(rows, on: terminal) }
        return try JSONText.encode(try document()) + "\n"
    }
}

/// JSON as every command prints it: sorted keys, indented, slashes as they are.
package enum JSONText {
    /// `value` without a final newline.
    package static func encode(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
