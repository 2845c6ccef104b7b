import Guest
import ImageStore
import Model
import TestSupport
import Testing

@Suite struct HostileReaderTests {
    /// A reader with a file of its kind; what it makes of the file does not matter here.
    struct Reader: CustomTestStringConvertible, Sendable {
        let path: TreePath
        let text: String
        let read: @Sendable (any TreeView) throws -> Void
        var testDescription: String { path.description }
    }

    static let readers: [Reader] = [
        Reader(path: "/etc/shadow", text: "a:$6$x$y:1:2:3:4:5:6:\n") { _ = try PasswordRecord.all(in: $0) },
        Reader(path: "/etc/group", text: "root:x:0:a,b\n") { _ = try UserGroup.all(in: $0) },
        Reader(path: "/etc/subuid", text: "a:100000:65536\n") { _ = try SubordinateIDs.all(.users, in: $0) },
        Reader(
            path: "/etc/sudoers",
            text: "User_Alias A = b, !c\nDefaults:x a=\"b c\", !d\n%g ALL=(a:b) NOPASSWD: /bin/x \\,y, !/z : h = sha256:00 /q\n"
        ) {
            let policy = try SudoPolicy($0)
            _ = policy.rule(for: SudoRequest(user: "b", program: "/bin/x"))
        },
        Reader(
            path: "/etc/ssh/sshd_config",
            text: "Match user a,!b address 10.0.0.0/8,::1\nCiphers +aes*\nInclude \"x y\" /etc/ssh/*.conf\nMaxStartups 1:2:3\n"
        ) {
            let server = try SecureShellServer($0)
            _ = server.all(for: SecureShellMatch.Connection(user: "a", host: "h", address: "::ffff:10.0.0.1"))
        },
        Reader(path: "/etc/pam.d/a", text: "auth [a=1 b=die] m.so x [y z]\n@include a\n-auth include b\n") {
            let configuration = try PAMConfiguration($0)
            _ = try PAMModules.problems(of: configuration, in: $0)
        },
        Reader(path: "/etc/sysctl.d/a.conf", text: "-a/b.c = d\nnet.*.x=1\n-y\n") {
            _ = try SysctlSettings($0).effective("net.a.x")
        },
        Reader(path: "/etc/modprobe.d/a.conf", text: "install a \\\n b\noptions c d=e\n") { _ = try ModprobeConfiguration($0) },
        Reader(path: "/etc/fstab", text: "a /b\\040c d e,f=g 1 2\n") { _ = try MountTable($0) },
        Reader(path: "/etc/crontab", text: "A=b\n*/5 1-2 * * 7 root x\n@daily root y\n") { _ = try CronJobs.all(in: $0) },
        Reader(
            path: "/etc/systemd/system/a@.socket",
            text: "[Socket]\nListenStream=1\nListenStream=\n[Install]\nAlias=b@.socket \\\n; c\nWantedBy=x\n"
        ) {
            let units = try UnitCatalogue($0)
            _ = try (units.states(), SocketListener.all(in: units), UnitTimer.all(in: units))
        },
        Reader(path: "/etc/systemd/system-preset/a.preset", text: "enable a@.service x y\ndisable [a-z]*\n") {
            _ = try UnitPresets($0).enables("b.service")
        },
        Reader(path: "/etc/default/grub", text: "GRUB_CMDLINE_LINUX=\"a b\" \\\nx\n") {
            _ = try KernelCommandLine.arguments(in: $0)
        },
        Reader(path: "/etc/ssl/a.pem", text: "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n") {
            _ = try TrustedCertificates.all(in: $0)
        },
        Reader(path: "/etc/login.defs", text: "A \"b\"\n") { _ = try LoginDefinitions($0) },
    ]

    @Test(
        "a reader ends on a file that is cut off anywhere, on flipped bits, and on bytes that are no text",
        .timeLimit(.minutes(1)),
        arguments: readers)
    func mutations(_ reader: Reader) throws {
        let original = Array(reader.text.utf8)
        var random = SeededRandom(11)
        for round in 0..<120 {
            var bytes = round < original.count ? Array(original.prefix(round)) : original
            if round >= original.count {
                for _ in 0...random.below(4) { bytes[random.below(bytes.count)] = UInt8(random.below(256)) }
                if random.below(4) == 0 { bytes += bytes }
            }
            let editor = try TreeEditor(root: nil, in: MemoryObjects())
            try editor.makeDirectory(reader.path.parent)
            try editor.write(bytes, to: reader.path)
            // A refusal is an answer too.
            do { try reader.read(editor) } catch is Failure {}
        }
    }

    @Test(
        "a reader ends on files of many short lines and of one long line", .timeLimit(.minutes(1)),
        arguments: readers)
    func large(_ reader: Reader) throws {
        for bytes in [
            [UInt8](repeating: 0x0A, count: 1 << 16), Array(repeatElement(Array("a=(,!\\\n".utf8), count: 4000).joined()),
            [UInt8](repeating: 0x5B, count: 1 << 14),
        ] {
            let editor = try TreeEditor(root: nil, in: MemoryObjects())
            try editor.makeDirectory(reader.path.parent)
            try editor.write(bytes, to: reader.path)
            do { try reader.read(editor) } catch is Failure {}
        }
    }

    @Test("configuration that is too large is refused")
    func limits() throws {
        let editor = try TreeEditor(root: nil, in: MemoryObjects())
        try editor.makeDirectory("/etc/ssh")
        try editor.write([UInt8](repeating: 0x20, count: LogicalLines.maximumSize + 1), to: "/etc/ssh/sshd_config")
        #expect(throws: Failure.self) { try SecureShellServer(editor) }
    }

    @Test("links in a circle and out of the image end a reader and do not crash it", arguments: readers)
    func links(_ reader: Reader) throws {
        for target in [reader.path.description, "../../../../../x", "/dev/null", "."] {
            let editor = try TreeEditor(root: nil, in: MemoryObjects())
            try editor.makeDirectory(reader.path.parent)
            try editor.put(Node(Metadata(mode: 0o777), .symlink(target: Array(target.utf8))), at: reader.path)
            do { try reader.read(editor) } catch is Failure {}
        }
    }
}
