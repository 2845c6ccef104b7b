import Guest
import ImageStore
import Model
import Testing

/// Operations that must leave services able to start.
@Suite struct ScrubServiceTests {
    private func entry(_ id: String, _ report: ScrubReport) throws -> ScrubReport.Operation {
        try #require(report.operations.first { $0.id == id })
    }

    private static let unit = "/etc/systemd/system/multi-user.target.wants/ingot-ssh-host-keys.service"

    private func fixtureWithKey(without paths: [TreePath] = []) throws -> ScrubFixture {
        let fixture = try ScrubFixture()
        try fixture.write("/etc/ssh/ssh_host_ed25519_key", "not a key", mode: 0o600)
        for path in paths { try fixture.editor.remove(path) }
        return fixture
    }

    @Test("with cloud-init host keys go and nothing is installed")
    func cloudInitMakesKeys() throws {
        let fixture = try fixtureWithKey()
        try fixture.scrub()
        #expect(try !fixture.has("/etc/ssh/ssh_host_ed25519_key") && !fixture.has(Self.unit))
    }

    @Test(
        "where cloud-init makes no host keys a unit is installed",
        arguments: ["ssh_genkeytypes: []\n", "ssh_deletekeys: false\n", "  ssh_genkeytypes: no\n", "disabled", "absent"])
    func unitIsInstalled(_ how: String) throws {
        let fixture = try fixtureWithKey(without: how == "absent" ? ["/usr/bin/cloud-init"] : [])
        try fixture.write(how == "disabled" ? "/etc/cloud/cloud-init.disabled" : "/etc/cloud/cloud.cfg.d/10-keys.cfg", how)
        let report = try fixture.scrub()
        #expect(try !fixture.has("/etc/ssh/ssh_host_ed25519_key"))
        #expect(try fixture.editor.resolvedNode("/etc/systemd/system/multi-user.target.wants/ingot-ssh-host-keys.service") != nil)
        #expect(try fixture.text(Self.unit)?.contains("ConditionPathExists=!/etc/ssh/ssh_host_ed25519_key") == true)
        #expect(try entry("ssh-hostkeys", report).notes.contains { $0.contains("was installed") })
        #expect(try fixture.findings() == [])
        // An image with an sshd and no way to keys is found out.
        try fixture.editor.remove("/usr/bin/cloud-init")
        try fixture.editor.remove(try TreePath(parsing: Self.unit))
        #expect(try fixture.findings().map(\.operation) == ["ssh-hostkeys"])
    }

    @Test("with sshd-keygen of the RHEL family nothing is installed, unless it is masked", arguments: [false, true])
    func sshdKeygen(_ isMasked: Bool) throws {
        let fixture = try fixtureWithKey(without: ["/usr/bin/cloud-init"])
        try fixture.write("/usr/lib/systemd/system/sshd-keygen@.service", "[Service]\n")
        if isMasked { try fixture.link("/etc/systemd/system/sshd-keygen@.service", "/dev/null") }
        try fixture.scrub()
        #expect(try fixture.has(Self.unit) == isMasked)
    }

    @Test(
        "where nothing could make new host keys they stay, and the operation fails",
        arguments: ["/usr/bin/ssh-keygen", "/usr/lib/systemd/systemd"])
    func keysStay(_ missing: String) throws {
        let fixture = try fixtureWithKey(without: ["/usr/bin/cloud-init", try TreePath(parsing: missing)])
        #expect(try entry("ssh-hostkeys", try fixture.scrub()).status == .failed)
        #expect(try fixture.has("/etc/ssh/ssh_host_ed25519_key"))
    }

    @Test("without sshd host keys go and nothing is installed")
    func noServer() throws {
        let fixture = try fixtureWithKey(without: ["/usr/bin/cloud-init", "/usr/sbin/sshd"])
        try fixture.scrub()
        #expect(try !fixture.has("/etc/ssh/ssh_host_ed25519_key") && !fixture.has(Self.unit))
    }

    @Test("a host key that sshd_config names elsewhere fails: nothing would make it anew")
    func unusualHostKey() throws {
        let fixture = try fixtureWithKey()
        try fixture.write("/etc/ssh/sshd_config.d/key.conf", "hostkey = \"/etc/keys/host\"\n")
        try fixture.write("/etc/keys/host", "not a key")
        let report = try entry("ssh-hostkeys", try fixture.scrub())
        #expect(report.status == .failed && report.reason?.contains("/etc/keys/host") == true)
        #expect(try fixture.has("/etc/keys/host"))
    }

    @Test("keys that only an included file of sshd's configuration names are found, and go")
    func authorizedKeysOfAnInclude() throws {
        let fixture = try ScrubFixture()
        try fixture.write("/etc/ssh/sshd_config", "Include extra/*.conf\n")
        try fixture.write("/etc/ssh/extra/keys.conf", "Match User alice\nAuthorizedKeysFile /etc/elsewhere/%u\n")
        try fixture.write("/etc/elsewhere/alice", "ssh-ed25519 AAAAEXAMPLE alice\n")
        #expect(try fixture.findings().contains { $0.message.contains("/etc/elsewhere/alice") })
        try fixture.scrub()
        #expect(try !fixture.has("/etc/elsewhere/alice") && fixture.has("/etc/ssh/extra/keys.conf"))
        #expect(try fixture.findings() == [])
    }

    @Test("keys that a file names which no Include reads are found all the same, also outside of sshd's folders")
    func authorizedKeysOfAStrayFile() throws {
        let fixture = try ScrubFixture()
        try fixture.write("/etc/ssh/old/sshd_config.bak", "include /srv/ssh/*\n")
        try fixture.write("/srv/ssh/keys", "AuthorizedKeysFile=\"/etc/elsewhere/%u\"\n")
        try fixture.write("/etc/elsewhere/alice", "ssh-ed25519 AAAAEXAMPLE alice\n")
        #expect(try fixture.findings().contains { $0.message.contains("/etc/elsewhere/alice") })
    }

    @Test("keys go from where AuthorizedKeysFile puts them, and files that hold none stay")
    func authorizedKeysElsewhere() throws {
        let fixture = try ScrubFixture()
        try fixture.write("/etc/ssh/sshd_config", "AuthorizedKeysFile /etc/ssh/keys/%u %h/keys/mine /etc/passwd\n")
        try fixture.write("/etc/ssh/keys/alice", "ssh-ed25519 AAAAEXAMPLE alice\n")
        try fixture.write("/etc/ssh/keys/README", "ssh-ed25519 AAAAEXAMPLE in a text\n")
        try fixture.write("/home/alice/keys/mine", "# note\necdsa-sha2-nistp256 AAAAEXAMPLE alice\n")
        #expect(try fixture.findings().count { $0.operation == "authorized-keys" } == 2)
        try fixture.scrub()
        #expect(try !fixture.has("/etc/ssh/keys/alice") && !fixture.has("/home/alice/keys/mine"))
        #expect(try fixture.has("/etc/ssh/keys/README") && fixture.has("/etc/passwd"))
        #expect(try fixture.findings() == [])
    }

    @Test(
        "the machine id becomes what the distribution's presets call for",
        arguments: [
            ("ID=debian", ""), ("ID=ubuntu\nID_LIKE=debian", ""), ("ID=\"amzn\"\nID_LIKE=\"fedora\"", "uninitialized\n"),
            ("ID=\"rhel\"", "uninitialized\n"),
        ])
    func machineID(_ release: String, _ content: String) throws {
        let fixture = try ScrubFixture()
        try fixture.write("/etc/os-release", release + "\n")
        try fixture.write("/etc/machine-id", "0123456789abcdef0123456789abcdef\n")
        try fixture.scrub()
        #expect(try fixture.text("/etc/machine-id") == content)
        #expect(try fixture.editor.node(at: "/etc/machine-id")?.metadata.mode == 0o444)
        #expect(try fixture.findings() == [])
    }

    @Test("an image whose instances have a first boot is told which disabled units that enables")
    func firstBoot() throws {
        let fixture = try ScrubFixture()
        try fixture.write("/etc/os-release", "ID=amzn\nID_LIKE=fedora\n")
        try fixture.write("/etc/machine-id", "0123456789abcdef0123456789abcdef\n")
        for unit in ["wanted", "unwanted"] {
            try fixture.write("/usr/lib/systemd/system/\(unit).service", "[Install]\nWantedBy=multi-user.target\n")
        }
        try fixture.write("/usr/lib/systemd/system-preset/90-default.preset", "enable wanted.service\ndisable *\n")
        let report = try fixture.scrub()
        let notes = report.operations.first { $0.id == "machine-id" }?.notes ?? []
        #expect(notes.contains("by preset, the first boot of an instance enables 1 disabled units: wanted.service"), "\(notes)")
    }

    @Test("a missing machine id is made, because systemd takes it for a first boot")
    func missingMachineID() throws {
        let fixture = try ScrubFixture()
        try fixture.editor.remove("/etc/machine-id")
        #expect(try fixture.findings().map(\.operation) == ["machine-id"])
        try fixture.scrub()
        #expect(try fixture.text("/etc/machine-id") == "")
    }

    @Test("D-Bus's id is a link where D-Bus is, and gone where it is not", arguments: [true, false])
    func dbusMachineID(_ hasDBus: Bool) throws {
        let fixture = try ScrubFixture()
        try fixture.editor.remove("/var/lib/dbus/machine-id")
        try fixture.write("/var/lib/dbus/machine-id", "0123\n")
        if !hasDBus { try fixture.editor.remove("/usr/bin/dbus-daemon") }
        try fixture.scrub()
        let node = try fixture.editor.node(at: "/var/lib/dbus/machine-id")
        #expect(node?.kind == (hasDBus ? .symlink(target: Array("/etc/machine-id".utf8)) : nil))
    }

    @Test("resolv.conf becomes the link of systemd-resolved, or goes", arguments: [true, false])
    func resolvConf(_ hasResolved: Bool) throws {
        let fixture = try ScrubFixture()
        try fixture.editor.remove("/etc/resolv.conf")
        try fixture.write("/etc/resolv.conf", "nameserver 10.0.0.2\n")
        if !hasResolved { try fixture.editor.remove("/usr/lib/systemd/systemd-resolved") }
        try fixture.scrub()
        let link = Node.Kind.symlink(target: Array("../run/systemd/resolve/stub-resolv.conf".utf8))
        #expect(try fixture.editor.node(at: "/etc/resolv.conf")?.kind == (hasResolved ? link : nil))
    }

    @Test("lines of other hosts stay in /etc/hosts")
    func hosts() throws {
        let fixture = try ScrubFixture()
        try fixture.write("/etc/hostname", "build-7\n")
        try fixture.write(
            "/etc/hosts",
            "127.0.0.1 localhost build-7\n127.0.1.1 build-7\n10.0.0.7 build-7.corp build-7\n10.0.0.5 registry # ours\n#127.0.1.1 x\n"
        )
        try fixture.scrub()
        #expect(try fixture.text("/etc/hosts") == "127.0.0.1 localhost\n10.0.0.5 registry # ours\n#127.0.1.1 x\n")
    }

    @Test("a boot entry whose kernel lies in a folder of the machine id cannot be renamed, and fails")
    func bootEntry() throws {
        let fixture = try ScrubFixture()
        let id = "0123456789abcdef0123456789abcdef"
        try fixture.write("/boot/loader/entries/\(id)-6.1.conf", "linux /\(id)/6.1/linux\n")
        #expect(try entry("boot-entries", try fixture.scrub()).status == .failed)
        #expect(try fixture.has("/boot/loader/entries/\(id)-6.1.conf"))
    }

    @Test("an autologin in a comment is none")
    func commentedAutologin() throws {
        let fixture = try ScrubFixture()
        try fixture.write("/etc/lightdm/lightdm.conf", "[Seat:*]\n#autologin-user=\nautologin-user=\n")
        #expect(try entry("autologin", try fixture.scrub()).status == .nothing)
    }
}
