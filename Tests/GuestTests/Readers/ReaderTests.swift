import Guest
import ImageStore
import Model
import TestSupport
import Testing

@Suite struct ReaderTests {
    private func tree(_ files: [String: String]) throws -> TreeEditor { try makeTree(files, in: MemoryObjects()) }

    @Test("kernel parameters: the last file by name counts, however a name is written, and patterns mean what is not named")
    func sysctl() throws {
        let settings = try SysctlSettings(
            try tree([
                "/usr/lib/sysctl.d/10-a.conf": "net.ipv4.ip_forward=1\nkernel.x = 1\n",
                "/etc/sysctl.d/10-a.conf": "# over\nkernel.x = 2\n",
                "/etc/sysctl.d/20-b.conf":
                    "net/ipv4/conf/eth0.1/rp_filter = 1\n-kernel.y=  a   b\nnet.ipv4.conf.*.rp_filter=2\n-net.ipv4.conf.lo.rp_filter\n",
                "/run/sysctl.d/15.conf": "kernel.x = 3 ; kept\nnonsense\n", "/etc/sysctl.conf": "kernel.x = 9\n",
            ]))
        #expect(settings.effective("kernel.x")?.value == "3 ; kept")
        #expect(settings.effective("net.ipv4.ip_forward") == nil)
        #expect(settings.effective("net.ipv4.conf.eth0/1.rp_filter")?.value == "1")
        #expect(settings.effective("net.ipv4.conf.all.rp_filter")?.value == "2")
        #expect(settings.effective("net.ipv4.conf.lo.rp_filter") == nil)
        #expect(settings.effective("kernel/y")?.value == "a b")
    }

    @Test("modprobe: install, blacklist and options over continued lines; - and _ are the same")
    func modprobe() throws {
        let configuration = try ModprobeConfiguration(
            try tree([
                "/etc/modprobe.d/a.conf":
                    "install usb-storage \\\n  /bin/false\nblacklist usb_storage\n# blacklist x\noptions x a=1 b=2\n"
            ]))
        #expect(
            configuration.isBlacklisted("usb_storage") && configuration.isRefused("usb-storage")
                && !configuration.isBlacklisted("x"))
        #expect(configuration.entries(of: "x").map(\.arguments) == ["a=1 b=2"])
    }

    @Test("fstab: octal escapes, the last mount of a point, values of options")
    func fstab() throws {
        let table = try MountTable(
            try tree([
                "/etc/fstab":
                    "# x\n/dev/a /my\\040disk ext4 rw,size=5%,noexec 0 2\ntmpfs /tmp tmpfs\ntmpfs /tmp tmpfs nodev\nshort\n"
            ]))
        #expect(table.mount(at: "/my disk")?.value(of: "size") == "5%" && table.mount(at: "/my disk")?.check == 2)
        #expect(table.mount(at: "/tmp")?.options == ["nodev"] && table.entries.count == 3)
    }

    @Test("PAM: includes are followed, substacks too, circles and missing modules are told")
    func pam() throws {
        let guest = try tree([
            "/etc/pam.d/login":
                "@include common\nauth\trequired pam_x.so  a [b c]\n-session optional pam_gone.so\nauth substack sub\n",
            "/etc/pam.d/common":
                "auth [success=2 default=ignore] \\\n pam_unix.so nullok\naccount required pam_unix.so\nauth include login\n",
            "/etc/pam.d/sub": "auth requisite pam_deny.so # no\nwrong line\n", "/lib/x86_64-linux-gnu/security/pam_unix.so": "",
            "/usr/lib/security/pam_deny.so": "",
        ])
        let configuration = try PAMConfiguration(guest)
        let stack = configuration.stack(of: "login", .auth)
        #expect(stack.entries.map(\.module) == ["pam_unix.so", "pam_x.so", "pam_deny.so"])
        #expect(stack.entries.first?.control.longestJump == 2 && stack.entries[1].arguments == ["a", "[b c]"])
        let problems = try PAMModules.problems(of: configuration, in: guest).map(\.text)
        #expect(problems.contains("login includes itself") && problems.contains("the module pam_x.so does not exist"))
        #expect(problems.contains { $0.contains("no kind of module") } && !problems.contains { $0.contains("pam_gone") })
    }

    @Test("includes that grow as powers of two end: of PAM cut off, of sshd refused")
    func growth() throws {
        var files: [String: String] = ["/etc/ssh/sshd_config": "Include f0\n"]
        for level in 0..<16 {
            files["/etc/pam.d/s\(level)"] = String(repeating: "@include s\(level + 1)\n", count: 20)
            files["/etc/ssh/f\(level)"] = String(repeating: "Include f\(level + 1)\n", count: 20)
        }
        let guest = try tree(files)
        #expect(try PAMConfiguration(guest).stack(of: "s0", .auth).entries.isEmpty)
        #expect(try failure { _ = try SecureShellServer(guest) }.code == .exhausted)
    }

    @Test("cron: tables, folders of programs, users' tables; names with a dot are passed over")
    func cron() throws {
        let guest = try tree([
            "/etc/crontab": "PATH=/bin\n*/5 * * * * root /bin/a b\n@reboot web /bin/c\nbroken line\n",
            "/etc/cron.d/x": "0 1 * * 1-5 bob  d\n",
            "/etc/cron.d/y.bak": "0 1 * * * bob e\n", "/var/spool/cron/crontabs/alice": "1 2 3 4 5 f g\n",
            "/etc/anacrontab": "7 10 weekly run-parts /etc/cron.weekly\n",
        ])
        try guest.makeDirectory("/etc/cron.daily")
        try guest.write("#!/bin/sh\n", to: "/etc/cron.daily/on", metadata: Metadata(mode: 0o755))
        try guest.write("#!/bin/sh\n", to: "/etc/cron.daily/off", metadata: Metadata(mode: 0o644))
        #expect(
            try CronJobs.all(in: guest).map(\.text) == [
                "*/5 * * * * root /bin/a b", "@reboot web /bin/c", "0 1 * * 1-5 bob d", "1 2 3 4 5 alice f g",
                "every 7 days root run-parts /etc/cron.weekly", "cron.daily root /etc/cron.daily/on",
            ])
    }

    @Test("at jobs tell their queue, number and time by their names")
    func atJobs() throws {
        let jobs = try AtJob.all(
            in: try tree(["/var/spool/cron/atjobs/a0000201b2c3d4": "x", "/var/spool/cron/atjobs/.SEQ": "2"]))
        #expect(jobs.map(\.number) == [2] && jobs.first?.time == 0x01b2_c3d4 * 60 && jobs.first?.queue == "a")
    }

    @Test("shadow: what there is of a password, by which method, and its ages")
    func shadow() throws {
        let records = try PasswordRecord.all(
            in: try tree([
                "/etc/shadow":
                    "a:$y$j9T$x$y:19000:1:90:7:30:20000:\nb:!$6$x$y:0::::::\nc::::::::\nd:*:1:::::\ne:ab12345678901:::\n"
            ]))
        #expect(records.map(\.method) == [.yescrypt, .sha512, nil, nil, .des])
        #expect(records.map(\.isUsable) == [true, false, true, false, true])
        #expect(
            records[0].maximumAge == 90 && records[0].inactivity == 30 && records[0].expiry == 20000 && records[1].lastChange == 0
        )
    }

    @Test("file capabilities of a damaged form are none")
    func capabilities() throws {
        let netRaw: [UInt8] = [1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        #expect(FileCapabilities(netRaw)?.description == "cap_net_raw=ep")
        #expect(FileCapabilities([]) == nil && FileCapabilities(Array(netRaw.dropLast())) == nil)
        #expect(FileCapabilities(netRaw + [1, 0, 0, 0]) == nil)
    }

    @Test("authorized keys have options and comments; other lines are passed over")
    func authorizedKeys() {
        let line =
            "from=\"10.0.0.0/8, ::1\",no-pty ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMlmfM2pYg7rTMYIUqFQKF8bMVjCLUHFM0Iy3ZxdoGoo me@here too"
        let keys = AuthorizedKey.all(in: Array("# no\n\nnonsense\n\(line)\n".utf8), of: "/x")
        #expect(
            keys.count == 1 && keys.first?.options == "from=\"10.0.0.0/8, ::1\",no-pty" && keys.first?.comment == "me@here too")
    }

    @Test("the kernel's arguments come from grub's defaults, their drop-ins and loader entries")
    func commandLine() throws {
        let arguments = try KernelCommandLine.arguments(
            in: try tree([
                "/etc/default/grub": "GRUB_CMDLINE_LINUX=\"a=1 quiet\"\nGRUB_CMDLINE_LINUX_DEFAULT='b'\n",
                "/etc/default/grub.d/x.cfg": "GRUB_CMDLINE_LINUX=\"a=2\"\n",
                "/boot/loader/entries/y.conf": "title x\noptions root=/dev/a ro\n",
            ]))
        #expect(arguments.map(\.argument) == ["a=2", "b", "root=/dev/a", "ro"])
    }
}
