import Model
import Records
import SQLite

// What belongs to several resources, by resource: one statement for any number of them, so that a long list takes no more than a short one.
extension Session {
    /// Ids as a JSON array: one placeholder for any number of them. Ids have no characters that JSON escapes.
    static func list(_ ids: [some CustomStringConvertible]) -> String {
        "[" + ids.map { "\"\($0)\"" }.joined(separator: ",") + "]"
    }

    /// The condition that a column holds one of these ids, and the value of its placeholder.
    static func among<Kind>(_ ids: [ResourceID<Kind>]) -> (condition: String, value: any Bindable) {
        // A single one, as most commands ask for, costs a quarter of a list's statement.
        if ids.count == 1 { return ("= ?", ids[0]) }
        return ("IN (SELECT value FROM json_each(?))", list(ids))
    }

    /// The rows of a table in which `column` is one of the ids, by its text.
    func grouped<Kind, Value>(
        _ table: String, by column: String, _ ids: [ResourceID<Kind>], order: String,
        read: (borrowing Row) throws -> Value
    ) throws -> [String: [Value]] {
        if ids.isEmpty { return [:] }
        let (condition, value) = Self.among(ids)
        var found: [String: [Value]] = [:]
        _ = try rows("SELECT * FROM \(table) WHERE \(column) \(condition) ORDER BY \(order)", value) { row in
            found[try row.text(column), default: []].append(try read(row))
        }
        return found
    }

    /// The tags of resources that have any.
    func tags<Kind>(of ids: [ResourceID<Kind>]) throws -> [String: TagSet] {
        let found = try grouped("tags", by: "resource", ids, order: "key") { row in
            try Tag(reserved: try row.text("key"), value: try row.text("value"))
        }
        return try found.mapValues { try TagSet($0) }
    }
}
