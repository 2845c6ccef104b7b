import CSQLite

/// The database as a transaction sees it. A session is handed to the closure of `Connection.read` or `.write`, and is of no use
/// after it.
@safe
package final class Session {
    let path: String
    private let database: OpaquePointer
    /// Statements that are in no use now, by their text.
    private var prepared: [String: Statement] = [:]
    /// True inside of a write transaction.
    var isWriting = false
    /// True from the first write transaction on.
    var hasWritten = false
    /// Why nothing is acknowledged any more.
    var poison: SQLiteError?
    /// Opened at the first write.
    private var lock: WriterLock?
    /// How many statements were run.
    package private(set) var statements = 0

    init(opening path: String) throws(SQLiteError) {
        _ = Library.isConfigured
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        var opened: OpaquePointer?
        let result = unsafe sqlite3_open_v2(path, &opened, flags, nil)
        guard result == SQLITE_OK, let database = unsafe opened else {
            let error = unsafe SQLiteError.of(opened, result, path: path)
            unsafe sqlite3_close_v2(opened)
            throw error
        }
        unsafe sqlite3_busy_timeout(database, 5000)
        unsafe csqlite_no_checkpoint_on_close(database)
        self.path = path
        unsafe self.database = database
    }

    /// Takes over an open database.
    init(owning database: OpaquePointer, path: String) {
        self.path = path
        unsafe self.database = database
    }

    deinit {
        prepared = [:]
        unsafe sqlite3_close_v2(database)
    }

    /// Runs a statement whose rows are of no interest, and returns how many rows it changed.
    @discardableResult
    package func run(_ sql: String, _ values: (any Bindable)...) throws(SQLiteError) -> Int {
        let statement = try take(sql)
        defer { put(statement) }
        guard isWriting || statement.isReadOnly else {
            throw SQLiteError(.readOnly, path: path, "a write outside of a write transaction", statement: sql)
        }
        try statement.bind(values)
        while try statement.step() {}
        return Int(unsafe sqlite3_changes64(database))
    }

    /// Every row of a query, through `read`.
    package func rows<T>(_ sql: String, _ values: [any Bindable], read: (borrowing Row) throws -> T) throws -> [T] {
        let statement = try take(sql)
        defer { put(statement) }
        try statement.bind(values)
        var result: [T] = []
        while try statement.step() { result.append(try read(Row(statement))) }
        return result
    }

    package func rows<T>(_ sql: String, _ values: (any Bindable)..., read: (borrowing Row) throws -> T) throws -> [T] {
        try rows(sql, values, read: read)
    }

    /// The first row of a query, or nil where there is none.
    package func first<T>(_ sql: String, _ values: (any Bindable)..., read: (borrowing Row) throws -> T) throws -> T? {
        let statement = try take(sql)
        defer { put(statement) }
        try statement.bind(values)
        return try statement.step() ? try read(Row(statement)) : nil
    }

    /// The row id of the last insert of this connection.
    package var lastInsertedRow: Int64 { unsafe sqlite3_last_insert_rowid(database) }

    /// Equal marks of one connection, asked for in transactions, say that nothing was committed in between, by whomever.
    package func changeMark() throws -> ChangeMark {
        let others = try first("PRAGMA data_version") { row in try row.integer("data_version") }
        return ChangeMark(others: others ?? 0, own: Int64(unsafe sqlite3_total_changes64(database)))
    }

    /// Runs several statements without placeholders, as a migration has them, or a transaction's own.
    func execute(_ script: String) throws(SQLiteError) {
        let result = unsafe sqlite3_exec(database, script, nil, nil, nil)
        guard result == SQLITE_OK else { throw unsafe SQLiteError.of(database, result, path: path, statement: script) }
    }

    /// The first column of the first row, as PRAGMAs answer.
    func pragma(_ name: String) throws(SQLiteError) -> Value {
        let statement = unsafe try Statement("PRAGMA \(name)", database: database, path: path)
        return try statement.step() ? statement.value(at: 0) : .null
    }

    /// Writes what the log holds into the database, and empties the log, so that a reader has no log to go through; does nothing while
    /// somebody else writes or reads. Nothing depends on it.
    func emptyLog() {
        guard hasWritten, poison == nil, (try? takeLock(milliseconds: 0)) != nil else { return }
        defer { releaseLock() }
        unsafe sqlite3_busy_timeout(database, 0)
        _ = try? pragma("wal_checkpoint(TRUNCATE)")
    }

    /// Whether BEGIN was run and neither COMMIT nor ROLLBACK, the latter of which SQLite does by itself after some errors.
    var isInTransaction: Bool { unsafe sqlite3_get_autocommit(database) == 0 }

    func takeLock(milliseconds: Int) throws(SQLiteError) {
        if lock == nil { lock = try WriterLock(databasePath: path) }
        try lock?.lock(milliseconds: milliseconds)
    }

    func releaseLock() { lock?.unlock() }

    /// A statement leaves the cache while it is used, so that a nested use of the same text gets its own.
    private func take(_ sql: String) throws(SQLiteError) -> Statement {
        statements += 1
        if let statement = prepared.removeValue(forKey: sql) { return statement }
        return unsafe try Statement(sql, database: database, path: path)
    }

    private func put(_ statement: Statement) {
        statement.reset()
        prepared[statement.sql] = statement
    }
}

/// A state of a database as one connection sees it: what other connections committed, and what this one changed.
package struct ChangeMark: Hashable, Sendable {
    let others: Int64
    let own: Int64
}
