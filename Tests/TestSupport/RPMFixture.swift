import Platform
import Testing

/// Databases that real programs wrote: packages by rpmbuild, a SQLite database by rpm, a hash by Berkeley DB.
package struct RPMFixture {
    /// Whether the programs are here.
    package static let canRun = ["rpm", "rpmbuild", "db5.3_load", "python3"].allSatisfy(Shell.has)
    package static let missing: Comment = "needs rpm, rpmbuild, db5.3_load and python3: apt-get install rpm db5.3-util python3"

    /// With `sqlite/rpmdb.sqlite`, `Packages.db` and `hash/Packages`.
    package let folder: String

    /// Runs `body` with databases in a folder that goes away.
    package static func with(_ body: (RPMFixture) throws -> Void) throws {
        try withTemporaryFolder { folder in
            try Files.writeDurably("\(folder)/a.spec", Array(specification.utf8))
            try Files.writeDurably("\(folder)/convert.py", Array(conversion.utf8))
            try Shell.run(
                """
                rpmbuild -bb --define "_topdir $PWD/top" a.spec >build.log 2>&1
                rpm --dbpath $PWD/sqlite --define '_db_backend sqlite' --initdb
                rpm --dbpath $PWD/sqlite --define '_db_backend sqlite' --justdb --nodeps --ignorearch -i top/RPMS/*/*.rpm
                python3 convert.py
                mkdir hash
                db5.3_load -t hash -f dump hash/Packages
                """, in: folder)
            try body(RPMFixture(folder: folder))
        }
    }

    /// The database that rpm itself writes for packages of these names, each of one version: `2:1.10-1`, or without an epoch.
    package static func database(of names: [String], version: String) throws -> [UInt8] {
        let epoch = version.contains(":") ? version.split(separator: ":")[0] : "0"
        let parts = (version.split(separator: ":").last ?? "").split(separator: "-").map(String.init)
        let head = "Summary: x\nLicense: MIT\nBuildArch: noarch\nEpoch: \(epoch)\nVersion: \(parts[0])\nRelease: \(parts[1])\n"
        let others = names.map { "%package -n \($0)\nSummary: x\n%description -n \($0)\nx\n%files -n \($0)\n" }
        return try withTemporaryFolder { folder in
            let text = "Name: source\n" + head + "%description\nx\n" + others.joined()
            try Files.writeDurably("\(folder)/a.spec", Array(text.utf8))
            try Shell.run(
                """
                rpmbuild -bb --define "_topdir $PWD/top" a.spec >build.log 2>&1
                rpm --dbpath $PWD/db --define '_db_backend sqlite' --initdb
                rpm --dbpath $PWD/db --define '_db_backend sqlite' --justdb --nodeps --ignorearch -i top/RPMS/*/*.rpm
                """, in: folder)
            return try Files.read("\(folder)/db/rpmdb.sqlite")
        }
    }

    /// Which of the names rpm says are installed, by a database.
    package static func installed(_ names: [String], in database: [UInt8]) throws -> [String] {
        try withTemporaryFolder { folder in
            try Files.makeFolders(folder + "/db")
            try Files.writeDurably("\(folder)/db/rpmdb.sqlite", database)
            let ask =
                "rpm --dbpath $PWD/db --define '_db_backend sqlite' -q --qf '%{NAME}\\n' \(names.joined(separator: " ")) || true"
            let said = Set(try Shell.run(ask, in: folder).split(separator: "\n").map(String.init))
            return names.filter(said.contains)
        }
    }

    /// One of them.
    package func bytes(_ file: String) throws -> [UInt8] { try Files.read("\(folder)/\(file)") }

    /// What rpm itself answers.
    package func ask(_ backend: String, folder name: String, _ format: String) throws -> [String] {
        let command = "rpm --dbpath $PWD/\(name) --define '_db_backend \(backend)' -qa --qf '\(format)'"
        return try Shell.run(command, in: folder).split(separator: "\n").map(String.init).sorted()
    }

    private static let specification = """
        Name: alpha
        Epoch: 2
        Version: 1.2.3
        Release: 4.test
        Summary: The first
        License: MIT
        Vendor: Example
        URL: https://example.com/
        BuildArch: noarch
        Requires: beta >= 1
        Provides: letter
        %description
        x
        %install
        mkdir -p %{buildroot}/etc %{buildroot}/bin
        echo conf > %{buildroot}/etc/alpha.conf
        echo run > %{buildroot}/bin/alpha
        ln -s alpha %{buildroot}/bin/link
        %files
        %config /etc/alpha.conf
        /bin/alpha
        /bin/link
        %package -n beta
        Summary: The second
        %description -n beta
        y
        %files -n beta
        %package -n gamma
        Summary: The third
        Version: 0^git1
        %description -n gamma
        y
        %files -n gamma
        """

    /// A dump for db5.3_load, and an ndb file as rpm's source documents it (rpmpkg.c): Debian's rpm is built without ndb.
    private static let conversion = """
        import sqlite3, struct, zlib
        rows = list(sqlite3.connect('file:sqlite/rpmdb.sqlite?mode=ro', uri=True).execute('select hnum, blob from Packages'))
        with open('dump', 'w') as out:
            out.write('VERSION=3\\nformat=bytevalue\\ntype=hash\\ndb_pagesize=4096\\nHEADER=END\\n')
            out.write(' 00000000\\n ' + struct.pack('<I', len(rows)).hex() + '\\n')
            for number, blob in rows: out.write(' ' + struct.pack('<I', number).hex() + '\\n ' + blob.hex() + '\\n')
            out.write('DATA=END\\n')
        page, blobs = [], b''
        for number, blob in rows:
            head = b'BlbS' + struct.pack('<III', number, 1, len(blob))
            body = head + blob
            room = -(len(body) + 12) % 16
            body += b'\\0' * room
            body += struct.pack('<II', zlib.adler32(body), len(blob)) + b'BlbE'
            page.append(b'Slot' + struct.pack('<III', number, (4096 + len(blobs)) // 16, len(body) // 16))
            blobs += body
        head = b'RpmP' + struct.pack('<IIII', 0, 1, 1, len(rows) + 1) + b'\\0' * 12
        slots = b''.join(page)
        slots += (b'Slot' + b'\\0' * 12) * ((4096 - 32 - len(slots)) // 16)
        open('Packages.db', 'wb').write(head + slots + blobs)
        """
}
