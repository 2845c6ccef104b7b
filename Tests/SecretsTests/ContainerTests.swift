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
            #expect(findings.count == 1, "each secret is told once, where it is innermost: \(findings)")
        }
    }

    @Test("Text in UTF-16 is found at every offset, in both orders of bytes, and behind what looks like such text for a while")
    func wide() throws {
        let secret = Self.token(7)
        let scanner = try SecretScanner(key: [1])
        var random = SeededRandom(7)
        for isBig in [false, true] {
            func wide(_ text: String) -> [UInt8] { text.utf8.flatMap { isBig ? [0, $0] : [$0, 0] } }
            for offset in 0..<48 {
                let starts = [
                    [0, 0, 1], wide("key") + [1, 1], wide("elevenbytes") + [7], random.bytes(40).map { $0 | 1 } + [0, 0],
                ]
                for start in starts {
                    let before = start + [UInt8](repeating: offset % 2 == 0 ? 0 : 0xFF, count: offset) + [0xFF, 0xFF]
                    let found = try scanner.findings(in: before + wide(secret) + [0xFF, 0xFF, 0], path: "/srv/file")
                    #expect(found.map(\.offset) == [0] && found.first?.member == ["utf-16"], "\(isBig) \(before)")
                }
            }
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

    /// Limits that a test comes to fast.
    private static var lowLimits: ScanLimits {
        var limits = ScanLimits()
        limits.window = 1 << 18
        limits.overlap = 1 << 12
        limits.unpacked = 1 << 20
        limits.members = 200
        return limits
    }

    @Test(
        "What comes out of a bomb is counted, and the scan stops at the limit and says so",
        .enabled(
            if: ["python3", "gzip", "bzip2", "xz", "zstd"].allSatisfy { Shell.has($0) },
            "needs python3, gzip, bzip2, xz-utils, zstd"),
        arguments: [
            ("head -c 20000000 /dev/zero | gzip > bomb", "come out"), ("head -c 20000000 /dev/zero | bzip2 > bomb", "come out"),
            ("head -c 20000000 /dev/zero | xz > bomb", "come out"), ("head -c 20000000 /dev/zero | zstd -q > bomb", "come out"),
            ("head -c 20000000 /dev/zero | gzip | gzip > bomb", "come out"),
            ("head -c 20000000 /dev/zero > z; tar czf bomb z; rm z", "come out"),
            (
                "python3 -c \"import zipfile; z=zipfile.ZipFile('bomb','w',zipfile.ZIP_DEFLATED); [z.writestr(str(i), bytes(300000)) for i in range(40)]\"",
                "come out"
            ),
            (
                "python3 -c \"import zipfile; z=zipfile.ZipFile('bomb','w'); [z.writestr(str(i), 'x') for i in range(1000)]\"",
                "more than 200 members"
            ),
            (
                "python3 -c \"import tarfile; t=tarfile.open('bomb','w:gz'); [t.addfile(tarfile.TarInfo(str(i))) for i in range(1000)]\"",
                "more than 200 members"
            ),
            // Ten archives in each of ten in each of ten.
            (
                "printf x > a; for i in 1 2 3; do for j in 0 1 2 3 4 5 6 7 8 9; do cp a $j.x; done; python3 -m zipfile -c a ?.x; rm ?.x; done; mv a bomb",
                "more than 200 members"
            ),
            // Base64 of base64 of base64 …
            (
                "head -c 300000 /dev/zero | tr '\\0' 'q' > b; for i in 1 2 3 4 5 6; do base64 -w 0 b > c; mv c b; done; mv b bomb",
                "come out"
            ),
        ])
    func bombs(script: String, reason: String) throws {
        let scanner = try SecretScanner(key: [1], limits: Self.lowLimits)
        try withTemporaryFolder { folder in
            try Shell.run(script, in: folder)
            // What lies beside a bomb is found.
            try Files.overwriteNew("\(folder)/s", "token \(Self.token(8))\n")
            let start = ContinuousClock.now
            let report = try scanner.scan(folder: folder)
            #expect(ContinuousClock.now - start < .seconds(10))
            #expect(
                report.coverage.skipped.contains { $0.place.hasPrefix("/bomb") && $0.reason.contains(reason) },
                "\(report.coverage)")
            // A read beyond the limit is at most one block.
            #expect(report.coverage.memberBytes <= 2 << 20, "\(report.coverage.memberBytes)")
            #expect(report.findings.map(\.path) == ["/s"])
        }
    }

    @Test("A member that claims to be larger than all that is there is searched as far as it goes")
    func claimedSizes() throws {
        let scanner = try SecretScanner(key: [1], limits: Self.lowLimits)
        let secret = "token \(Self.token(9))\n"
        // newc, see cpio(5): a name of two bytes, a size of nearly 4 GiB.
        let fields = ["00000001", "000081a4", "00000000", "00000000", "00000001", "00000000", "fffffff0"]
        let header = "070701" + fields.joined() + String(repeating: "00000000", count: 4) + "00000002" + "00000000"
        let found = try scanner.findings(in: Array((header + "a\0" + secret).utf8), path: "/boot/initrd.img")
        #expect(found.contains { $0.rule == "github-personal-token" })
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
