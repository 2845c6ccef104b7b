import Guest
import ImageStore
import Model
import TestSupport
import Testing

@Suite struct AccountTests {
    @Test("lines are written back as they were", arguments: ["", "\n", "a", "a\n", "a\n\n", "\n\na", "a\r\nb"])
    func linesRoundTrip(_ text: String) {
        #expect(LineFile(Array(text.utf8)).bytes == Array(text.utf8))
    }

    @Test("a table that is not changed is written back as it was, hostile bytes too")
    func tableRoundTrip() {
        let bytes = Array("root:x:0:0\n# a: comment\n+::\nno record\n:empty:\n".utf8) + [0xFF, 0x3A, 0x00, 0x0A, 0x0A]
        var table = ColonTable(bytes)
        table.update { _ in true }
        #expect(table.bytes == bytes)
        #expect(table.records.count == 3)
    }

    @Test("a name has the id of its first line, and root needs none")
    func ownerNames() throws {
        let editor = try TreeEditor(root: nil, in: MemoryObjects())
        #expect(try OwnerNames(.user, in: editor).id(of: "root") == 0)
        try editor.makeDirectory("/etc")
        try editor.write("root:x:7:\nweb:x:33:\nweb:x:34:\nbad:x:+1:\nshort\n", to: "/etc/group")
        let names = try OwnerNames(.group, in: editor)
        #expect(["root", "web", "bad", "short"].map { names.id(of: $0) } == [0, 33, nil, nil])
        #expect(names.ids == [7, 33, 34] && names.names == ["root", "web"])
    }

    @Test("accounts have seven fields and numeric ids")
    func accounts() {
        let passwd = """
            root:x:0:0:root:/root:/bin/sh
            short:x:1:1
            signed:x:+1:1::/:/bin/sh
            large:x:4294967296:1::/:/bin/sh
            last:x:4294967295:7::relative:/bin/sh
            """
        let accounts = Account.all(in: ColonTable(Array(passwd.utf8)))
        #expect(accounts.map(\.displayName) == ["root", "last"])
        #expect(accounts.last?.uid == 4_294_967_295)
    }

    @Test(
        "a password field is empty, locked or a hash",
        arguments: [
            ("", PasswordField.empty), ("*", .locked), ("!", .locked), ("!!", .locked), ("!*", .locked), ("x", .locked),
            ("*LK*", .locked),
            ("$6$a$b", .hash), ("!$6$a$b", .hash), ("aBcDeFgHiJkLm", .hash), ("xx", .hash),
        ])
    func passwordFields(_ text: String, _ field: PasswordField) {
        #expect(PasswordField(Array(text.utf8)) == field)
    }

    @Test("homes are folders of passwd, /root, /home and /etc/skel; those of the system are told apart")
    func homes() throws {
        let editor = try TreeEditor(root: nil, in: MemoryObjects())
        for folder in ["/etc/skel", "/home/a", "/srv/b", "/usr/bin", "/root"] as [TreePath] { try editor.makeDirectory(folder) }
        try editor.put(Node(Metadata(mode: 0o777), .symlink(target: Array("usr/bin".utf8))), at: "/bin")
        try editor.put(Node(Metadata(mode: 0o777), .symlink(target: Array("../../..".utf8))), at: "/home/out")
        try editor.write(
            "b:x:1:1::/srv/b:\nbin:x:2:2::/bin:\nn:x:3:3::/none:\nup:x:4:4::/home/../etc:\nr:x:5:5::rel:\n", to: "/etc/passwd")
        let homes = try HomeFolders(in: editor)
        #expect(homes.homes.map(\.path) == ["/etc/skel", "/home/a", "/root", "/srv/b", "/usr/bin"])
        #expect(homes.homes.filter(\.isSystemFolder).map(\.path) == ["/usr/bin"])
        #expect(homes.problems.count == 3)
    }

    @Test("os-release is read with and without quotes, and from /usr/lib where /etc has none")
    func osRelease() throws {
        let release = OSRelease(Array("# x\nID=\"amzn\"\nID_LIKE='fedora rhel'\nVERSION_ID=2023\nbroken\n".utf8))
        #expect(release.id == "amzn" && release.versionID == "2023")
        #expect(release.isLike("fedora") && release.isLike("amzn") && !release.isLike("debian"))
        let editor = try TreeEditor(root: nil, in: MemoryObjects())
        try editor.makeDirectory("/usr/lib")
        try editor.write("ID=debian\n", to: "/usr/lib/os-release")
        #expect(try OSRelease(in: editor).id == "debian")
    }
}
