import Glibc
import Platform
import SQLite
import Synchronization
import TestSupport
import Testing

@Suite("several connections to one SQLite database")
struct SQLiteSharingTests {
    @Test("a reader cannot write, sees what was committed, and takes no lock")
    func reader() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/a.db"
            let writer = try Connection(path: path, migrations: counterSchema)
            try writer.write { try $0.run("INSERT INTO counter VALUES ('a', 1)") }
            try holdingLock(of: path) {
                let reader = try Connection(path: path, mode: .reader, lockWait: 0, migrations: counterSchema)
                #expect(try count(reader) == 1)
                let error = #expect(throws: SQLiteError.self) { try reader.write { try $0.run("DELETE FROM counter") } }
                #expect(error?.kind == .readOnly)
            }
        }
    }

    @Test("a reader of a missing file says so, and makes none")
    func missing() throws {
        try withTemporaryFolder { folder in
            let error = #expect(throws: SQLiteError.self) { try Connection(path: folder + "/a.db", mode: .reader) }
            #expect(error?.kind == .missing)
            #expect(!Files.exists(folder + "/a.db"))
        }
    }

    @Test("a second writer waits for its bound, then says that the database is busy, and works when the lock is free")
    func busy() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/a.db"
            let writer = try Connection(path: path, lockWait: 20, migrations: counterSchema)
            try holdingLock(of: path) {
                let error = #expect(throws: SQLiteError.self) { try writer.write { try $0.run("DELETE FROM counter") } }
                #expect(error?.kind == .busy)
                #expect(error?.message.contains("a.db.lock for 20 ms") == true)
            }
            try writer.write { try $0.run("INSERT INTO counter VALUES ('a', 1)") }
            #expect(try count(writer) == 1)
        }
    }

    @Test("a writer that is only open keeps nobody waiting")
    func idleWriter() throws {
        try withTemporaryFolder { folder in
            let first = try Connection(path: folder + "/a.db", lockWait: 0, migrations: counterSchema)
            let second = try Connection(path: folder + "/a.db", lockWait: 0, migrations: counterSchema)
            try first.write { try $0.run("INSERT INTO counter VALUES ('a', 1)") }
            try second.write { try $0.run("INSERT INTO counter VALUES ('b', 1)") }
            #expect(try count(first) == 2)
        }
    }

    @Test("two writers that add one to the same number, 200 times each, lose nothing")
    func race() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/a.db"
            let connections = try (0..<2).map { _ in try Connection(path: path, migrations: counterSchema) }
            try connections[0].write { try $0.run("INSERT INTO counter VALUES ('a', 0)") }
            let failures = Mutex<[String]>([])
            Threads.concurrently(2) { index in
                do {
                    for _ in 0..<200 { try addOne(connections[index]) }
                } catch {
                    failures.withLock { $0.append("\(error)") }
                }
            }
            #expect(failures.withLock { $0 } == [])
            let value = try connections[1].read { try $0.first("SELECT value FROM counter") { row in try row.integer("value") } }
            #expect(value == 400)
        }
    }

    @Test("what was acknowledged is found by a later connection, although no connection was closed in between")
    func acknowledged() throws {
        try withTemporaryFolder { folder in
            let writer = try Connection(path: folder + "/a.db", migrations: counterSchema)
            for number in 0..<500 { try writer.write { try $0.run("INSERT INTO counter VALUES (?, 1)", "n\(number)") } }
            // A copy of the files as a crash would leave them: the log is not checkpointed.
            for end in ["", "-wal"] { try Files.writeDurably(folder + "/b.db" + end, Files.read(folder + "/a.db" + end)) }
            #expect(try count(Connection(path: folder + "/b.db")) == 500)
        }
    }
}

private func addOne(_ connection: Connection) throws {
    try connection.write { session in
        let value = try session.first("SELECT value FROM counter") { row in try row.integer("value") } ?? 0
        try session.run("UPDATE counter SET value = ?", value + 1)
    }
}

/// Runs `body` while another process, as it were, holds the writer's lock: `flock` belongs to the open file.
private func holdingLock(of path: String, _ body: () throws -> Void) throws {
    let other = try FileDescriptor.open(path + ".lock", .read)
    try #require(flock(other.raw, LOCK_EX | LOCK_NB) == 0)
    try body()
    withExtendedLifetime(other) {}
}
