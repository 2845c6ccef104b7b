import Crypto
import ImageStore
import Model
import Platform
import Secrets
import Synchronization
import TestSupport
import Testing

/// What scans know of folders and pages in which nothing changed.
struct FolderCacheTests {
    /// One change of a tree, and what it does.
    private typealias Change = (title: String, make: (TreeEditor) throws -> Void)

    private static let (secret, other) = (CacheFixture.secret, CacheFixture.other)

    private static func md5(_ text: String) throws -> String { try CacheFixture.md5(text) }

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

    @Test("A folder in which nothing changed is not entered")
    func knownFolders() throws {
        try withTemporaryFolder { folder in
            let objects = MemoryObjects()
            let files = (0..<30).map { ("/srv/d\($0)/x.env", "DB_PASSWORD=hq82mznP4w\($0)\n") }
            let tree = try CacheFixture.tree(objects, files)
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
            _ = try SecretScanner(key: [1], cache: folder).scan(try CacheFixture.tree(objects, files))
            let changed = try CacheFixture.tree(objects, files + [("/srv/f200.env", "DB_PASSWORD=jq82mznP4x\n")])
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
            let tree = try CacheFixture.tree(objects, (0..<60).map { ("/srv/d\($0 % 20)/e\($0)/x.env", "a = \($0)\n") })
            guard case .directory(let digest)? = try tree.node(at: "/srv/d7")?.kind else { throw Failure(.bug, "no folder") }
            let damaged = CountingObjects(objects, missing: digest)
            let failure = #expect(throws: Failure.self) {
                try SecretScanner(key: [1], cache: folder).scan(try Tree(tree.root, in: damaged))
            }
            #expect(failure?.message == "\(digest) is missing")
        }
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
