/// One value of a row or of a placeholder, in SQLite's five storage classes.
package enum Value: Sendable, Equatable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])

    var typeName: String {
        switch self {
        case .null: "null"
        case .integer: "an integer"
        case .real: "a real"
        case .text: "text"
        case .blob: "bytes"
        }
    }
}

/// What can stand for a `?` of a statement.
package protocol Bindable {
    var sqliteValue: Value { get }
}

extension Value: Bindable {
    package var sqliteValue: Value { self }
}

extension Int64: Bindable {
    package var sqliteValue: Value { .integer(self) }
}

extension Int: Bindable {
    package var sqliteValue: Value { .integer(Int64(self)) }
}

/// Stored as 0 or 1.
extension Bool: Bindable {
    package var sqliteValue: Value { .integer(self ? 1 : 0) }
}

extension Double: Bindable {
    package var sqliteValue: Value { .real(self) }
}

extension String: Bindable {
    package var sqliteValue: Value { .text(self) }
}

extension [UInt8]: Bindable {
    package var sqliteValue: Value { .blob(self) }
}

/// `nil` is NULL.
extension Optional: Bindable where Wrapped: Bindable {
    package var sqliteValue: Value { self?.sqliteValue ?? .null }
}
