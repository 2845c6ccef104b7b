import SQLite
import TestSupport
import Testing

let counterSchema = [Migration("CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT")]

private struct Refusal: Error {}

@Suite("a SQLite connection")
struct SQLiteConnectionTests {
    @Test("every type of value comes back as it was bound, also empty text and empty bytes")
    func roundTrip() throws {
        try withTemporaryFolder { folder in
            let connection = try Connection(
                path: folder + "/a.db", migrations: [Migration("CREATE TABLE v (i INTEGER, r REAL, t TEXT, b BLOB, n TEXT)")])
            let text = "caf\u{e9} \u{1F600}", bytes: [UInt8] = [0, 255, 7]
            try connection.write { session in
                try session.run("INSERT INTO v VALUES (?, ?, ?, ?, ?)", Int64.min, 1.5, text, bytes, String?.none)
                try session.run("INSERT INTO v VALUES (?, ?, ?, ?, ?)", true, -0.25, "", [UInt8](), "nul \0 inside")
            }
            let rows = try connection.read { session in
                try session.rows("SELECT * FROM v ORDER BY rowid") { row in
                    [try row.value("i"), try row.value("r"), try row.value("t"), try row.value("b"), try row.value("n")]
                }
            }
            #expect(rows.count == 2)
            #expect(rows.first == [.integer(.min), .real(1.5), .text(text), .blob(bytes), .null])
            #expect(rows.last == [.integer(1), .real(-0.25), .text(""), .blob([]), .text("nul \0 inside")])
        }
    }

    @Test("the library takes its settings, since nothing of it was called before, and counts no memory")
    func librarySettings() throws {
        try withTemporaryFolder { folder in
            let connection = try Connection(path: folder + "/a.db", migrations: counterSchema)
            let names = try connection.read { try $0.rows("SELECT name FROM counter") { try $0.text("name") } }
            #expect(names.isEmpty)
            #expect(Library.isConfigured)
            #expect(Library.countedMemory == 0)
        }
    }

    @Test("a column of another type, a null and an unknown column are errors that name column and statement")
    func mismatch() throws {
        try withTemporaryFolder { folder in
            let connection = try Connection(path: folder + "/a.db")
            let read: (String, (borrowing Row) throws -> Void) -> SQLiteError? = { sql, body in
                #expect(throws: SQLiteError.self) { try connection.read { try $0.first(sql, read: body) } }
            }
            let integer = read("SELECT 'secret' AS a") { row in _ = try row.integer("a") }
            #expect(integer?.kind == .mismatch)
            #expect(integer?.message == "column a holds text, not an integer")
            #expect(integer?.statement == "SELECT 'secret' AS a")
            #expect(read("SELECT NULL AS a") { row in _ = try row.text("a") }?.message == "column a is null")
            #expect(read("SELECT 1 AS a") { row in _ = try row.bytes("b") }?.message == "there is no column b")
            #expect(read("SELECT 1 AS a") { row in _ = try row.real("a") }?.kind == .mismatch)
        }
    }

    @Test("a reader that brings an older schema up to date finds the new columns at once")
    func readerOfOlderSchema() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/a.db"
            let added = Migration("ALTER TABLE counter ADD COLUMN unit TEXT NOT NULL DEFAULT 'piece'")
            try Connection(path: path, migrations: counterSchema).write { try $0.run("INSERT INTO counter VALUES ('a', 1)") }
            let reader = try Connection(path: path, mode: .reader, migrations: counterSchema)
            let units = { (column: String) in
                try reader.read { try $0.rows("SELECT * FROM counter") { row in try row.value(column) } }
            }
            #expect(try units("value") == [.integer(1)])
            _ = try Connection(path: path, mode: .reader, migrations: counterSchema + [added])
            #expect(try units("unit") == [.text("piece")])
        }
    }

    @Test("too few values for the placeholders are refused")
    func placeholders() throws {
        try withTemporaryFolder { folder in
            let connection = try Connection(path: folder + "/a.db", migrations: counterSchema)
            let error = #expect(throws: SQLiteError.self) {
                try connection.write { try $0.run("INSERT INTO counter VALUES (?, ?)", "a") }
            }
            #expect(error?.kind == .mismatch)
        }
    }

    @Test("the log mode, the flushing and the foreign keys are as promised")
    func settings() throws {
        try withTemporaryFolder { folder in
            let connection = try Connection(path: folder + "/a.db")
            let value: (String, String) throws -> Value? = { pragma, column in
                try connection.read { try $0.first("PRAGMA \(pragma)") { row in try row.value(column) } }
            }
            #expect(try value("journal_mode", "journal_mode") == .text("wal"))
            #expect(try value("synchronous", "synchronous") == .integer(2))
            #expect(try value("foreign_keys", "foreign_keys") == .integer(1))
        }
    }

    @Test("a throwing transaction changes nothing, and the next one works")
    func rollBack() throws {
        try withTemporaryFolder { folder in
            let connection = try Connection(path: folder + "/a.db", migrations: counterSchema)
            #expect(throws: Refusal.self) {
                try connection.write { session in
                    try session.run("INSERT INTO counter VALUES ('a', 1)")
                    throw Refusal()
                }
            }
            #expect(try count(connection) == 0)
            try connection.write { try $0.run("INSERT INTO counter VALUES ('a', 1)") }
            #expect(try count(connection) == 1)
        }
    }

    @Test("a constraint is its own kind of error, and the message has no values")
    func constraint() throws {
        try withTemporaryFolder { folder in
            let connection = try Connection(path: folder + "/a.db", migrations: counterSchema)
            let insert = { _ = try connection.write { try $0.run("INSERT INTO counter VALUES (?, ?)", "hunter2", 1) } }
            try insert()
            let error = #expect(throws: SQLiteError.self) { try insert() }
            #expect(error?.kind == .constraint)
            #expect(error?.description.contains("INSERT INTO counter VALUES (?, ?)") == true)
            #expect(error?.description.contains("hunter2") == false)
        }
    }

    @Test("a write outside of a write transaction is refused before it happens")
    func writeInRead() throws {
        try withTemporaryFolder { folder in
            let connection = try Connection(path: folder + "/a.db", migrations: counterSchema)
            let error = #expect(throws: SQLiteError.self) {
                try connection.read { try $0.run("INSERT INTO counter VALUES ('a', 1)") }
            }
            #expect(error?.kind == .readOnly)
            #expect(try count(connection) == 0)
        }
    }

    @Test("the same statement can be used inside of itself")
    func nested() throws {
        try withTemporaryFolder { folder in
            let connection = try Connection(path: folder + "/a.db", migrations: counterSchema)
            try connection.write { session in
                for name in ["a", "b", "c"] { try session.run("INSERT INTO counter VALUES (?, 1)", name) }
            }
            let sql = "SELECT name FROM counter"
            let pairs = try connection.read { session in
                try session.rows(sql) { _ in try session.rows(sql) { row in try row.text("name") }.count }
            }
            #expect(pairs == [3, 3, 3])
        }
    }
}

func count(_ connection: Connection) throws -> Int64 {
    try connection.read { try $0.first("SELECT count(*) AS n FROM counter") { row in try row.integer("n") } } ?? -1
}
