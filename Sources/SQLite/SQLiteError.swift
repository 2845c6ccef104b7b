import CSQLite

/// What SQLite, or the file below it, refused: the kind to switch over, and the facts.
package struct SQLiteError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Kind: String, Sendable, CaseIterable {
        /// The database file does not exist, and a reader does not make one.
        case missing
        /// Another connection holds the writer's lock, or SQLite's own, for longer than the bound.
        case busy
        /// The disk is full.
        case full
        /// Reading, writing or flushing failed.
        case io
        /// The file is no database, or a damaged one.
        case corrupt
        /// A row breaks a constraint of the schema.
        case constraint
        /// A write on a reader, outside of a write transaction, or on a file that may not be written.
        case readOnly
        /// An earlier commit failed with an I/O error: this connection acknowledges nothing any more.
        case poisoned
        /// The database was made by a newer schema than this program knows.
        case newer
        /// A column does not hold the type that was asked for.
        case mismatch
        /// Everything else: most often a mistake in a statement.
        case other
    }

    package var kind: Kind
    /// SQLite's extended result code, `errno` for a failed system call, or 0.
    package var code: Int32
    /// The database file.
    package var path: String
    /// What happened, without values.
    package var message: String
    /// The SQL text with its placeholders, when a statement failed.
    package var statement: String?

    package init(_ kind: Kind, code: Int32 = 0, path: String, _ message: String, statement: String? = nil) {
        self.kind = kind
        self.code = code
        self.path = path
        self.message = message
        self.statement = statement
    }

    package var description: String {
        let place = statement.map { " in the statement: \(Self.oneLine($0))" } ?? ""
        return "SQLite database \(path): \(message)\(place)"
    }

    private static func oneLine(_ sql: String) -> String {
        sql.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}

extension SQLiteError.Kind {
    /// The kind of a (possibly extended) SQLite result code: https://www.sqlite.org/rescode.html
    init(resultCode: Int32) {
        switch resultCode & 0xff {
        case SQLITE_BUSY, SQLITE_LOCKED: self = .busy
        case SQLITE_FULL: self = .full
        case SQLITE_IOERR, SQLITE_CANTOPEN, SQLITE_PROTOCOL: self = .io
        case SQLITE_CORRUPT, SQLITE_NOTADB: self = .corrupt
        case SQLITE_CONSTRAINT: self = .constraint
        case SQLITE_READONLY: self = .readOnly
        default: self = .other
        }
    }
}
