import Crypto
import Model
import SQLite

/// A digest is 32 bytes.
extension Digest: Bindable {
    package var sqliteValue: Value { .blob(bytes) }
}

/// An instant is its seconds since 1970.
extension Instant: Bindable {
    package var sqliteValue: Value { .integer(seconds) }
}

extension ResourceID: Bindable {
    package var sqliteValue: Value { .text(description) }
}

extension ResourceName: Bindable {
    package var sqliteValue: Value { .text(description) }
}

extension AMIName: Bindable {
    package var sqliteValue: Value { .text(description) }
}

extension ChannelName: Bindable {
    package var sqliteValue: Value { .text(description) }
}

extension RegionName: Bindable {
    package var sqliteValue: Value { .text(description) }
}

extension AccountID: Bindable {
    package var sqliteValue: Value { .text(description) }
}

// What does not parse was not written by this program: damage, and no mistake of the user.
extension Row {
    package func digest(_ column: String) throws -> Digest {
        guard let digest = try digestIfPresent(column) else { throw Self.unreadable(column) }
        return digest
    }

    package func digestIfPresent(_ column: String) throws -> Digest? {
        guard let bytes = try bytesIfPresent(column) else { return nil }
        guard let digest = Digest(bytes: bytes) else { throw Self.unreadable(column) }
        return digest
    }

    package func instant(_ column: String) throws -> Instant { Instant(seconds: try integer(column)) }

    package func instantIfPresent(_ column: String) throws -> Instant? {
        try integerIfPresent(column).map { Instant(seconds: $0) }
    }

    /// A value by its text form.
    package func parsed<T: TextValue>(_ column: String, as type: T.Type = T.self) throws -> T {
        guard let value: T = try parsedIfPresent(column) else { throw Self.unreadable(column) }
        return value
    }

    package func parsedIfPresent<T: TextValue>(_ column: String, as type: T.Type = T.self) throws -> T? {
        guard let text = try textIfPresent(column) else { return nil }
        do { return try T(parsing: text) } catch { throw Self.unreadable(column, cause: error) }
    }

    /// A case of an enumeration by its raw value.
    package func named<T: RawRepresentable<String>>(_ column: String, as type: T.Type = T.self) throws -> T {
        guard let value = T(rawValue: try text(column)) else { throw Self.unreadable(column) }
        return value
    }

    package func int(_ column: String) throws -> Int { Int(try integer(column)) }

    package func intIfPresent(_ column: String) throws -> Int? { try integerIfPresent(column).map { Int($0) } }

    private static func unreadable(_ column: String, cause: Failure? = nil) -> Failure {
        Failure(.corrupt, "a record's \(column) cannot be read", hint: "restore the database from a copy", cause: cause)
    }
}
