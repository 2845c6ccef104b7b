/// One result row. It is valid only inside the closure that receives it.
package struct Row: ~Copyable {
    private let statement: Statement

    init(_ statement: Statement) { self.statement = statement }

    /// The value of the column with that name, whatever its type.
    package func value(_ column: String) throws(SQLiteError) -> Value {
        guard let index = statement.columns[column] else {
            throw statement.mismatch("there is no column \(column)")
        }
        return statement.value(at: index)
    }

    package func integer(_ column: String) throws(SQLiteError) -> Int64 {
        guard let value = try integerIfPresent(column) else { throw statement.mismatch("column \(column) is null") }
        return value
    }

    package func text(_ column: String) throws(SQLiteError) -> String {
        guard let value = try textIfPresent(column) else { throw statement.mismatch("column \(column) is null") }
        return value
    }

    package func bytes(_ column: String) throws(SQLiteError) -> [UInt8] {
        guard let value = try bytesIfPresent(column) else { throw statement.mismatch("column \(column) is null") }
        return value
    }

    package func real(_ column: String) throws(SQLiteError) -> Double {
        switch try value(column) {
        case .real(let value): return value
        case let other: throw statement.mismatch("column \(column) holds \(other.typeName), not a real")
        }
    }

    /// Anything but 0 is true.
    package func bool(_ column: String) throws(SQLiteError) -> Bool { try integer(column) != 0 }

    package func integerIfPresent(_ column: String) throws(SQLiteError) -> Int64? {
        switch try value(column) {
        case .null: return nil
        case .integer(let value): return value
        case let other: throw statement.mismatch("column \(column) holds \(other.typeName), not an integer")
        }
    }

    package func textIfPresent(_ column: String) throws(SQLiteError) -> String? {
        switch try value(column) {
        case .null: return nil
        case .text(let value): return value
        case let other: throw statement.mismatch("column \(column) holds \(other.typeName), not text")
        }
    }

    package func bytesIfPresent(_ column: String) throws(SQLiteError) -> [UInt8]? {
        switch try value(column) {
        case .null: return nil
        case .blob(let value): return value
        case let other: throw statement.mismatch("column \(column) holds \(other.typeName), not bytes")
        }
    }
}
