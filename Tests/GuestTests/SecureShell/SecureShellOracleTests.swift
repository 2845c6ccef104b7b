import Guest
import ImageStore
import Model
import Platform
import TestSupport
import Testing

@Suite struct SecureShellOracleTests {
    private static let sshd = "/usr/sbin/sshd"
    private static let hasSSHD = Files.exists(sshd) && Shell.has("ssh-keygen")
    private static let missing: Comment = "needs sshd: apt-get install openssh-server"

    @Test(
        "every option has the value that sshd -T tells, for all connections and for some", .enabled(if: hasSSHD, missing),
        arguments: 0..<6)
    func generated(_ seed: UInt64) throws {
        var random = SeededRandom(seed)
        try withTemporaryFolder { folder in
            try Shell.run("ssh-keygen -q -t ed25519 -N '' -f key; mkdir -p /run/sshd", in: folder)
            var judged = 0
            for round in 0..<12 {
                let files = Self.files(&random)
                try Shell.run("rm -f sshd_config*", in: folder)
                let inside = "/etc/ssh/"
                for (name, text) in files {
                    let host = "\(folder)/\(name.replacing("/", with: "-"))"
                    let moved = text.replacing(inside, with: folder + "/").replacing("sshd_config.d/", with: "sshd_config.d-")
                    try Files.writeDurably(host, Array(moved.utf8))
                }
                let tree = try makeTree(
                    Dictionary(uniqueKeysWithValues: files.map { (inside + $0.key, $0.value) }), in: MemoryObjects())
                let server = try SecureShellServer(tree)
                for (user, address) in [(nil, nil), ("alice", "10.1.2.3"), ("bob", "192.168.7.9"), ("deploy", "fe80::1")] {
                    let asked = user.map { "-C user=\($0),host=h.example.org,addr=\(address ?? "")" } ?? ""
                    let script = "\(Self.sshd) -T -f sshd_config -h \(folder)/key \(asked)"
                    let output: String
                    do { output = try Shell.run(script, in: folder) } catch is Shell.Failed { continue }
                    let connection = user.map {
                        SecureShellMatch.Connection(user: $0, groups: [], host: "h.example.org", address: address)
                    }
                    Self.compare(server, connection, output, "round \(round), \(user ?? "nobody"): \(files)")
                    judged += 1
                }
            }
            // Some made-up configurations are refused by sshd; most must not be.
            #expect(judged >= 8)
        }
    }

    private static func compare(
        _ server: SecureShellServer, _ connection: SecureShellMatch.Connection?, _ output: String, _ about: String
    ) {
        var told: [String: [String]] = [:]
        for line in output.split(separator: "\n") {
            let key = String(line.prefix { $0 != " " })
            told[key, default: []].append(String(line.dropFirst(key.count + 1)))
        }
        for (key, lines) in told where key != "hostkey" && key != "persourcemaxstartups" {
            let values = server.values(of: key, for: connection)
            let isGathered = [
                "port", "listenaddress", "acceptenv", "allowusers", "denyusers", "allowgroups", "denygroups", "subsystem",
                "setenv",
            ]
            .contains(key)
            let own = isGathered ? values.sorted() : [values.joined(separator: " ")]
            #expect(own == (isGathered ? lines.sorted() : lines), "\(key) \(about)")
        }
    }

    private static let lines: [[String]] = [
        [
            "PermitRootLogin yes", "PermitRootLogin no", "permitrootlogin=prohibit-password",
            "PermitRootLogin \"forced-commands-only\"",
        ],
        ["PasswordAuthentication no", "PasswordAuthentication yes", "ChallengeResponseAuthentication no"],
        ["Port 22", "Port 2222", "Port 443"], ["ListenAddress 127.0.0.1", "ListenAddress 10.0.0.1:2200", "ListenAddress ::1"],
        ["AddressFamily inet", "AddressFamily any"], ["MaxAuthTries 3", "MaxAuthTries 4 # few"],
        ["LoginGraceTime 1m30s", "LoginGraceTime 45", "LoginGraceTime 2m"],
        ["ClientAliveInterval 5m", "ClientAliveCountMax 0"], ["MaxStartups 5", "MaxStartups 10:30:60"],
        ["X11Forwarding yes", "X11Forwarding no"],
        ["AllowTcpForwarding no", "AllowTcpForwarding local", "AllowTcpForwarding all"], ["GatewayPorts clientspecified"],
        ["AllowUsers alice bob", "AllowUsers carol", "DenyUsers mallory*"], ["AllowGroups ops", "DenyGroups guests"],
        ["AcceptEnv LANG LC_*", "AcceptEnv TZ"], ["SetEnv A=b", "SetEnv C=d E=f"], ["Banner /etc/issue.net", "Banner none"],
        ["LogLevel verbose", "LogLevel DEBUG1", "SyslogFacility authpriv"],
        ["Ciphers aes256-ctr,aes128-ctr", "Ciphers -aes*-cbc,aes128*", "Ciphers +aes*-cbc", "Ciphers ^aes256-gcm@openssh.com"],
        ["MACs -*sha1*,umac-64*", "MACs hmac-sha2-256"], ["KexAlgorithms -sntrup*", "KexAlgorithms +diffie-hellman-group1-sha1"],
        ["HostKeyAlgorithms +ssh-rsa", "PubkeyAcceptedKeyTypes -ecdsa*", "CASignatureAlgorithms -*nistp521"],
        ["AuthorizedKeysFile .ssh/k1 /keys/%u", "AuthorizedKeysFile none"],
        ["AuthenticationMethods publickey,password publickey", "AuthenticationMethods publickey"],
        ["ForceCommand echo \"hello there\"", "ForceCommand internal-sftp -u 0007"],
        ["ChrootDirectory /srv/%u", "ChrootDirectory none"], ["PermitOpen 10.0.0.1:80 h:22", "PermitListen 8080"],
        ["RekeyLimit 1G 1h", "RekeyLimit default none", "RekeyLimit 512M"],
        ["IPQoS af21 cs1", "IPQoS lowdelay"], ["StreamLocalBindMask 0077"], ["Compression delayed", "Compression no"],
        ["PermitTunnel point-to-point"],
        ["UsePAM yes", "UseDNS yes", "StrictModes no"],
        ["Subsystem sftp /usr/lib/openssh/sftp-server -f AUTH", "Subsystem x internal-sftp"], ["PerSourceNetBlockSize 24:56"],
        ["IgnoreRhosts shosts-only"], ["FingerprintHash md5"], ["RequiredRSASize 2048"], ["VersionAddendum hello world"],
        ["PermitUserEnvironment LANG,LC_*"],
    ]
    private static let matches = [
        "Match user alice", "Match User bob,!alice", "Match address 10.0.0.0/8", "Match Address 192.168.*,fe80::/10", "Match all",
        "Match host *.example.org user a*",
        "Match user=deploy",
    ]
    private static let conditionable: Set<String> = [
        "PermitRootLogin", "PasswordAuthentication", "MaxAuthTries", "X11Forwarding", "AllowTcpForwarding", "GatewayPorts",
        "AllowUsers", "DenyUsers",
        "AcceptEnv", "Banner", "ForceCommand", "ChrootDirectory", "PermitOpen", "PermitListen", "AuthorizedKeysFile",
        "ClientAliveInterval", "SetEnv", "PermitTunnel",
    ]

    private static func files(_ random: inout SeededRandom) -> [String: String] {
        var files = ["sshd_config": text(&random, 14, includes: true)]
        for name in ["10-a.conf", "20-b.conf", "ignored.txt"] where random.below(3) > 0 {
            files["sshd_config.d/" + name] = text(&random, 5, includes: false)
        }
        return files
    }

    private static func text(_ random: inout SeededRandom, _ count: Int, includes: Bool) -> String {
        var text = ["# made up", ""]
        var isMatch = false
        for _ in 0..<count {
            let choices = lines[random.below(lines.count)]
            let line = choices[random.below(choices.count)]
            let key = String(line.prefix { $0.isLetter || $0.isNumber })
            if isMatch && !conditionable.contains(key) { continue }
            text.append((random.below(4) == 0 ? "  " : "") + line)
            if random.below(8) == 0 {
                text.append(matches[random.below(matches.count)])
                isMatch = true
            }
            if includes && random.below(6) == 0 { text.append("Include /etc/ssh/sshd_config.d/*.conf") }
        }
        return text.joined(separator: "\n") + "\n"
    }
}
