import Crypto
import ImageStore
import Model
import Platform
import Secrets
import Synchronization
import TestSupport
import Testing

struct CacheTests {
    @Test("A second scan reads only what is new, and finds the same")
    func secondScan() throws {
        try withTemporaryFolder { folder in
            let objects = MemoryObjects()
            let files =
                (0..<50).map { ("/srv/app/file\($0).conf", "name = file\($0)\n") } + [
                    ("/srv/app/a.env", "DB_PASSWORD=hq82mznP4w\n")
                ]
            let key = try SecretScanner.key(in: folder, TestEnvironment().environment)
            let first = try SecretScanner(key: key, cache: folder).scan(try CacheFixture.tree(objects, files))
            #expect(first.findings.map(\.path) == ["/srv/app/a.env"] && first.coverage.cachedFiles == 0)
            let more = files + [("/srv/app/b.env", "DB_PASSWORD=jq82mznP4x\n")]
            let second = try SecretScanner(key: key, cache: folder).scan(try CacheFixture.tree(objects, more))
            #expect(second.findings.map(\.path) == ["/srv/app/a.env", "/srv/app/b.env"])
            #expect(second.findings[0] == first.findings[0])
            #expect(second.coverage.cachedFiles == 51)
        }
    }

    @Test("Scans that come first at once use one key, which only its owner may read")
    func oneKey() throws {
        try withTemporaryFolder { folder in
            let keys = Mutex<[[UInt8]]>([])
            Threads.concurrently(8) { _ in
                let key = try? SecretScanner.key(in: folder, .system())
                keys.withLock { $0.append(key ?? []) }
            }
            let all = keys.withLock { $0 }
            #expect(Set(all).count == 1 && all[0].count == SecretScanner.keySize && all.count == 8)
            #expect(Files.names(in: folder) == ["findings.key"])
            #expect(try Files.status("\(folder)/findings.key").mode & 0o777 == 0o600)
            try Files.setMode(bytes: Array("\(folder)/findings.key".utf8), 0o640)
            let refusal = #expect(throws: Failure.self) { try SecretScanner.key(in: folder, .system()) }
            #expect(refusal?.code == .denied)
        }
    }

    @Test("One content under two names is searched under both, since parsers go by name")
    func namesCount() throws {
        try withTemporaryFolder { folder in
            let objects = MemoryObjects()
            let text = "machine git.corp login a password hq82mznP4w\n"
            let scanner = try SecretScanner(key: [1], cache: folder)
            let plain = try scanner.scan(try CacheFixture.tree(objects, [("/srv/notes", text)]))
            let named = try scanner.scan(try CacheFixture.tree(objects, [("/srv/notes", text), ("/root/.netrc", text)]))
            #expect(plain.findings.isEmpty)
            #expect(named.findings.map(\.path) == ["/root/.netrc"])
        }
    }

    @Test("A file that moved is known where its name means the same, and searched anew where a parser looks at its name")
    func movedFiles() throws {
        try withTemporaryFolder { folder in
            let objects = MemoryObjects()
            let scanner = try SecretScanner(key: [1], cache: folder)
            func known(_ text: String, _ from: String, _ to: String) throws -> Int {
                _ = try scanner.scan(try CacheFixture.tree(objects, [(from, text)]))
                return try scanner.scan(try CacheFixture.tree(objects, [(to, text)])).coverage.cachedFiles
            }
            #expect(try known("a\n", "/srv/a.conf", "/opt/b.conf") == 1)
            #expect(try known("b\n", "/srv/a.conf", "/opt/b.py") == 0)
            #expect(try known("c\n", "/srv/a.conf.gz", "/opt/b.py.gz") == 0)
            #expect(try known("d\n", "/root/.vnc/passwd", "/root/vncpasswd") == 0)
            #expect(try known("e\n", "/etc/my.cnf", "/home/a/.MY.cnf.bak") == 0)
            #expect(try known("f\n", "/etc/my.cnf", "/home/a/my.cnf") == 1)
        }
    }

    @Test("A damaged or foreign cache costs time and nothing else")
    func damagedCache() throws {
        try withTemporaryFolder { folder in
            let objects = MemoryObjects()
            let tree = try CacheFixture.tree(objects, [("/srv/app/a.env", "DB_PASSWORD=hq82mznP4w\n")])
            let first = try SecretScanner(key: [1], cache: folder).scan(tree)
            for name in Files.names(in: folder) {
                var bytes = try Files.read("\(folder)/\(name)")
                bytes[bytes.count / 2] ^= 0x55
                try Files.writeDurably("\(folder)/\(name)", bytes)
            }
            let second = try SecretScanner(key: [1], cache: folder).scan(tree)
            #expect(second.findings == first.findings && second.coverage.cachedFiles == 0)
            let other = try SecretScanner(key: [2], cache: folder).scan(tree)
            #expect(other.coverage.cachedFiles == 0 && other.findings.count == 1)
        }
    }

    @Test("A body of the cache that is cut off anywhere is as good as none, though the digest of the file fits")
    func cutBodies() throws {
        try withTemporaryFolder { folder in
            let objects = MemoryObjects()
            let tree = try CacheFixture.tree(objects, [("/srv/app/a.env", CacheFixture.secret)])
            let first = try SecretScanner(key: [1], cache: folder).scan(tree)
            let path = "\(folder)/\(try #require(Files.names(in: folder).first { $0.hasPrefix("results-") }))"
            let whole = try Files.read(path)
            let (head, row) = (Array("ingot secret cache 4\n".utf8).count + 8, 48)
            let count = Int(whole[head - 1])
            var cuts = 0
            for index in 0..<count {
                let end = head + (index + 1) * row
                let length = whole[(end - 3)..<end].reduce(0) { $0 << 8 | Int($1) }
                for shorter in 0..<length {
                    var bytes = Array(whole.dropLast(Digest.byteCount))
                    bytes.replaceSubrange((end - 3)..<end, with: [16, 8, 0].map { UInt8(truncatingIfNeeded: shorter >> $0) })
                    SHA256.digest(of: bytes).append(to: &bytes)
                    try Files.writeDurably(path, bytes)
                    let second = try SecretScanner(key: [1], cache: folder).scan(tree)
                    #expect(second.findings == first.findings && first.findings.count == 1, "\(index) \(shorter)")
                    cuts += 1
                }
            }
            #expect(count >= 3 && cuts > 200)
        }
    }

    @Test("A cache that would become too large begins anew with what the last scan found")
    func fullCache() throws {
        try withTemporaryFolder { folder in
            let objects = MemoryObjects()
            var limits = ScanLimits()
            limits.results = 40_000
            let scanner = try SecretScanner(key: [1], cache: folder, limits: limits)
            for round in 0..<4 {
                let tree = try CacheFixture.tree(
                    objects, (0..<60).map { ("/srv/r\(round)/f\($0).env", "DB_PASSWORD=hq82mznP\(round)w\($0)\n") })
                let first = try scanner.scan(tree)
                #expect(first.findings.count == 60 && first.coverage.cachedFiles == 0)
                #expect(try scanner.scan(tree).coverage.cachedFiles == 60, "\(round)")
                let name = try #require(Files.names(in: folder).first { $0.hasPrefix("results-") })
                let size = try Files.read("\(folder)/\(name)").count
                #expect(size > 10_000 && size <= limits.results, "\(round)")
            }
        }
    }

    @Test("Of more contents that were not looked into than a report names, the first by place are named, whatever was known")
    func manySkips() throws {
        try withTemporaryFolder { folder in
            let objects = MemoryObjects()
            let editor = try TreeEditor(root: nil, in: objects, date: 0)
            let names = (0..<2500).map { "/srv/d\($0 % 25)/f\($0).gz" }
            for index in 0..<25 { try editor.makeDirectory(try TreePath(parsing: "/srv/d\(index)")) }
            for name in names { try editor.write([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1], to: try TreePath(parsing: name)) }
            let tree = try Tree(try editor.finish(), in: objects)
            let scanner = try SecretScanner(key: [1], cache: folder)
            for round in 0..<2 {
                let coverage = try scanner.scan(tree).coverage
                #expect(coverage.skippedCount == 2500 && coverage.cachedFiles == (round == 0 ? 0 : 2500))
                #expect(coverage.skipped.map(\.place) == Array(names.sorted().prefix(SecretScanner.maximumSkips)))
            }
        }
    }

    @Test("A file that is what its package recorded is passed over; one byte more, and it is searched")
    func vendorFiles() throws {
        let objects = MemoryObjects()
        let text = "DB_PASSWORD=hq82mznP4w\n"
        // md5sum of the text above.
        let status =
            "Package: app\nStatus: install ok installed\nArchitecture: all\nVersion: 1\nMaintainer: a\nDescription: a\n\n"
        let sums = "\(try CacheFixture.md5(text))  srv/app/a.env\n"
        let database = [
            ("/var/lib/dpkg/status", status), ("/var/lib/dpkg/info/app.md5sums", sums),
            ("/var/lib/dpkg/info/app.list", "/.\n/srv/app/a.env\n"),
        ]
        let scanner = try SecretScanner(key: [1])
        let original = try scanner.scan(try CacheFixture.tree(objects, database + [("/srv/app/a.env", text)]))
        #expect(original.findings.isEmpty && original.coverage.vendorFiles == 1)
        let changed = try scanner.scan(try CacheFixture.tree(objects, database + [("/srv/app/a.env", text + "#\n")]))
        #expect(changed.findings.map(\.path) == ["/srv/app/a.env"] && changed.coverage.vendorFiles == 0)
    }

    @Test("Of two files with the same bytes, one its package's and one nobody's, both are known to the next scan")
    func sameBytes() throws {
        try withTemporaryFolder { folder in
            let objects = MemoryObjects()
            let status = "Package: app\nStatus: install ok installed\nArchitecture: all\nVersion: 1\n\n"
            let files = [
                ("/var/lib/dpkg/status", status),
                ("/var/lib/dpkg/info/app.md5sums", "\(try CacheFixture.md5(CacheFixture.secret))  opt/app/a.env\n"),
                ("/opt/app/a.env", CacheFixture.secret), ("/srv/a.env", CacheFixture.secret),
            ]
            for version in 1...3 {
                let changed = ["/opt/app/b.conf", "/srv/b.conf"].map { ($0, "version = \(version)\n") }
                let report = try SecretScanner(key: [1], cache: folder).scan(try CacheFixture.tree(objects, files + changed))
                #expect(report.findings.map(\.path) == ["/srv/a.env"] && report.coverage.vendorFiles == 1)
                #expect(report.coverage.cachedFiles == (version == 1 ? 0 : files.count), "\(version)")
            }
        }
    }
}

/// What tests of the cache share.
enum CacheFixture {
    static let secret = "DB_PASSWORD=hq82mznP4w\n"
    static let other = "DB_PASSWORD=jq82mznP4x\n"

    static func tree(_ objects: MemoryObjects, _ files: [(String, String)]) throws -> Tree {
        let editor = try TreeEditor(root: nil, in: objects, date: 0)
        for (path, text) in files {
            let path = try TreePath(parsing: path)
            try editor.makeDirectory(path.parent)
            try editor.write(text, to: path)
        }
        return try Tree(try editor.finish(), in: objects)
    }

    static func md5(_ text: String) throws -> String {
        try withTemporaryFolder { folder in
            try Files.overwriteNew("\(folder)/f", text)
            return String(try Shell.run("md5sum f", in: folder).prefix(32))
        }
    }
}

extension Files {
    /// Writes a new file.
    static func overwriteNew(_ path: String, _ text: String) throws {
        try FileDescriptor.open(path, .create).write(Array(text.utf8))
    }
}
