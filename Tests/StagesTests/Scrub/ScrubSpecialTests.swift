import Guest
import ImageStore
import Model
import TestSupport
import Testing

/// Homes, links, hostile bytes and the operations that are code.
@Suite struct ScrubSpecialTests {
    private func entry(_ id: String, _ report: ScrubReport) throws -> ScrubReport.Operation {
        try #require(report.operations.first { $0.id == id })
    }

    private func addAccount(_ line: String, _ fixture: ScrubFixture) throws {
        try fixture.write("/etc/passwd", try #require(try fixture.text("/etc/passwd")) + line + "\n")
    }

    // MARK: Homes

    @Test("homes come from passwd, not from /home alone", arguments: ["/srv/people/bob", "/var/lib/app", "/opt/bob/"])
    func homesFromPasswd(_ home: String) throws {
        let fixture = try ScrubFixture()
        try addAccount("bob:x:1001:1001::\(home):/bin/sh", fixture)
        try fixture.write("\(home)/.netrc", "machine example.com")
        try fixture.scrub()
        #expect(try !fixture.has("\(home)/.netrc"))
    }

    @Test("folders of /home without an account, and /etc/skel, are homes too")
    func homesWithoutAccounts() throws {
        let fixture = try ScrubFixture()
        try fixture.write("/home/gone/.netrc", "machine example.com")
        try fixture.write("/etc/skel/.netrc", "machine example.com")
        try fixture.scrub()
        #expect(try !fixture.has("/home/gone/.netrc") && !fixture.has("/etc/skel/.netrc"))
    }

    @Test("a home that is a link is scrubbed where it leads")
    func symlinkedHome() throws {
        let fixture = try ScrubFixture()
        try addAccount("bob:x:1001:1001::/home/bob:/bin/sh", fixture)
        try fixture.link("/home/bob", "/data/bob")
        try fixture.write("/data/bob/.pgpass", "db:5432:*:bob:example")
        #expect(try fixture.findings().contains { $0.message.contains("/data/bob/.pgpass") })
        try fixture.scrub()
        #expect(try !fixture.has("/data/bob/.pgpass"))
        #expect(try fixture.findings() == [])
    }

    @Test("a home that leads out of the image is told and touches nothing")
    func homeLeadsOut() throws {
        let fixture = try ScrubFixture()
        try addAccount("bob:x:1001:1001::/home/bob:/bin/sh", fixture)
        try fixture.link("/home/bob", "../../../../root")
        try fixture.write("/root/keep.txt", "stays")
        let report = try fixture.scrub()
        #expect(report.warnings.contains { $0.contains("leads out of the image's root") })
        #expect(try fixture.has("/root/keep.txt") && fixture.has("/home/bob"))
    }

    @Test("a link in a home that leads to a secret elsewhere fails, and removes nothing there")
    func linkOutOfHome() throws {
        let fixture = try ScrubFixture()
        try fixture.link("/home/alice/.ssh", "/data/keys")
        try fixture.write("/data/keys/id_rsa", "not a key")
        let report = try fixture.scrub()
        #expect(try entry("ssh-user-keys", report).status == .failed)
        #expect(try entry("ssh-user-keys", report).reason?.contains("/home/alice/.ssh") == true)
        #expect(try fixture.has("/data/keys/id_rsa"))
    }

    @Test("a link inside of a home is followed")
    func linkInsideHome() throws {
        let fixture = try ScrubFixture()
        try fixture.link("/home/alice/.ssh", "dotfiles/ssh")
        try fixture.write("/home/alice/dotfiles/ssh/id_rsa", "not a key")
        let report = try fixture.scrub()
        #expect(try entry("ssh-user-keys", report).status == .done)
        #expect(try !fixture.has("/home/alice/dotfiles/ssh/id_rsa"))
    }

    @Test("a secret that is a link to a file elsewhere fails: the file would stay")
    func secretBehindLink() throws {
        let fixture = try ScrubFixture()
        try fixture.link("/home/alice/.netrc", "/srv/shared-netrc")
        try fixture.write("/srv/shared-netrc", "machine example.com")
        #expect(try entry("network-credentials", try fixture.scrub()).status == .failed)
        #expect(try fixture.has("/srv/shared-netrc"))
    }

    // MARK: Hard links and names

    @Test("a hard-linked secret goes under all its names")
    func hardLinkedSecret() throws {
        let fixture = try ScrubFixture()
        try fixture.write("/home/alice/.netrc", "machine example.com")
        try fixture.hardLink("/srv/copy", to: "/home/alice/.netrc")
        try fixture.hardLink("/a-first-name", to: "/home/alice/.netrc")
        _ = try fixture.editor.finish()
        let report = try fixture.scrub()
        for path in ["/home/alice/.netrc", "/srv/copy", "/a-first-name"] { #expect(try !fixture.has(path), "\(path)") }
        #expect(try entry("network-credentials", report).removed.count == 3)
        _ = try fixture.editor.finish()
    }

    @Test("what is no secret goes under the name that was found, and the file lives on under the others")
    func hardLinkedCache() throws {
        let fixture = try ScrubFixture()
        try fixture.write("/home/alice/.cache/tool", "program")
        try fixture.hardLink("/usr/bin/tool", to: "/home/alice/.cache/tool")
        _ = try fixture.editor.finish()
        try fixture.scrub()
        #expect(try fixture.text("/usr/bin/tool") == "program")
        #expect(try !fixture.has("/home/alice/.cache"))
    }

    @Test("names that are no UTF-8 are removed, and the report gives their bytes back")
    func namesWithoutEncoding() throws {
        let fixture = try ScrubFixture()
        let name = try #require(Name(Array("id_".utf8) + [0xFF, 0x0A, 0x5C]))
        let folder: TreePath = "/home/alice/.ssh"
        try fixture.write(folder.appending(name), Array("not a key".utf8))
        let report = try fixture.scrub()
        #expect(try fixture.editor.node(at: folder.appending(name)) == nil)
        #expect(try entry("ssh-user-keys", report).removed.map(\.path) == ["/home/alice/.ssh/id_\\xff\\x0a\\x5c"])
    }

    // MARK: Accounts

    @Test("malformed lines of shadow stay, byte for byte, and hashes next to them go")
    func malformedShadow() throws {
        let fixture = try ScrubFixture()
        let strange: [UInt8] = [0xFF, 0xFE] + Array("no record\n# note:$6$x\n+nis:x:\n\n".utf8)
        let hashes = "alice:$6$salt$hash\nbob:!$y$hash:1\ncarol::1\n".utf8
        try fixture.write("/etc/shadow", strange + hashes + Array("dave:*LK*:1".utf8), mode: 0o640)
        let report = try fixture.scrub()
        #expect(try fixture.editor.read("/etc/shadow") == strange + Array("alice:!\nbob:!:1\ncarol:!:1\ndave:*LK*:1".utf8))
        #expect(try fixture.editor.node(at: "/etc/shadow")?.metadata.mode == 0o640)
        #expect(try entry("passwords", report).notes.contains { $0.contains("carol had an empty password") })
    }

    @Test("a record without a name is locked too, since one can log in to it")
    func namelessRecord() throws {
        let fixture = try ScrubFixture()
        try fixture.write("/etc/passwd", "::0:0::/root:/bin/sh\n")
        try fixture.write("/etc/shadow", ":$6$salt$hash:1\n", mode: 0o640)
        try fixture.scrub()
        #expect(try fixture.text("/etc/passwd") == ":x:0:0::/root:/bin/sh\n")
        #expect(try fixture.text("/etc/shadow") == ":!:1\n")
    }

    @Test(
        "a malformed passwd ends nothing",
        arguments: ["", ":x::::::\n", "bob:x:99999999999:1::/home/bob:/bin/sh\n", "\0\0\n:x\n", "bob\n"])
    func malformedPasswd(_ text: String) throws {
        let fixture = try ScrubFixture()
        try fixture.write("/etc/passwd", text)
        try fixture.write("/home/alice/.netrc", "machine example.com")
        try fixture.scrub()
        #expect(try fixture.text("/etc/passwd") == text)
        #expect(try !fixture.has("/home/alice/.netrc"))
    }

    @Test("a home with '..' is told and not followed")
    func homeWithDots() throws {
        let fixture = try ScrubFixture()
        try addAccount("bob:x:1001:1001::/home/../srv/bob:/bin/sh", fixture)
        #expect(try fixture.scrub().warnings.contains { $0.contains("the home of bob") })
    }

    @Test("accounts on the allow-list keep their password, an empty one is locked nevertheless")
    func allowList() throws {
        let fixture = try ScrubFixture()
        try fixture.write("/etc/shadow", "root:$6$a:1\nrescue:$6$b:1\nempty::1\n")
        let options = ScrubOptions(allowPasswords: ["rescue", "empty"])
        try fixture.scrub(options)
        #expect(try fixture.text("/etc/shadow") == "root:*:1\nrescue:$6$b:1\nempty:!:1\n")
        #expect(try fixture.findings(options) == [])
        #expect(try fixture.findings().map(\.operation) == ["passwords"])
    }

    @Test("a password in passwd itself is found; the account that shadow knows gets x")
    func passwordInPasswd() throws {
        let fixture = try ScrubFixture()
        try fixture.write("/etc/passwd", "root::0:0::/root:/bin/sh\nold:aBcDeFgHiJkLm:50:50::/:/bin/sh\n")
        try fixture.scrub()
        #expect(try fixture.text("/etc/passwd") == "root:x:0:0::/root:/bin/sh\nold:!:50:50::/:/bin/sh\n")
    }

    @Test("an optional operation removes builders, their homes and memberships")
    func builders() throws {
        let fixture = try ScrubFixture()
        try addAccount("packer:x:1001:1001::/home/packer:/bin/sh", fixture)
        try addAccount("vagrant:x:1002:1002::/home/alice:/bin/sh", fixture)
        try fixture.write("/etc/group", "sudo:x:27:alice,packer\npacker:x:1001:\n")
        try fixture.write("/home/packer/work", "x")
        try fixture.scrub(ScrubOptions(also: ["builder-users"]))
        #expect(try fixture.text("/etc/passwd")?.contains("packer") == false)
        #expect(try fixture.text("/etc/group") == "sudo:x:27:alice\n")
        #expect(try !fixture.has("/home/packer"))
        #expect(try fixture.has("/home/alice/.bashrc"), "a home that is somebody else's too must stay")
    }

    // MARK: Evidence

    @Test("a file that is emptied keeps its mode, owner and attributes")
    func truncationKeepsMetadata() throws {
        let fixture = try ScrubFixture()
        let label = Metadata.Attribute(name: Array("security.selinux".utf8), value: Array("system_u:object_r:shadow_t".utf8))
        let metadata = Metadata(mode: 0o600, uid: 5, gid: 6, attributes: [label])
        try fixture.editor.makeDirectory("/etc/security")
        try fixture.editor.write("alice:1000:1:$6$x\n", to: "/etc/security/opasswd", metadata: metadata)
        try fixture.scrub()
        let after = try #require(try fixture.editor.node(at: "/etc/security/opasswd"))
        #expect(after.content?.size == 0)
        #expect(after.metadata.mode == 0o600 && after.metadata.uid == 5 && after.metadata.gid == 6)
        #expect(after.metadata.attributes == [label])
    }

    @Test("equal contents have equal keyed digests, and another key gives others")
    func keyedDigests() throws {
        func digests(_ key: String) throws -> [String] {
            let fixture = try ScrubFixture()
            try fixture.write("/home/alice/.netrc", "machine example.com")
            try fixture.write("/root/.netrc", "machine example.com")
            let report = try Scrubber(try ScrubFixture.profile(), evidenceKey: Array(key.utf8)).run(on: fixture.editor)
            return try entry("network-credentials", report).removed.map(\.keyedDigest)
        }
        let first = try digests("one")
        #expect(first.count == 2 && first[0] == first[1])
        #expect(try digests("two") != first)
    }

    @Test("a skipped operation runs not and says why")
    func skipIsExplicit() throws {
        let fixture = try ScrubFixture()
        try fixture.write("/home/alice/.netrc", "machine example.com")
        let report = try fixture.scrub(ScrubOptions(skip: [.init(operation: "network-credentials", because: "wanted here")]))
        #expect(try entry("network-credentials", report).status == .skipped)
        #expect(try entry("network-credentials", report).reason == "wanted here")
        #expect(try fixture.has("/home/alice/.netrc"))
    }
}
