import CSQLite

/// A prepared statement, used by one session at a time.
@safe
final class Statement {
    let sql: String
    private let path: String
    private let database: OpaquePointer
    private let pointer: OpaquePointer
    /// The index of each result column. SQLite prepares a statement anew where the schema has changed since, and `SELECT *` then has
    /// other columns.
    private(set) var columns: [String: Int32] = [:]
    private var preparations: Int32 = 0

    init(_ sql: String, database: OpaquePointer, path: String) throws(SQLiteError) {
        var prepared: OpaquePointer?
        let result = unsafe sqlite3_prepare_v3(database, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
        guard result == SQLITE_OK, let pointer = unsafe prepared else {
            throw unsafe SQLiteError.of(database, result, path: path, statement: sql)
        }
        self.sql = sql
        self.path = path
        unsafe self.database = database
        unsafe self.pointer = pointer
        readColumns()
    }

    deinit { unsafe sqlite3_finalize(pointer) }

    /// Whether it leaves the database file as it is.
    var isReadOnly: Bool { unsafe sqlite3_stmt_readonly(pointer) != 0 }

    func bind(_ values: [any Bindable]) throws(SQLiteError) {
        let expected = Int(unsafe sqlite3_bind_parameter_count(pointer))
        guard values.count == expected else {
            throw mismatch("the statement has \(expected) placeholders, and \(values.count) values were given")
        }
        for (offset, value) in values.enumerated() {
            let result = bind(value.sqliteValue, at: Int32(offset + 1))
            guard result == SQLITE_OK else { throw error(result) }
        }
    }

    private func bind(_ value: Value, at index: Int32) -> Int32 {
        switch value {
        case .null: return unsafe sqlite3_bind_null(pointer, index)
        case .integer(let integer): return unsafe sqlite3_bind_int64(pointer, index, integer)
        case .real(let real): return unsafe sqlite3_bind_double(pointer, index, real)
        case .text(var text):
            return text.withUTF8 { utf8 in
                unsafe utf8.withMemoryRebound(to: CChar.self) { characters in
                    // An empty string may have no address, and no address would bind NULL.
                    guard let address = characters.baseAddress else { return unsafe csqlite_bind_text(pointer, index, "", 0) }
                    return unsafe csqlite_bind_text(pointer, index, address, Int32(clamping: characters.count))
                }
            }
        case .blob(let bytes):
            guard !bytes.isEmpty else { return unsafe sqlite3_bind_zeroblob(pointer, index, 0) }
            return unsafe bytes.withUnsafeBytes {
                unsafe csqlite_bind_blob(pointer, index, $0.baseAddress, Int32(clamping: $0.count))
            }
        }
    }

    /// True while there is a row to read.
    func step() throws(SQLiteError) -> Bool {
        let result = unsafe sqlite3_step(pointer)
        let preparations = unsafe sqlite3_stmt_status(pointer, SQLITE_STMTSTATUS_REPREPARE, 0)
        if preparations != self.preparations {
            self.preparations = preparations
            readColumns()
        }
        switch result {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw error(result)
        }
    }

    private func readColumns() {
        columns = [:]
        for index in 0..<(unsafe sqlite3_column_count(pointer)) {
            guard let name = unsafe sqlite3_column_name(pointer, index) else { continue }
            columns[unsafe String(cString: name)] = index
        }
    }

    /// Makes the statement ready for the next use; the error of the last step was already reported.
    func reset() {
        unsafe sqlite3_reset(pointer)
        unsafe sqlite3_clear_bindings(pointer)
    }

    func value(at index: Int32) -> Value {
        switch unsafe sqlite3_column_type(pointer, index) {
        case SQLITE_INTEGER: return .integer(unsafe sqlite3_column_int64(pointer, index))
        case SQLITE_FLOAT: return .real(unsafe sqlite3_column_double(pointer, index))
        case SQLITE_TEXT:
            return .text(String(decoding: unsafe bytes(sqlite3_column_text(pointer, index), at: index), as: UTF8.self))
        case SQLITE_BLOB:
            let bytes = unsafe bytes(sqlite3_column_blob(pointer, index), at: index)
            return .blob(bytes)
        default: return .null
        }
    }

    private func bytes(_ start: UnsafeRawPointer?, at index: Int32) -> [UInt8] {
        unsafe Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(pointer, index))))
    }

    func mismatch(_ message: String) -> SQLiteError { SQLiteError(.mismatch, path: path, message, statement: sql) }

    private func error(_ result: Int32) -> SQLiteError {
        unsafe SQLiteError.of(database, result, path: path, statement: sql)
    }
}

extension SQLiteError {
    /// The error of the connection's last call. SQLite's text names tables and columns, and no values.
    static func of(_ database: OpaquePointer?, _ result: Int32, path: String, statement: String? = nil) -> SQLiteError {
        let text = unsafe database == nil ? sqlite3_errstr(result) : sqlite3_errmsg(database)
        let message = unsafe text.map { unsafe String(cString: $0) } ?? "result code \(result)"
        return SQLiteError(Kind(resultCode: result), code: result, path: path, message, statement: statement)
    }
}
