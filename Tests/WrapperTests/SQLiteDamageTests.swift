import Glibc
import Platform
import SQLite
import TestSupport
import Testing

@Suite("a SQLite database when things go wrong")
struct SQLiteDamageTests {
    @Test("a file that is no database is refused when it is opened")
    func notADatabase() throws {
        try withTemporaryFolder { folder in
            try Files.writeDurably(folder + "/a.db", Array(String(repeating: "this is no database. ", count: 100).utf8))
            let error = #expect(throws: SQLiteError.self) { try Connection(path: folder + "/a.db") }
            #expect(error?.kind == .corrupt)
            #expect(error?.path == folder + "/a.db")
        }
    }

    @Test("a database with a damaged page is refused when the page is read")
    func damagedPage() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/a.db"
            try fill(path, rows: 40_000)
            try Files.remove(path + "-wal")
            var bytes = try Files.read(path)
            try #require(bytes.count > 3 * 4096)
            for offset in 4096..<bytes.count { bytes[offset] ^= 0x5a }
            try Files.writeDurably(path, bytes)
            let error = #expect(throws: SQLiteError.self) { try count(Connection(path: path, mode: .reader)) }
            #expect(error?.kind == .corrupt)
            #expect(error?.statement != nil)
        }
    }

    @Test("a full disk is its own kind of error, the transaction is undone, and later ones work")
    func full() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/a.db"
            let connection = try Connection(path: path, migrations: counterSchema)
            try connection.write { try $0.run("INSERT INTO counter VALUES ('a', 1)") }
            let error = try replacingLog(of: path, by: "/dev/full") {
                #expect(throws: SQLiteError.self) { try connection.write { try $0.run("INSERT INTO counter VALUES ('b', 1)") } }
            }
            #expect(error?.kind == .full)
            try connection.write { try $0.run("INSERT INTO counter VALUES ('c', 1)") }
            #expect(try count(connection) == 2)
        }
    }

    @Test("after a commit that failed with an I/O error nothing is acknowledged until the database is opened anew")
    func poisoned() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/a.db"
            let connection = try Connection(path: path, migrations: counterSchema)
            try connection.write { try $0.run("INSERT INTO counter VALUES ('a', 1)") }
            // The log can be read, and no longer be written.
            let error = try replacingLog(of: path, by: path + "-wal") {
                #expect(throws: SQLiteError.self) { try connection.write { try $0.run("INSERT INTO counter VALUES ('b', 1)") } }
            }
            #expect(error?.kind == .io)
            let write = #expect(throws: SQLiteError.self) { try connection.write { try $0.run("DELETE FROM counter") } }
            let read = #expect(throws: SQLiteError.self) { try count(connection) }
            #expect(write?.kind == .poisoned)
            #expect(read?.kind == .poisoned)
            #expect(try count(Connection(path: path)) == 1)
        }
    }

    @Test(
        "on a disk that is really full nothing acknowledged is lost",
        .enabled(if: geteuid() == 0, "needs root, to mount a small tmpfs"))
    func reallyFull() throws {
        try withTemporaryFolder { folder in
            guard unsafe mount("tmpfs", folder, "tmpfs", 0, "size=512k") == 0 else {
                try Test.cancel("mounting a tmpfs is not allowed here")
            }
            defer { unsafe umount(folder) }
            let connection = try Connection(path: folder + "/a.db", migrations: counterSchema)
            var acknowledged: Int64 = 0
            let error = #expect(throws: SQLiteError.self) {
                for number in 0..<10_000 {
                    let name = "\(number) " + String(repeating: "x", count: 1000)
                    try connection.write { try $0.run("INSERT INTO counter VALUES (?, 1)", name) }
                    acknowledged += 1
                }
            }
            #expect(error?.kind == .full)
            #expect(acknowledged > 10)
            #expect(try count(connection) == acknowledged)
            #expect(try count(Connection(path: folder + "/a.db", mode: .reader)) == acknowledged)
        }
    }

    private func fill(_ path: String, rows: Int) throws {
        let connection = try Connection(path: path, migrations: counterSchema)
        try connection.write { session in
            for number in 0..<rows { try session.run("INSERT INTO counter VALUES (?, 1)", "name \(number)") }
        }
    }
}

@Suite("SQLite migrations")
struct SQLiteMigrationTests {
    private let second = Migration("ALTER TABLE counter ADD COLUMN note TEXT")

    @Test("an older database is brought up to date once, its rows are kept, and a reader may be the first to open it")
    func upgrade() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/a.db"
            try Connection(path: path, migrations: counterSchema).write { try $0.run("INSERT INTO counter VALUES ('a', 1)") }
            for mode in [Connection.Mode.reader, .reader, .writer] {
                let connection = try Connection(path: path, mode: mode, migrations: counterSchema + [second])
                let note = try connection.read { try $0.first("SELECT note FROM counter") { row in try row.value("note") } }
                #expect(note == .null)
            }
        }
    }

    @Test("a database of a newer program is refused and left as it is")
    func newer() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/a.db"
            _ = try Connection(path: path, migrations: counterSchema + [second])
            let error = #expect(throws: SQLiteError.self) { try Connection(path: path, migrations: counterSchema) }
            #expect(error?.kind == .newer)
            #expect(error?.message == "its schema version is 2, and this program knows 1 at most")
        }
    }

    @Test("a migration that fails leaves the version before it")
    func failing() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/a.db"
            let broken = Migration("CREATE TABLE extra (a); CREATE TABLE counter (again)")
            #expect(throws: SQLiteError.self) { try Connection(path: path, migrations: counterSchema + [broken]) }
            let connection = try Connection(path: path, migrations: counterSchema + [second])
            let tables = try connection.read {
                try $0.rows("SELECT name FROM sqlite_schema WHERE type = 'table'") { row in try row.text("name") }
            }
            #expect(tables == ["counter"])
        }
    }
}

/// Runs `body` while the descriptor that SQLite has of the log means another file, opened for reading (or, for a device, writing).
private func replacingLog<T>(of path: String, by other: String, _ body: () throws -> T) throws -> T {
    let log = path + "-wal"
    let status = try Files.status(log)
    let descriptor = try #require(
        (3..<Int32(1024)).first { number in
            var found = stat()
            return unsafe fstat(number, &found) == 0 && found.st_ino == status.inode && found.st_dev == status.device
        })
    let saved = dup(descriptor)
    let replacement = unsafe open(other, other.hasPrefix("/dev/") ? O_RDWR : O_RDONLY)
    try #require(saved >= 0 && replacement >= 0)
    dup2(replacement, descriptor)
    defer {
        dup2(saved, descriptor)
        close(saved)
        close(replacement)
    }
    return try body()
}
