import Guest
import ImageStore
import Model
import Platform
import TestSupport
import Testing

@Suite struct RPMDatabaseTests {
    private static let forms: [(file: TreePath, source: String)] = [
        ("/var/lib/rpm/rpmdb.sqlite", "sqlite/rpmdb.sqlite"), ("/usr/lib/sysimage/rpm/Packages.db", "Packages.db"),
        ("/var/lib/rpm/Packages", "hash/Packages"),
    ]

    @Test(
        "packages of every form of database are those that rpm lists", .enabled(if: RPMFixture.canRun, RPMFixture.missing))
    func oracle() throws {
        try RPMFixture.with { fixture in
            let format = "%{NAME}|%{EVR}|%{ARCH}|%{VENDOR}|%{LICENSE}|%{SUMMARY}|%{URL}|%{SIZE}|%{SOURCERPM}\\n"
            let expected = try fixture.ask("sqlite", folder: "sqlite", format)
            #expect(expected.count == 3)
            #expect(try fixture.ask("bdb_ro", folder: "hash", format) == expected)
            for form in Self.forms {
                let view = try makeTree(form.file, try fixture.bytes(form.source))
                let packages = try InstalledPackages(in: view)
                #expect(packages.databases == [form.file])
                let lines = packages.packages.map { package in
                    let source = "\(package.sourceName)-\(package.sourceVersion.drop { $0 != ":" }.dropFirst()).src.rpm"
                    return
                        "\(package.name)|\(package.version)|\(package.architecture)|\(package.vendor ?? "")|\(package.license ?? "")|"
                        + "\(package.summary)|\(package.homepage ?? "")|\(package.installedSize)|\(source)"
                }
                #expect(lines == expected, "\(form.file)")
            }
        }
    }

    @Test("digests of files are those that rpm lists", .enabled(if: RPMFixture.canRun, RPMFixture.missing))
    func digests() throws {
        try RPMFixture.with { fixture in
            let expected = try fixture.ask("sqlite", folder: "sqlite", "[%{FILENAMES}|%{FILEDIGESTS}\\n]")
            for form in Self.forms {
                let view = try makeTree(form.file, try fixture.bytes(form.source))
                let digests = try VendorDigests(in: view)
                let lines = digests.paths.flatMap { path in digests[path].map { "\(path)|\($0.digest.hex)" } }
                // Links and folders have no digest.
                #expect(lines == expected.filter { !$0.hasSuffix("|") && $0.contains("|") })
                #expect(digests["/etc/alpha.conf"].map(\.isConfiguration) == [true])
                #expect(digests["/bin/alpha"].map(\.isConfiguration) == [false])
                #expect(try FileOwners(in: view)["/bin/link"] == ["alpha"])
            }
        }
    }

    @Test(
        "a write-ahead log that was not put back counts up to its last whole commit",
        .enabled(if: RPMFixture.canRun, RPMFixture.missing))
    func writeAheadLog() throws {
        try RPMFixture.with { fixture in
            let script = """
                python3 - <<'EOF'
                import sqlite3, shutil
                shutil.copy('sqlite/rpmdb.sqlite', 'wal.sqlite')
                c = sqlite3.connect('wal.sqlite', isolation_level=None)
                c.execute('pragma journal_mode=wal')
                c.execute('pragma wal_autocheckpoint=0')
                c.execute("delete from Packages where hnum in (select hnum from Name where key = 'beta')")
                c.execute('create table filler(a)')
                c.execute('insert into filler values (zeroblob(300000))')
                shutil.copy('wal.sqlite', 'copy.sqlite')
                shutil.copy('wal.sqlite-wal', 'copy.sqlite-wal')
                EOF
                """
            try Shell.run(script, in: fixture.folder)
            let view = try makeTree("/var/lib/rpm/rpmdb.sqlite", try fixture.bytes("copy.sqlite"))
            #expect(try InstalledPackages(in: view).packages.map(\.name) == ["alpha", "beta", "gamma"])
            let log = try fixture.bytes("copy.sqlite-wal")
            try view.write(log, to: "/var/lib/rpm/rpmdb.sqlite-wal")
            #expect(try InstalledPackages(in: view).packages.map(\.name) == ["alpha", "gamma"])
            // The commit that deletes is among the first frames; a damaged tail takes nothing away from it.
            try view.write(Array(log.dropLast(5000)), to: "/var/lib/rpm/rpmdb.sqlite-wal")
            #expect(try InstalledPackages(in: view).packages.map(\.name) == ["alpha", "gamma"])
            var damaged = log
            damaged[40] ^= 1
            try view.write(damaged, to: "/var/lib/rpm/rpmdb.sqlite-wal")
            #expect(try InstalledPackages(in: view).packages.map(\.name) == ["alpha", "beta", "gamma"])
        }
    }

    @Test(
        "truncated and damaged databases are refused or read, and never more",
        .enabled(if: RPMFixture.canRun, RPMFixture.missing))
    func damage() throws {
        try RPMFixture.with { fixture in
            var numbers = Numbers(seed: 11)
            for form in Self.forms {
                let bytes = try fixture.bytes(form.source)
                var refused = 0
                for round in 0..<400 {
                    var hostile = bytes
                    if round < 100 {
                        hostile = Array(bytes.prefix(bytes.count * round / 100))
                    } else {
                        for _ in 0..<(1 + numbers.next(8)) {
                            hostile[numbers.next(round < 250 ? 4500 : bytes.count)] = UInt8(numbers.next(256))
                        }
                    }
                    let view = try makeTree(form.file, hostile)
                    do throws(Failure) {
                        #expect(try InstalledPackages(in: view).packages.count <= 4)
                        _ = try VendorDigests(in: view)
                    } catch {
                        refused += 1
                        #expect(error.code == .invalid, "\(error)")
                    }
                }
                #expect(refused > 50)
            }
        }
    }

    @Test("a view that would count for ever, in place of the table, is refused")
    func hostileSchema() throws {
        let script = """
            python3 - <<'EOF'
            import sqlite3
            c = sqlite3.connect('a')
            c.execute("create view Packages as with recursive n(blob) as (select 1 union all select blob + 1 from n) select blob from n")
            EOF
            """
        try withTemporaryFolder { folder in
            try Shell.run(script, in: folder)
            let view = try makeTree("/var/lib/rpm/rpmdb.sqlite", try Files.read("\(folder)/a"))
            #expect(try failure { _ = try InstalledPackages(in: view) }.code == .invalid)
        }
    }
}

/// A tree with one binary file.
func makeTree(_ path: TreePath, _ bytes: [UInt8], in objects: any ObjectWriter = MemoryObjects()) throws(Failure) -> TreeEditor {
    let editor = try TreeEditor(root: nil, in: objects, date: 1_700_000_000_000_000_000)
    try editor.makeDirectory(path.parent)
    try editor.write(bytes, to: path)
    return editor
}
