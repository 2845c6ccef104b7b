import Crypto
import ImageStore
import Model
import Platform
import Secrets
import Synchronization
import TestSupport
import Testing

struct CacheTests {
    private static func tree(_ objects: MemoryObjects, _ files: [(String, String)]) throws -> Tree {
        let editor = try TreeEditor(root: nil, in: objects, date: 0)
        for (path, text) in files {
            let path = try TreePath(parsing: path)
            try editor.makeDirectory(path.parent)
            try editor.write(text, to: path)
        }
        return try Tree(try editor.finish(), in: objects)
    }

    @Test("A second scan reads only what is new, and finds the same")
    func secondScan() throws {
        try withTemporaryFolder { folder in
            let objects = MemoryObjects()
            let files =
                (0..<50).map { ("/srv/app/file\($0).conf", "name = file\($0)\n") } + [
                    ("/srv/app/a.env", "DB_PASSWORD=hq82mznP4w\n")
                ]
            let key = try SecretScanner.key(in: folder, TestEnvironment().environment)
            let first = try SecretScanner(key: key, cache: folder).scan(try Self.tree(objects, files))
            #expect(first.findings.map(\.path) == ["/srv/app/a.env"] && first.coverage.cachedFiles == 0)
            let more = files + [("/srv/app/b.env", "DB_PASSWORD=jq82mznP4x\n")]
            let second = try SecretScanner(key: key, cache: folder).scan(try Self.tree(objects, more))
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
            let plain = try scanner.scan(try Self.tree(objects, [("/srv/notes", text)]))
            let named = try scanner.scan(try Self.tree(objects, [("/srv/notes", text), ("/root/.netrc", text)]))
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
                _ = try scanner.scan(try Self.tree(objects, [(from, text)]))
                return try scanner.scan(try Self.tree(objects, [(to, text)])).coverage.cachedFiles
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
            let tree = try Self.tree(objects, [("/srv/app/a.env", "DB_PASSWORD=hq82mznP4w\n")])
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
            let tree = try Self.tree(objects, [("/srv/app/a.env", Self.secret)])
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

    @Test("A file that is what its package recorded is passed over; one byte more, and it is searched")
    func vendorFiles() throws {
        let objects = MemoryObjects()
        let text = "DB_PASSWORD=hq82mznP4w\n"
        // md5sum of the text above.
        let status =
            "Package: app\nStatus: install ok installed\nArchitecture: all\nVersion: 1\nMaintainer: a\nDescription: a\n\n"
        let sums = "\(try Self.md5(text))  srv/app/a.env\n"
        let database = [
            ("/var/lib/dpkg/status", status), ("/var/lib/dpkg/info/app.md5sums", sums),
            ("/var/lib/dpkg/info/app.list", "/.\n/srv/app/a.env\n"),
        ]
        let scanner = try SecretScanner(key: [1])
        let original = try scanner.scan(try Self.tree(objects, database + [("/srv/app/a.env", text)]))
        #expect(original.findings.isEmpty && original.coverage.vendorFiles == 1)
        let changed = try scanner.scan(try Self.tree(objects, database + [("/srv/app/a.env", text + "#\n")]))
        #expect(changed.findings.map(\.path) == ["/srv/app/a.env"] && changed.coverage.vendorFiles == 0)
    }

    /// One change of a tree, and what it does.
    private typealias Change = (title: String, make: (TreeEditor) throws -> Void)

    private static let secret = "DB_PASSWORD=hq82mznP4w\n"
    private static let other = "DB_PASSWORD=jq82mznP4x\n"

    private static func start(_ editor: TreeEditor) throws {
        let status =
            "Package: app\nStatus: install ok installed\nArchitecture: all\nVersion: 1\nMaintainer: a\nDescription: a\n\n"
        for (path, text) in [
            ("/var/lib/dpkg/status", status), ("/var/lib/dpkg/info/app.md5sums", "\(try md5(secret))  opt/app/a.env\n"),
            ("/opt/app/a.env", secret), ("/opt/app/b.env", other), ("/srv/one/plain/x.conf", "a = 1\n"),
            ("/srv/one/secret/y.env", secret), ("/srv/word/db", "hq82mznP4wLq\n"),
            ("/srv/one/link-of", "machine a login b password hq82mznP4w\n"),
        ] {
            let path = try TreePath(parsing: path)
            try editor.makeDirectory(path.parent)
            try editor.write(text, to: path)
        }
        // What cannot be looked into is named each time.
        try editor.write([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1], to: "/srv/one/plain/cut.gz")
        // Stored in pages.
        for number in 0..<100 {
            let inner = try TreePath(parsing: "/srv/large/d\(number)")
            try editor.makeDirectory(inner)
            try editor.write(number % 7 == 0 ? secret : "a = \(number)\n", to: inner.appending(try #require(Name("x.env"))))
            try editor.write(number % 9 == 0 ? other : "a = \(number)\n", to: try TreePath(parsing: "/srv/large/f\(number).env"))
        }
    }

    private static var changes: [Change] {
        [
            ("nothing", { _ in }),
            ("a file of a large folder is changed", { try $0.write(secret, to: "/srv/large/f50.env") }),
            ("a file in a folder of a large one is changed", { try $0.write(other, to: "/srv/large/d50/x.env") }),
            ("a file is added to a large folder", { try $0.write(other, to: "/srv/large/f50-new.env") }),
            (
                "a package records files of a large folder",
                {
                    try $0.write(
                        "\(try md5(secret))  opt/app/a.env\n\(try md5(other))  srv/large/f9.env\n\(try md5(secret))  srv/large/d14/x.env\n",
                        to: "/var/lib/dpkg/info/app.md5sums")
                }
            ),
            (
                "a package records other digests of them",
                {
                    try $0.write(
                        "\(try md5(secret))  opt/app/a.env\n\(try md5(secret))  srv/large/f9.env\n\(try md5(other))  srv/large/d14/x.env\n",
                        to: "/var/lib/dpkg/info/app.md5sums")
                }
            ),
            ("a large folder is moved", { try move("/srv/large", "/opt/large", $0) }),
            ("a file is changed", { try $0.write(other, to: "/srv/one/secret/y.env") }),
            ("a file is changed back", { try $0.write(secret, to: "/srv/one/secret/y.env") }),
            (
                "a folder is moved",
                {
                    try $0.makeDirectory("/home/a")
                    try move("/srv/one", "/home/a/one", $0)
                }
            ),
            (
                "a folder is moved to where a parser looks",
                {
                    try $0.makeDirectory("/run")
                    try move("/srv/word", "/run/secrets", $0)
                }
            ),
            (
                "a mode is changed",
                {
                    guard var node = try $0.node(at: "/opt/app/b.env") else { return }
                    node.metadata.mode = 0o600
                    try $0.put(node, at: "/opt/app/b.env")
                }
            ),
            (
                "a package records a file",
                {
                    try $0.write(
                        "\(try md5(secret))  opt/app/a.env\n\(try md5(other))  opt/app/b.env\n",
                        to: "/var/lib/dpkg/info/app.md5sums")
                }
            ),
            (
                "a package records another digest",
                {
                    try $0.write(
                        "\(try md5(other))  opt/app/a.env\n\(try md5(other))  opt/app/b.env\n",
                        to: "/var/lib/dpkg/info/app.md5sums")
                }
            ),
            (
                "a package records a file that a scan looked into",
                { try $0.write("\(try md5(secret))  home/a/one/secret/y.env\n", to: "/var/lib/dpkg/info/app.md5sums") }
            ),
            ("no package records anything", { try $0.write("\n", to: "/var/lib/dpkg/info/app.md5sums") }),
            (
                "a file gets another name that a parser knows",
                { try $0.put(try hardLink("/home/a/one/link-of", $0), at: "/home/a/one/secret/.netrc") }
            ),
            (
                "the file behind that name is changed",
                { try $0.write("machine a login b password jq82mznP4x\n", to: "/home/a/one/link-of") }
            ),
            (
                "an attribute is set",
                {
                    guard var node = try $0.node(at: "/home/a/one/plain/x.conf") else { return }
                    node.metadata.attributes = [Metadata.Attribute(name: Array("user.env".utf8), value: Array(secret.utf8))]
                    try $0.put(node, at: "/home/a/one/plain/x.conf")
                }
            ),
            ("a folder goes", { _ = try $0.remove("/home/a/one/secret") }),
        ]
    }

    private static func move(_ old: TreePath, _ new: TreePath, _ editor: TreeEditor) throws {
        try editor.put(try #require(try editor.node(at: old)), at: new)
        _ = try editor.remove(old)
    }

    private static func hardLink(_ file: TreePath, _ editor: TreeEditor) throws -> Node {
        Node(try #require(try editor.node(at: file)).metadata, .hardLink(file))
    }

    @Test("What is known of files and folders gives what a scan from nothing gives, whatever changed")
    func knownAsUnknown() throws {
        try withTemporaryFolder { folder in
            let objects = MemoryObjects()
            let fresh = try SecretScanner(key: [1])
            let editor = try TreeEditor(root: nil, in: objects, date: 0)
            try Self.start(editor)
            var seen: Set<[SecretFinding]> = []
            let allowances = [SecretAllowance(path: "/opt/**", rule: "assigned-password", reason: "a test")]
            for (title, make) in Self.changes {
                try make(editor)
                let tree = try Tree(try editor.finish(), in: objects)
                for allowed in [[], allowances] {
                    let known = try SecretScanner(key: [1], cache: folder).scan(tree, allowing: allowed)
                    let unknown = try fresh.scan(tree, allowing: allowed)
                    #expect(known.findings == unknown.findings && known.allowed == unknown.allowed, "\(title)")
                    var coverage = known.coverage
                    (coverage.cachedFiles, coverage.cachedBytes) = (0, 0)
                    #expect(coverage == unknown.coverage, "\(title)")
                    if allowed.isEmpty { seen.insert(known.findings) }
                }
                let again = try SecretScanner(key: [1], cache: folder).scan(tree)
                #expect(again.coverage.cachedFiles == again.coverage.files, "\(title)")
            }
            // The changes are ones that matter.
            #expect(seen.count >= 15)
        }
    }

    @Test("Of two files with the same bytes, one its package's and one nobody's, both are known to the next scan")
    func sameBytes() throws {
        try withTemporaryFolder { folder in
            let objects = MemoryObjects()
            let status = "Package: app\nStatus: install ok installed\nArchitecture: all\nVersion: 1\n\n"
            let files = [
                ("/var/lib/dpkg/status", status),
                ("/var/lib/dpkg/info/app.md5sums", "\(try Self.md5(Self.secret))  opt/app/a.env\n"),
                ("/opt/app/a.env", Self.secret), ("/srv/a.env", Self.secret),
            ]
            for version in 1...3 {
                let changed = ["/opt/app/b.conf", "/srv/b.conf"].map { ($0, "version = \(version)\n") }
                let report = try SecretScanner(key: [1], cache: folder).scan(try Self.tree(objects, files + changed))
                #expect(report.findings.map(\.path) == ["/srv/a.env"] && report.coverage.vendorFiles == 1)
                #expect(report.coverage.cachedFiles == (version == 1 ? 0 : files.count), "\(version)")
            }
        }
    }

    @Test("A folder in which nothing changed is not entered")
    func knownFolders() throws {
        try withTemporaryFolder { folder in
            let objects = MemoryObjects()
            let files = (0..<30).map { ("/srv/d\($0)/x.env", "DB_PASSWORD=hq82mznP4w\($0)\n") }
            let tree = try Self.tree(objects, files)
            let first = try SecretScanner(key: [1], cache: folder).scan(tree)
            let counting = CountingObjects(objects)
            let second = try SecretScanner(key: [1], cache: folder).scan(try Tree(tree.root, in: counting))
            #expect(second.findings == first.findings && first.findings.count == 30 && second.coverage.cachedFiles == 30)
            // The root's object, and what looking for package databases reads.
            #expect(counting.count <= 4)
        }
    }

    @Test("Of a large folder only the page in which something changed is entered")
    func knownPages() throws {
        try withTemporaryFolder { folder in
            let objects = MemoryObjects()
            let files = (0..<400).map { ("/srv/f\($0).env", "DB_PASSWORD=hq82mznP4w\($0)\n") }
            _ = try SecretScanner(key: [1], cache: folder).scan(try Self.tree(objects, files))
            let changed = try Self.tree(objects, files + [("/srv/f200.env", "DB_PASSWORD=jq82mznP4x\n")])
            let counting = CountingObjects(objects)
            let second = try SecretScanner(key: [1], cache: folder).scan(try Tree(changed.root, in: counting))
            #expect(second.findings.count == 400 && second.coverage.cachedFiles == 399)
            // The root, the folder above, the list of pages, one page, the file; and what looking for package databases reads.
            #expect(counting.count <= 9)
        }
    }

    @Test("A folder that cannot be read ends a scan with an error, whatever other threads do meanwhile")
    func unreadableFolder() throws {
        try withTemporaryFolder { folder in
            let objects = MemoryObjects()
            let tree = try Self.tree(objects, (0..<60).map { ("/srv/d\($0 % 20)/e\($0)/x.env", "a = \($0)\n") })
            guard case .directory(let digest)? = try tree.node(at: "/srv/d7")?.kind else { throw Failure(.bug, "no folder") }
            let damaged = CountingObjects(objects, missing: digest)
            let failure = #expect(throws: Failure.self) {
                try SecretScanner(key: [1], cache: folder).scan(try Tree(tree.root, in: damaged))
            }
            #expect(failure?.message == "\(digest) is missing")
        }
    }

    private static func md5(_ text: String) throws -> String {
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

/// Counts what is read of other objects, of which one may be missing.
private final class CountingObjects: ObjectReader {
    private let objects: MemoryObjects
    private let reads = Mutex(0)
    /// One that cannot be read.
    private let missing: Digest?

    init(_ objects: MemoryObjects, missing: Digest? = nil) { (self.objects, self.missing) = (objects, missing) }

    var count: Int { reads.withLock { $0 } }

    func object(_ digest: Digest) throws(Failure) -> [UInt8] {
        reads.withLock { $0 += 1 }
        if digest == missing { throw Failure(.corrupt, "\(digest) is missing") }
        return try objects.object(digest)
    }

    func contains(_ digest: Digest) -> Bool { objects.contains(digest) }
}
