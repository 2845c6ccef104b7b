import Platform
import Secrets
import TestSupport
import Testing

/// The databases are made by SQLite itself, as Python has it.
@Suite(.enabled(if: Python.isAvailable, Python.missing))
struct SQLiteColumnTests {
    /// One for all: making one takes longer than a scan.
    private static let scanner = try? SecretScanner(key: [1])
    private static let rule = "file-sqlite-column"

    /// What is found in a database that statements of Python made of the connection `c`; SQLite wipes nothing that is deleted.
    private static func findings(_ script: String, damage: (inout [UInt8]) -> Void = { _ in }) throws -> [SecretFinding] {
        try withTemporaryFolder { folder in
            let head = "import sqlite3\nc = sqlite3.connect('\(folder)/a.db')\nc.execute('pragma secure_delete = off')\n"
            _ = try Python.run(head + script + "\nc.commit()\nc.close()\n")
            var bytes = try Files.read("\(folder)/a.db")
            damage(&bytes)
            return try #require(scanner).findings(in: bytes, path: "/var/lib/app/a.db").filter { $0.rule == rule }
        }
    }

    private static let accounts = """
        c.execute('create table accounts(id integer primary key, name text, password varchar(80), note text)')
        c.executemany('insert into accounts values(?,?,?,?)', [(i, 'user%d' % i, 'hq%dmznP4w' % (1000 + i), 'a note') for i in range(40)])
        c.commit()
        """

    @Test(
        "A column is known by its name",
        arguments: [
            "create table t(id integer primary key, login text, password text)",
            "create table t(id int, login text, \"api_token\" text)",
            "create table t(id int, login text not null, [passwd] varchar(20) default \"x,y\" check (length(passwd) > 2))",
            "create table t (\n id int,\n login,\n `client_secret`\n)",
        ])
    func columns(statement: String) throws {
        let create = "c.execute('''\(statement)''')"
        let insert = "c.execute('insert into t values(?,?,?)', (1, 'ann', 'hq82mznP4w7k'))"
        #expect(try Self.findings("\(create)\n\(insert)").count == 1)
        #expect(try Self.findings("\(create)\n\(insert.replacing("hq82mznP4w7k", with: "changeme"))").isEmpty)
    }

    @Test("A row of a name and a value is read as a setting")
    func settings() throws {
        let script = """
            c.execute('create table settings(key text, value)')
            c.executemany('insert into settings values(?,?)', [
                ('smtp_password', 'hq82mznP4w'), ('theme', 'dark9x82mz'), ('password_min_length', '12345')])
            """
        #expect(try Self.findings(script).count == 1)
    }

    @Test("All rows of many pages are read, and columns that are not credentials are not")
    func manyPages() throws {
        let more = """

            c.executemany('insert into accounts values(?,?,?,?)', [
                (i, 'user%d' % i, 'hq%dmznP4w' % (1000 + i), 'n' * 200) for i in range(40, 400)])
            """
        let found = Set(try Self.findings(Self.accounts + more).map(\.keyedDigest)).count
        // Between the cells, the rest of a row that was moved may be read from a wrong place.
        #expect((400...410).contains(found), "\(found)")
        #expect(try Self.findings(Self.accounts.replacing("password varchar", with: "colour varchar") + more).isEmpty)
    }

    @Test(
        "What was deleted is found in the pages that it was in",
        arguments: [
            ("delete from accounts", 40), ("drop table accounts", 38), ("delete from accounts where id % 2 = 0", 38),
            ("delete from accounts where id = 7", 40),
        ])
    func deleted(statement: String, least: Int) throws {
        #expect(try Self.findings(Self.accounts + "\nc.execute('\(statement)')").count >= least)
    }

    @Test("Damage ends nothing")
    func damage() throws {
        var random = SeededRandom(11)
        for _ in 0..<30 {
            _ = try Self.findings(Self.accounts) { bytes in
                for _ in 0..<20 { bytes[random.below(bytes.count)] = UInt8(random.below(256)) }
                bytes.removeLast(random.below(bytes.count))
            }
        }
    }

    @Test("A database that is too much to be searched whole is said to be")
    func limit() throws {
        try withTemporaryFolder { folder in
            let script = """
                import sqlite3
                c = sqlite3.connect('\(folder)/a.db')
                for i in range(30): c.execute('create table t%d(login text, password text, n%d text)' % (i, i))
                c.commit()
                c.close()
                """
            _ = try Python.run(script)
            let report = try #require(Self.scanner).scan(folder: folder)
            #expect(
                report.coverage.skipped.contains { $0.place == "/a.db" && $0.reason.contains("more tables") },
                "\(report.coverage)")
        }
    }
}
