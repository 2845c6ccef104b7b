import Guest
import ImageStore
import Model
import Platform
import TestSupport
import Testing

@Suite struct PackageChangelogTests {
    private static let text = """
        openssl (3.0.15-1~deb12u1) bookworm; urgency=medium

          * New upstream version
            - CVE-2024-5535 (a buffer
              overread).
          * Fix CVE-2024-9143.

         -- Somebody <a@example.org>  Mon, 01 Jan 2024 00:00:00 +0000

        openssl (3.0.14-1~deb12u2) bookworm-security; urgency=high

          [ Somebody ]
          * CVE-2023-0001 and CVE-2023-0001, not CVE-20-1 or CVE-2023-x

         -- Somebody <a@example.org>  Sun, 31 Dec 2023 00:00:00 +0000

        openssl (3.0.13-1) unstable; urgency=low

          * CVE-2022-0001
        """

    private func changelog(from old: String, to new: String, compressed bytes: [UInt8]) throws -> PackageChangelog? {
        let editor = try TreeEditor(root: nil, in: MemoryObjects())
        try editor.makeDirectory("/usr/share/doc/openssl")
        try editor.write(bytes, to: "/usr/share/doc/openssl/changelog.Debian.gz")
        return try PackageChangelog(of: "openssl", from: old, to: new, in: editor)
    }

    private func gzip(_ text: String) throws -> [UInt8] {
        try withTemporaryFolder { folder in
            try Files.writeDurably("\(folder)/a", Array(text.utf8))
            try Shell.run("gzip a", in: folder)
            return try Files.read("\(folder)/a.gz")
        }
    }

    @Test("the entries above the old version up to the new one are read, with their CVE ids and a headline")
    func entries() throws {
        let log = try #require(try changelog(from: "3.0.13-1", to: "3.0.15-1~deb12u1", compressed: try gzip(Self.text)))
        #expect(log.entries.map(\.version) == ["3.0.15-1~deb12u1", "3.0.14-1~deb12u2"])
        #expect(log.entries.map(\.urgency) == ["medium", "high"])
        #expect(log.vulnerabilities == ["CVE-2023-0001", "CVE-2024-5535", "CVE-2024-9143"])
        #expect(log.headline == "New upstream version")
        let last = try #require(try changelog(from: "3.0.14-1~deb12u2", to: "3.0.15-1~deb12u1", compressed: try gzip(Self.text)))
        #expect(last.vulnerabilities == ["CVE-2024-5535", "CVE-2024-9143"])
    }

    @Test("the entries before the first one that is not newer are read, however a line is set")
    func above() {
        let log = PackageChangelog(Array(Self.text.utf8), above: "3.0.13-1")
        #expect(log.entries.map(\.version) == ["3.0.15-1~deb12u1", "3.0.14-1~deb12u2"])
        #expect(log.vulnerabilities == ["CVE-2023-0001", "CVE-2024-5535", "CVE-2024-9143"])
        #expect(PackageChangelog(Array(Self.text.utf8), above: "3.0.15-1~deb12u1").entries.isEmpty)
        let plain = "a (2) x; urgency=low\n\n  Closes CVE-2025-12345678 and CVE-2025-1234s.\n"
        #expect(PackageChangelog(Array(plain.utf8), above: "1").vulnerabilities == ["CVE-2025-1234"])
    }

    @Test("a changelog that is cut off or damaged says what can be read of it, or nothing")
    func damaged() throws {
        let bytes = try gzip(Self.text)
        for count in 0..<bytes.count {
            let log = try changelog(from: "3.0.13-1", to: "3.0.15-1~deb12u1", compressed: Array(bytes.prefix(count)))
            #expect(log.map { $0.entries.count <= 2 } ?? true)
        }
        #expect(try PackageChangelog(of: "../x", from: "1", to: "2", in: TreeEditor(root: nil, in: MemoryObjects())) == nil)
    }

    @Test("a stream that grows without end is read as far as the limit")
    func bomb() throws {
        let bytes = try withTemporaryFolder { folder in
            try Shell.run("head -c 64M /dev/zero | gzip -9 > z", in: folder)
            return try Files.read("\(folder)/z")
        }
        #expect(try changelog(from: "1", to: "2", compressed: bytes)?.entries.isEmpty ?? true)
    }
}
