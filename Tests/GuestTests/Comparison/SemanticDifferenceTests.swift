import Guest
import ImageStore
import Model
import TestSupport
import Testing

@Suite struct SemanticDifferenceTests {
    /// A planted change: where, the file's new text, and what must be told of it.
    struct Planted: CustomTestStringConvertible, Sendable {
        let category: String
        let path: TreePath
        let text: String
        let told: [String]
        var matters = true
        var mode: UInt16 = 0o644
        var testDescription: String { "\(category): \(told)" }
    }

    static let planted: [Planted] = [
        Planted(
            category: "users", path: "/etc/passwd",
            text:
                "root:x:0:0::/root:/bin/bash\nalice:x:1000:1000::/home/alice:/bin/zsh\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\ntoor:x:0:0::/:/bin/sh\n",
            told: ["alice", "toor"]),
        Planted(
            category: "passwords", path: "/etc/shadow",
            text: "root:$6$a$b:19000:0:99999:7:::\nalice:$y$j9T$cccc$dddd:19000:0:99999:7:::\nwww-data:*:19000::::::\n",
            told: ["alice", "root"]),
        Planted(category: "groups", path: "/etc/group", text: "root:x:0:\nsudo:x:27:alice,bob\nweb:x:500:\n", told: ["sudo"]),
        Planted(
            category: "groups", path: "/etc/group", text: "root:x:0:\nsudo:x:27:alice\nweb:x:501:\n", told: ["web"],
            matters: false),
        Planted(
            category: "sudo", path: "/etc/sudoers.d/deploy", text: "alice ALL=(root) NOPASSWD: /usr/bin/systemctl restart *\n",
            told: ["alice: /usr/bin/systemctl restart * as root, NOPASSWD"]),
        Planted(
            category: "authorized-keys", path: "/home/alice/.ssh/authorized_keys",
            text: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMlmfM2pYg7rTMYIUqFQKF8bMVjCLUHFM0Iy3ZxdoGoo me@here\n",
            told: ["/home/alice/.ssh/authorized_keys SHA256:"]),
        Planted(
            category: "host-keys", path: "/etc/ssh/ssh_host_ed25519_key", text: "key", told: ["/etc/ssh/ssh_host_ed25519_key"]),
        Planted(
            category: "sshd", path: "/etc/ssh/sshd_config.d/10-a.conf", text: "PermitRootLogin yes\n", told: ["permitrootlogin"]),
        Planted(
            category: "pam", path: "/etc/pam.d/common-auth",
            text: "auth [success=1 default=ignore] pam_unix.so\nauth requisite pam_deny.so\n",
            told: ["common-auth: auth [success=1", "common-auth: auth [success=1"]),
        Planted(category: "login-defs", path: "/etc/login.defs", text: "PASS_MAX_DAYS 365\nUMASK 022\n", told: ["PASS_MAX_DAYS"]),
        Planted(category: "privileges", path: "/usr/bin/tool", text: "tool", told: ["/usr/bin/tool"], mode: 0o4755),
        Planted(
            category: "permissions", path: "/etc/fstab", text: SemanticFixture.files["/etc/fstab"] ?? "", told: ["/etc/fstab"],
            matters: false, mode: 0o600),
        Planted(
            category: "permissions", path: "/etc/shadow", text: SemanticFixture.files["/etc/shadow"] ?? "", told: ["/etc/shadow"],
            mode: 0o640),
        Planted(
            category: "units", path: "/usr/lib/systemd/system/web.service",
            text: "[Service]\nExecStart=/usr/bin/web --all\n[Install]\nWantedBy=multi-user.target\n",
            told: ["web.service ExecStart", "web.service User"]),
        Planted(
            category: "sockets", path: "/usr/lib/systemd/system/web.socket", text: "[Socket]\nListenStream=80\n",
            told: ["web.socket"]),
        Planted(
            category: "timers", path: "/usr/lib/systemd/system/clean.timer", text: "[Timer]\nOnCalendar=hourly\n",
            told: ["clean.timer"], matters: false),
        Planted(
            category: "cron", path: "/etc/cron.d/job", text: "* * * * * root /usr/bin/tool\n",
            told: ["* * * * * root /usr/bin/tool"]),
        Planted(
            category: "sysctl", path: "/etc/sysctl.d/99-x.conf", text: "net/ipv4/ip_forward = 1\n", told: ["net.ipv4.ip_forward"]),
        Planted(
            category: "kernel-modules", path: "/etc/modprobe.d/usb.conf", text: "# nothing\n", told: ["blacklist usb_storage"]),
        Planted(
            category: "kernel", path: "/etc/default/grub", text: "GRUB_CMDLINE_LINUX=\"console=ttyS0\"\n",
            told: ["argument apparmor=1"]),
        Planted(
            category: "kernel", path: "/usr/lib/modules/6.1.0-2/modules.dep", text: "", told: ["version 6.1.0-2"], matters: false),
        Planted(
            category: "mounts", path: "/etc/fstab", text: "LABEL=root / ext4 defaults 0 1\ntmpfs /tmp tmpfs nodev 0 0\n",
            told: ["/tmp"]),
        Planted(
            category: "package-sources", path: "/etc/apt/sources.list.d/x.list", text: "deb http://example.org/ stable main\n",
            told: ["/etc/apt/sources.list.d/x.list: deb"]),
        Planted(category: "system", path: "/etc/hostname", text: "other\n", told: ["hostname"], matters: false),
        Planted(
            category: "packages", path: "/var/lib/dpkg/status",
            text:
                "Package: dpkg\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.20\n\nPackage: web\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.0-1\n",
            told: ["auditd", "dpkg"]),
    ]

    @Test("a planted change is found, told in its category and judged", arguments: planted)
    func plantedChanges(_ planted: Planted) throws {
        let difference = try SemanticFixture.difference { editor in
            try editor.makeDirectory(planted.path.parent)
            let metadata = Metadata(mode: planted.mode, modified: editor.date)
            try editor.write(planted.text, to: planted.path, metadata: metadata)
        }
        let told = difference.changes.filter { $0.category == planted.category }
        #expect(told.count == planted.told.count)
        for (change, start) in zip(told, planted.told) { #expect(change.subject.hasPrefix(start)) }
        #expect(told.allSatisfy { $0.isSecurityRelevant == planted.matters })
        // A kernel's own files are told of its folder.
        #expect(difference.files.map(\.change.path).isEmpty)
        #expect(difference.problems.isEmpty)
    }

    @Test("planted changes cover at least fifteen categories")
    func coverage() { #expect(Set(Self.planted.map(\.category)).count >= 15) }

    @Test("a unit that starts at boot, and one that is masked, are told")
    func unitStates() throws {
        let difference = try SemanticFixture.difference { editor in
            try editor.makeDirectory("/etc/systemd/system/multi-user.target.wants")
            let link = Node(Metadata(mode: 0o777), .symlink(target: Array("/usr/lib/systemd/system/web.service".utf8)))
            try editor.put(link, at: "/etc/systemd/system/multi-user.target.wants/web.service")
            try editor.put(
                Node(Metadata(mode: 0o777), .symlink(target: Array("/dev/null".utf8))), at: "/etc/systemd/system/clean.timer")
        }
        let units = difference.changes.filter { $0.category == "units" }
        #expect(units.map(\.subject) == ["clean.timer", "web.service"])
        #expect(units.map(\.after) == ["masked", "enabled"] && units.allSatisfy(\.isSecurityRelevant))
    }

    @Test("keys are found where the old or the new configuration of sshd looks for them")
    func configuredKeys() throws {
        let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMlmfM2pYg7rTMYIUqFQKF8bMVjCLUHFM0Iy3ZxdoGoo"
        let difference = try SemanticFixture.difference { editor in
            try editor.makeDirectory("/etc/keys")
            try editor.write(key + "\n", to: "/etc/keys/alice")
            try editor.write("AuthorizedKeysFile /etc/keys/%u\nPermitRootLogin no\nUsePAM yes\n", to: "/etc/ssh/sshd_config")
        }
        #expect(
            difference.changes.contains { $0.category == "authorized-keys" && $0.subject.hasPrefix("/etc/keys/alice SHA256:") })
        #expect(difference.files.isEmpty)
    }

    @Test("no hash of a password is told")
    func hashesStay() throws {
        let difference = try SemanticFixture.difference { editor in
            try editor.write("root:$6$saltsalt$hashhash:19000:0:99999:7:::\n", to: "/etc/shadow")
        }
        #expect(difference.changes.contains { $0.category == "passwords" && $0.after?.contains("sha512") == true })
        #expect(!difference.changes.contains { "\($0)".contains("hashhash") || "\($0)".contains("saltsalt") })
    }

    @Test("what differs only in times is no change")
    func onlyTimes() throws {
        let difference = try SemanticFixture.difference { editor in
            try editor.updateMetadata("/etc/passwd") { $0.modified += 1 }
            try editor.updateMetadata("/srv") { $0.modified += 1 }
        }
        #expect(difference.isOnlyTimes && difference.timesOnly == 2 && difference.isEmpty)
    }

    @Test("files that nothing explains are told with their package; those of an upgraded package are not")
    func files() throws {
        let difference = try SemanticFixture.difference { editor in
            try editor.write("program 2", to: "/usr/bin/web")
            try editor.write("other", to: "/srv/data")
        }
        #expect(difference.files.map(\.change.path) == ["/srv/data", "/usr/bin/web"])
        #expect(difference.files.map(\.packages) == [[], ["web"]])
        let upgraded = try SemanticFixture.difference { editor in
            try editor.write("program 2", to: "/usr/bin/web")
            let status = SemanticFixture.files["/var/lib/dpkg/status"] ?? ""
            try editor.write(status.replacing("1.0-1", with: "1.0-2"), to: "/var/lib/dpkg/status")
        }
        #expect(upgraded.files.isEmpty && upgraded.changes.map(\.note) == ["upgraded"])
        #expect(upgraded.changes.allSatisfy { !$0.isSecurityRelevant })
    }

    @Test("a comment in a configuration is a changed file and no change of meaning")
    func comments() throws {
        let difference = try SemanticFixture.difference { editor in
            try editor.write("# hello\n" + (SemanticFixture.files["/etc/ssh/sshd_config"] ?? ""), to: "/etc/ssh/sshd_config")
        }
        #expect(difference.changes.isEmpty && difference.files.map(\.change.path) == ["/etc/ssh/sshd_config"])
    }

    @Test("a category that cannot be read is a problem, and its files are told")
    func problems() throws {
        let difference = try SemanticFixture.difference { editor in
            try editor.write("Include /etc/ssh/sshd_config\n", to: "/etc/ssh/sshd_config")
            try editor.write("net.ipv4.ip_forward=1\n", to: "/etc/sysctl.d/10-net.conf")
        }
        #expect(difference.problems.map(\.category).contains("sshd"))
        #expect(difference.changes.map(\.category) == ["sysctl"])
        #expect(difference.files.map(\.change.path) == ["/etc/ssh/sshd_config"])
    }

    @Test("trees that are the same have no differences")
    func same() throws {
        let difference = try SemanticFixture.difference { _ in }
        #expect(difference.isEmpty && !difference.isOnlyTimes)
    }
}
