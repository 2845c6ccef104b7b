import Guest
import ImageStore
import Model
import TestSupport
import Testing

@Suite struct SoundnessTests {
    private func tree(_ files: [String: String]) throws -> TreeEditor {
        let editor = try TreeEditor(root: nil, in: MemoryObjects())
        for (path, text) in files {
            let path = try TreePath(parsing: path)
            try editor.makeDirectory(path.parent)
            try editor.write(text, to: path)
        }
        return editor
    }

    private func problems(_ files: [String: String]) throws -> [String] {
        try Soundness(of: try tree(files)).added(since: try Soundness(of: try tree([:]))).map(\.description)
    }

    private static let modules = [
        "/usr/lib/security/pam_unix.so": "", "/usr/lib/security/pam_deny.so": "", "/usr/lib/security/pam_permit.so": "",
        "/usr/lib/security/pam_faillock.so": "", "/usr/lib/security/pam_rootok.so": "",
    ]

    @Test(
        "a stack that some answers of its modules satisfy is sound",
        arguments: [
            "auth [success=1 default=ignore] pam_unix.so\nauth requisite pam_deny.so\nauth required pam_permit.so\n",
            "auth sufficient pam_unix.so\nauth required pam_deny.so\n", "auth required pam_unix.so\n",
            "auth required pam_faillock.so preauth\nauth [success=3 default=ignore] pam_unix.so\nauth [default=die] pam_faillock.so authfail\n"
                + "auth sufficient pam_faillock.so authsucc\nauth requisite pam_deny.so\nauth required pam_permit.so\n",
            "auth [success=done default=bad] pam_unix.so\n", "auth optional pam_unix.so\n",
        ])
    func sound(_ stack: String) throws {
        #expect(try problems(Self.modules.merging(["/etc/pam.d/login": stack]) { $1 }) == [])
    }

    @Test(
        "a stack that no answers of its modules satisfy is named",
        arguments: [
            // The jump leads onto pam_deny.
            "auth [success=1 default=ignore] pam_unix.so\nauth required pam_faillock.so\nauth requisite pam_deny.so\n",
            "auth required pam_deny.so\nauth sufficient pam_unix.so\n", "auth requisite pam_deny.so\n",
            "auth [default=die] pam_unix.so\n", "auth [success=ignore default=ignore] pam_unix.so\n",
            "auth [success=1 default=ignore] pam_unix.so\nauth requisite pam_deny.so\n",
        ])
    func unsound(_ stack: String) throws {
        #expect(
            try problems(Self.modules.merging(["/etc/pam.d/login": stack]) { $1 }) == [
                "PAM: the auth stack of login cannot succeed, whatever its modules answer"
            ])
    }

    @Test("the service that refuses what has no file of its own may refuse")
    func other() throws {
        #expect(try problems(Self.modules.merging(["/etc/pam.d/other": "auth required pam_deny.so\n"]) { $1 }) == [])
    }

    @Test("modules and includes that are missing are named")
    func missing() throws {
        let found = try problems(
            Self.modules.merging(["/etc/pam.d/login": "auth required pam_unix.so\nauth optional pam_gone.so\n@include gone\n"]) {
                $1
            })
        #expect(found.contains { $0.contains("pam_gone.so") } && found.contains { $0.contains("'gone'") })
    }

    @Test("lines that sshd and sudo refuse are named with their file")
    func refused() throws {
        let found = try problems([
            "/etc/ssh/sshd_config": "PermitRootLogin\n", "/etc/sudoers": "root ALL=(ALL) \n",
            "/etc/passwd": "root:x:0:0::/root:/bin/sh\n",
        ])
        #expect(found.contains("sshd: /etc/ssh/sshd_config has a line that sshd refuses"))
        #expect(found.contains { $0.hasPrefix("sudo: /etc/sudoers: ") })
    }

    @Test("units of the boot that were made unable to start are named, and an ssh that nothing starts is")
    func units() throws {
        let unit = "[Unit]\n[Install]\nWantedBy=multi-user.target\n"
        let base = [
            "/usr/lib/systemd/system/ssh.service": unit, "/usr/lib/systemd/system/dbus.service": unit,
            "/usr/lib/systemd/system/sshd.service": unit,
        ]
        let before = try tree(base)
        try before.makeDirectory("/etc/systemd/system/multi-user.target.wants")
        let link = Node(Metadata(mode: 0o777, modified: 0), .symlink(target: Array("/usr/lib/systemd/system/ssh.service".utf8)))
        try before.put(link, at: "/etc/systemd/system/multi-user.target.wants/ssh.service")
        let sound = try Soundness(of: before)
        #expect(sound.problems.isEmpty)
        let mask = Node(Metadata(mode: 0o777, modified: 0), .symlink(target: Array("/dev/null".utf8)))
        try before.put(mask, at: "/etc/systemd/system/dbus.service")
        try before.remove("/etc/systemd/system/multi-user.target.wants/ssh.service")
        let added = try Soundness(of: before).added(since: sound).map(\.description)
        #expect(added.count == 2)
        #expect(added.contains { $0.contains("dbus.service") && $0.contains("masked") })
        #expect(added.contains { $0.contains("ssh.service") && $0.contains("started at boot") })
    }

    @Test("what was wrong before is nobody's doing, also where its line has moved")
    func before() throws {
        let editor = try tree(Self.modules.merging(["/etc/pam.d/login": "auth required pam_gone.so\n"]) { $1 })
        let before = try Soundness(of: editor)
        try editor.write("# a comment\nauth required pam_gone.so\n", to: "/etc/pam.d/login")
        #expect(try Soundness(of: editor).added(since: before).isEmpty)
        #expect(!before.problems.isEmpty)
    }
}
