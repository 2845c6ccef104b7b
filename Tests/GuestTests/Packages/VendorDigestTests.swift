import Guest
import ImageStore
import Model
import TestSupport
import Testing

@Suite struct VendorDigestTests {
    /// MD5 of "abc" (RFC 1321).
    private static let abc = "900150983cd24fb0d6963f7d28e17f72"

    private func tree() throws -> TreeEditor {
        let status = """
            Package: foo
            Status: install ok installed
            Architecture: all
            Version: 1
            Conffiles:
             /etc/foo.conf \(Self.abc)

            Package: diverter
            Status: install ok installed
            Architecture: all
            Version: 1

            """
        let view = try makeTree(
            [
                "/var/lib/dpkg/status": status,
                "/var/lib/dpkg/info/foo.md5sums":
                    "\(Self.abc)  bin/tool\n\(Self.abc)  bin/moved\nno line\n\(Self.abc)  ../../x\n",
                "/var/lib/dpkg/info/foo.list": "/.\n/bin\n/bin/tool\n/bin/moved\n/etc\n/etc/foo.conf\n",
                "/var/lib/dpkg/info/diverter.md5sums": "\(Self.abc)  bin/moved\n",
                "/var/lib/dpkg/diversions": "/bin/moved\n/bin/moved.old\ndiverter\n",
                "/usr/bin/tool": "abc", "/usr/bin/moved": "abc", "/usr/bin/moved.old": "abd", "/etc/foo.conf": "abcd",
            ], in: MemoryObjects())
        try view.put(Node(Metadata(mode: 0o777), .symlink(target: Array("usr/bin".utf8))), at: "/bin")
        return view
    }

    @Test("files are found behind the links in their folders, and where diversions put them")
    func places() throws {
        let view = try tree()
        let digests = try VendorDigests(in: view)
        #expect(digests["/usr/bin/tool"].map(\.package) == ["foo"])
        #expect(digests["/usr/bin/moved"].map(\.package) == ["diverter"])
        #expect(digests["/usr/bin/moved.old"].map(\.package) == ["foo"])
        #expect(digests["/etc/foo.conf"].map(\.isConfiguration) == [true])
        #expect(digests.count == 4)
        let owners = try FileOwners(in: view)
        #expect(owners["/usr/bin/tool"] == ["foo"] && owners["/usr/bin/moved.old"] == ["foo"])
    }

    @Test("several threads read of a stored tree what one reads of it, files of several packages in the same order")
    func shares() throws {
        let names = (0..<37).map { "p\($0)" }
        var files: [String: String] = [
            "/var/lib/dpkg/status": names.map {
                "Package: \($0)\nStatus: install ok installed\nArchitecture: all\nVersion: 1\n\n"
            }.joined()
        ]
        for name in names {
            files["/var/lib/dpkg/info/\(name).md5sums"] = "\(Self.abc)  usr/share/\(name)\n\(Self.abc)  usr/share/common\n"
        }
        let objects = MemoryObjects()
        let tree = try Tree(try makeTree(files, in: objects).finish(), in: objects)
        let digests = VendorDigests(try VendorShares(in: tree))
        let alone = try VendorDigests(in: tree as any TreeView)
        #expect(digests["/usr/share/common"].map(\.package) == names)
        #expect(digests.paths.count == 38 && digests.paths == alone.paths)
        #expect(digests.paths.allSatisfy { digests[$0] == alone[$0] })
        #expect(VendorFolders(digests) == VendorFolders(alone))
    }

    /// A stored tree with packages of which each recorded `files`.
    private func tree(ofPackages count: Int, _ files: (_ package: Int) -> String) throws -> Tree {
        var contents: [String: String] = [
            "/var/lib/dpkg/status": (0..<count).map {
                "Package: p\($0)\nStatus: install ok installed\nArchitecture: all\nVersion: 1\n\n"
            }.joined()
        ]
        for package in 0..<count { contents["/var/lib/dpkg/info/p\(package).md5sums"] = files(package) }
        let objects = MemoryObjects()
        return try Tree(try makeTree(contents, in: objects).finish(), in: objects)
    }

    @Test("a path with more folders, or longer, than a tree has is passed over, and what is beside it is read")
    func endlessPaths() throws {
        let deep = String(repeating: "a/", count: 40_000)
        let long = String(repeating: "b", count: 5000)
        let tree = try tree(ofPackages: 1) { _ in
            "\(Self.abc)  \(deep)x\n\(Self.abc)  usr/\(long)/x\n\(Self.abc)  usr/bin/tool\n"
        }
        #expect(VendorDigests(try VendorShares(in: tree)).paths == ["/usr/bin/tool"])
        #expect(try VendorDigests(in: tree as any TreeView).paths == ["/usr/bin/tool"])
    }

    @Test("folders whose paths have too many bytes, with those around them, are refused")
    func deepFolders() throws {
        let deep = String(repeating: "/" + String(repeating: "a", count: 14), count: 250)
        let tree = try tree(ofPackages: 1) { _ in (0..<150).map { "\(Self.abc)  d\($0)\(deep)/x\n" }.joined() }
        #expect(try failure { _ = try VendorDigests(in: tree as any TreeView) }.code == .exhausted)
    }

    @Test("the limits of records and of their bytes, folders with them, are those of an image, whichever threads read it")
    func budget() throws {
        let folder = String(repeating: "f", count: 200)
        let tree = try tree(ofPackages: 40) { package in
            (0..<5).map { "\(Self.abc)  \(folder)\(package)-\($0)/x\n" }.joined()
        }
        func code(records: Int, bytes: Int) throws -> Failure.Code {
            try failure { _ = try VendorShares(in: tree, within: VendorBudget(records: records, bytes: bytes)) }.code
        }
        #expect(try code(records: 199, bytes: 1 << 30) == .exhausted)
        // Names and digests have 6,600 bytes.
        #expect(try code(records: 100_000, bytes: 40_000) == .exhausted)
        #expect(VendorDigests(try VendorShares(in: tree, within: VendorBudget(records: 100_000, bytes: 1 << 24))).count == 200)
    }

    @Test("a file is original, changed or unknown")
    func standing() throws {
        let view = try tree()
        let digests = try VendorDigests(in: view)
        let known = ContentDigests()
        for (path, expected) in [
            ("/usr/bin/tool", VendorDigests.Standing.original(package: "foo")), ("/usr/bin/moved.old", .changed(package: "foo")),
            ("/etc/foo.conf", .changed(package: "foo")), ("/var/lib/dpkg/status", .unknown),
        ] as [(TreePath, VendorDigests.Standing)] {
            let content = try #require(try view.node(at: path)?.content)
            #expect(try digests.standing(of: path, content, in: view.objects, known: known) == expected, "\(path)")
        }
    }
}
