import Platform
import Secrets
import TestSupport
import Testing

struct ContainerTests {
    /// A token by the rules of GitHub, made anew for each run of a test.
    private static func token(_ seed: UInt64) -> String {
        var values = CorpusValues(seed)
        return values.checked("ghp_")
    }

    private static func findings(_ path: String, _ name: String = "/srv/file") throws -> [SecretFinding] {
        try SecretScanner(key: [1]).findings(in: try Files.read(path), path: name)
    }

    @Test(
        "A secret is found in what each of these programs packs it into",
        .enabled(
            if: ["python3", "gzip", "bzip2", "xz", "zstd", "cpio", "dpkg-deb"].allSatisfy { Shell.has($0) },
            "needs python3, gzip, bzip2, xz-utils, zstd, cpio, dpkg"),
        arguments: [
            ("gzip -k s.txt", "s.txt.gz"), ("bzip2 -k s.txt", "s.txt.bz2"), ("xz -k s.txt", "s.txt.xz"),
            ("zstd -q s.txt", "s.txt.zst"),
            ("tar cf a.tar s.txt", "a.tar"), ("tar czf a.tgz s.txt", "a.tgz"), ("python3 -m zipfile -c a.zip s.txt", "a.zip"),
            ("echo s.txt | cpio -o -H newc > a.cpio 2>/dev/null", "a.cpio"),
            (
                "mkdir -p p/DEBIAN p/etc; cp s.txt p/etc; printf 'Package: a\\nVersion: 1\\nArchitecture: all\\nMaintainer: a\\nDescription: a\\n' > p/DEBIAN/control; dpkg-deb -b p a.deb >/dev/null",
                "a.deb"
            ),
            ("tar cf 1.tar s.txt; gzip 1.tar; tar cf 2.tar 1.tar.gz; python3 -m zipfile -c 3.zip 2.tar", "3.zip"),
            ("base64 s.txt > b.txt", "b.txt"), ("base64 -w 0 s.txt | base64 -w 0 > b.txt", "b.txt"),
            ("python3 -c \"open('h.txt','w').write(open('s.txt','rb').read().hex())\"", "h.txt"),
            ("python3 -c \"open('u.txt','wb').write(open('s.txt').read().encode('utf-16'))\"", "u.txt"),
            (
                "python3 -c \"import urllib.parse; open('q.txt','w').write('q='+urllib.parse.quote('x=1&t='+open('s.txt').read().split()[-1]))\"",
                "q.txt"
            ),
            (
                "mkdir e; cp s.txt e; (cd e; echo s.txt | cpio -o -H newc 2>/dev/null) > early; printf 'x' > y; (echo y | cpio -o -H newc 2>/dev/null) > late; head -c 4096 /dev/zero > z; cat late z > i; gzip -c early >> i",
                "i"
            ),
        ])
    func containers(script: String, file: String) throws {
        let secret = Self.token(3)
        try withTemporaryFolder { folder in
            try Files.overwriteNew("\(folder)/s.txt", "the token is \(secret)\n")
            try Shell.run(script, in: folder)
            let findings = try Self.findings("\(folder)/\(file)", "/srv/\(file)")
            #expect(findings.contains { $0.rule == "github-personal-token" && $0.severity == .critical }, "\(findings)")
        }
    }

    @Test(
        "A row that was deleted from a SQLite database is found in its free pages",
        .enabled(if: Python.isAvailable, Python.missing))
    func deletedRows() throws {
        let secret = Self.token(4)
        try withTemporaryFolder { folder in
            let script = """
                import sqlite3
                c = sqlite3.connect('\(folder)/a.db')
                c.execute('pragma secure_delete = off')
                c.execute('create table t(a text, b text, c text)')
                c.executemany('insert into t values(?,?,?)', [('x' * 50, 'filler' + str(i), 'y') for i in range(2000)])
                c.execute('insert into t values(?,?,?)', ('user', '\(secret)', 'note'))
                c.commit()
                c.execute('delete from t')
                c.commit()
                """
            _ = try Python.run(script)
            let findings = try Self.findings("\(folder)/a.db", "/var/lib/app/a.db")
            #expect(findings.contains { $0.rule == "github-personal-token" }, "\(findings)")
        }
    }

    @Test(
        "What lies deeper than the limit, or is more than the limit, is named as not looked into",
        .enabled(if: Python.isAvailable, Python.missing))
    func limits() throws {
        try withTemporaryFolder { folder in
            try Files.overwriteNew("\(folder)/s", "token \(Self.token(5))\n")
            try Shell.run("for i in 1 2 3 4 5 6 7; do tar cf t$i s; mv t$i s; done", in: folder)
            let scanner = try SecretScanner(key: [1])
            let report = try scanner.scan(folder: folder)
            #expect(report.coverage.depth == 5)
            #expect(report.coverage.skipped.contains { $0.reason.contains("deeper than 5") }, "\(report.coverage)")
        }
    }

    @Test(
        "Archives that are cut off or damaged anywhere are searched as far as they go, and end nothing",
        .enabled(if: Python.isAvailable, Python.missing))
    func damaged() throws {
        let scanner = try SecretScanner(key: [1])
        var random = SeededRandom(6)
        try withTemporaryFolder { folder in
            try Files.overwriteNew("\(folder)/s", "token \(Self.token(6))\n" + String(repeating: "filler ", count: 500))
            try Shell.run(
                "tar czf a.tgz s; python3 -m zipfile -c a.zip s; echo s | cpio -o -H newc > a.cpio 2>/dev/null; xz -k s",
                in: folder)
            for name in ["a.tgz", "a.zip", "a.cpio", "s.xz"] {
                let whole = try Files.read("\(folder)/\(name)")
                for cut in stride(from: 0, to: whole.count, by: max(1, whole.count / 60)) {
                    _ = try scanner.findings(in: Array(whole[..<cut]), path: "/srv/\(name)")
                }
                for _ in 0..<60 {
                    var bytes = whole
                    for _ in 0..<4 { bytes[random.below(bytes.count)] = UInt8(random.below(256)) }
                    _ = try scanner.findings(in: bytes, path: "/srv/\(name)")
                }
            }
        }
    }

    @Test("Random bytes and floods of beginnings of secrets take a second or so, under any name")
    func floods() throws {
        let scanner = try SecretScanner(key: [1])
        var random = SeededRandom(7)
        let pieces = [
            "-----BEGIN RSA PRIVATE KEY-----\n", "password=", "eyJ", "token: \"", "://a:b", "mysql -p", "{\"kty\"", "'*", "AAAA",
            "%41", "sk-",
        ]
        for piece in pieces {
            let flood = Array(String(repeating: piece, count: (1 << 15) / piece.utf8.count).utf8)
            let start = ContinuousClock.now
            _ = try scanner.findings(in: flood, path: "/etc/app.conf")
            #expect(ContinuousClock.now - start < .seconds(10), "\(piece)")
        }
        let names = [
            "/etc/shadow", "/root/.netrc", "/a.yaml", "/etc/ipsec.secrets", "/x/terraform.tfstate", "/root/.docker/config.json",
            "/wp-config.php", "/etc/bind/named.conf", "/k.der", "/var/lib/cloud/user-data",
        ]
        for name in names {
            _ = try scanner.findings(in: random.bytes(20_000), path: name)
            _ = try scanner.findings(in: (0..<20_000).map { _ in UInt8(0x20 + random.below(95)) }, path: name)
        }
    }
}
