/// Reads files of lines `key value`, `key = value` or `key: value` that have keys for credentials. A further kind is one entry.
struct SettingsFiles: FileParser {
    /// One kind of file.
    struct Kind: Sendable {
        let name: String
        let title: String
        let severity: SecretSeverity
        /// Whole names of files.
        var names: Set<String> = []
        /// Parts of paths.
        var paths: [String] = []
        var endings: Set<String> = []
        /// In lower case; a `*` at the end stands for anything.
        let keys: [String]
        var shortest = 3
        var example = ""
    }

    let settings: Kind
    let rules: [SecretRule]
    var kind: String { settings.name }

    init(_ settings: Kind) {
        self.settings = settings
        rules = [SecretRule("file-\(settings.name)", settings.title, .password, settings.severity)]
    }

    var names: NameTest { NameTest(names: settings.names, endings: settings.endings, paths: settings.paths) }

    private static let nameBytes = ByteSet.word.union(ByteSet("-./:@"))

    func find(in content: Content, _ found: inout [Candidate]) {
        guard content.isText else { return }
        for line in Lines(content) {
            let text = Lines.withoutBlanks(content.bytes, line)
            guard let first = content.bytes[text].first, !ByteSet("#;!").contains(first),
                let (key, value) = Self.split(content.bytes, text)
            else { continue }
            let name = String(decoding: ValueTest.lowered(content.bytes[key]), as: UTF8.self)
            guard settings.keys.contains(where: { matches($0, name) }),
                FieldValue.isSet(content.bytes[value], atLeast: settings.shortest)
            else { continue }
            found.append(Candidate(rules[0], value, .parser))
        }
    }

    private func matches(_ pattern: String, _ name: String) -> Bool {
        if pattern.hasPrefix("*") { return name.hasSuffix(pattern.dropFirst()) }
        return pattern.hasSuffix("*") ? name.hasPrefix(pattern.dropLast()) : name == pattern
    }

    /// Key and value of a line. The value ends at a blank, unless it is quoted.
    private static func split(_ bytes: [UInt8], _ line: Range<Int>) -> (key: Range<Int>, value: Range<Int>)? {
        if bytes[line.lowerBound] == UInt8(ascii: "<") { return element(bytes, line) }
        var end = line.lowerBound
        let isQuoted = bytes[end] == 0x22 || bytes[end] == 0x27
        if isQuoted { end += 1 }
        let start = end
        while end < line.upperBound && nameBytes.contains(bytes[end])
            && !(bytes[end] == UInt8(ascii: ":") && endsName(bytes, end, line))
        { end += 1 }
        guard end > start, end < line.upperBound else { return nil }
        let key = start..<end
        if isQuoted { end += 1 }
        while end < line.upperBound && ByteSet(" \t=:").contains(bytes[end]) { end += 1 }
        guard end < line.upperBound else { return nil }
        let rest = end..<line.upperBound
        if bytes[end] == 0x22 || bytes[end] == 0x27 { return Lines.words(bytes, rest, limit: 1).first.map { (key, $0) } }
        var last = end
        while last < line.upperBound && !ByteSet(" \t").contains(bytes[last]) { last += 1 }
        return (key, end..<last)
    }

    /// `<key>value</key>`
    private static func element(_ bytes: [UInt8], _ line: Range<Int>) -> (key: Range<Int>, value: Range<Int>)? {
        let start = line.lowerBound + 1
        guard let close = bytes[start..<line.upperBound].firstIndex(of: UInt8(ascii: ">")),
            close + 1 < line.upperBound
        else { return nil }
        let end = bytes[close..<line.upperBound].firstIndex(of: UInt8(ascii: "<")) ?? line.upperBound
        return (start..<close, (close + 1)..<end)
    }

    private static func endsName(_ bytes: [UInt8], _ position: Int, _ line: Range<Int>) -> Bool {
        position + 1 >= line.upperBound || ByteSet(" \t\"'").contains(bytes[position + 1])
    }

    func canary(_ values: inout CanaryValues) -> CanaryFile {
        let key = settings.keys[0].filter { $0 != "*" }
        let value = values.password(max(14, settings.shortest))
        let path: String
        if let name = settings.names.min() {
            path = "/etc/canary/" + name
        } else if let part = settings.paths.first {
            path = "/srv" + (part.hasSuffix("/") ? part + "canary" : part + "/canary")
        } else {
            path = "/etc/canary/x." + (settings.endings.min() ?? "conf")
        }
        return CanaryFile(path, settings.example.isEmpty ? "\(key) = \(value)\n" : settings.example + value + "\n")
    }
}

extension SettingsFiles {
    static let all: [any FileParser] = kinds.map { SettingsFiles($0) }

    private static let kinds: [Kind] = [
        Kind(
            name: "mysql-client", title: "Password in a MySQL client's file", severity: .high,
            names: ["my.cnf", ".my.cnf", "debian.cnf", "client.cnf", ".mylogin.cnf"],
            keys: ["password", "passwd", "password1", "master-password"]),
        Kind(
            name: "smtp-client", title: "Password of a mail relay", severity: .high,
            names: [
                ".msmtprc", "msmtprc", ".esmtprc", "esmtprc", "ssmtp.conf", ".mailrc", ".mpoprc", ".getmailrc",
                "nullmailer", "remotes",
            ],
            keys: ["password", "authpass", "pass", "smtp-auth-password"]),
        Kind(
            name: "wpa-supplicant", title: "Key of a wireless network", severity: .high, paths: ["wpa_supplicant"],
            keys: ["psk", "password", "wep_key*", "private_key_passwd", "sae_password", "wpa_psk"], shortest: 5),
        Kind(
            name: "network-manager", title: "Secret of a network connection", severity: .high, paths: ["/system-connections/"],
            endings: ["nmconnection"],
            keys: [
                "psk", "password", "wep-key*", "leap-password", "private-key-password", "private-key", "preshared-key", "pin",
                "secret", "*-password", "passwd", "xauth-password", "ipsec-psk",
            ]),
        Kind(
            name: "wireguard", title: "WireGuard key", severity: .critical, paths: ["/wireguard/"], endings: ["netdev"],
            keys: ["privatekey", "presharedkey"], shortest: 43),
        Kind(
            name: "redis", title: "Redis password", severity: .high, paths: ["redis", "sentinel.conf", "valkey", "keydb"],
            keys: ["requirepass", "masterauth", "auth-pass", "tls-key-file-pass"]),
        Kind(
            name: "ldap-client", title: "LDAP bind password", severity: .high,
            names: [
                "ldap.conf", "nslcd.conf", "pam_ldap.conf", "libnss-ldap.conf", "sssd.conf", "slapd.conf", "ldaprc", ".ldaprc",
                "olcdatabase={1}mdb.ldif",
            ],
            keys: ["bindpw", "rootbindpw", "ldap_default_authtok", "rootpw", "binddn_password", "olcrootpw"]),
        Kind(
            name: "maven", title: "Password in Maven's settings", severity: .high, names: ["settings-security.xml"],
            keys: ["master", "password", "passphrase"], example: "<master>"),
        Kind(
            name: "consul", title: "Key or token of a cluster of agents", severity: .critical, paths: ["/consul", "/nomad"],
            keys: [
                "encrypt", "agent", "default", "master", "replication", "initial_management", "agent_recovery", "agent_master",
                "config_file_service_registration", "dns",
            ], shortest: 20),
        Kind(
            name: "radius", title: "Secret of a RADIUS client", severity: .high, paths: ["/freeradius/", "/raddb/"],
            keys: ["secret", "shared_secret"]),
        Kind(
            name: "asterisk", title: "Secret of a telephone or manager", severity: .high, paths: ["/asterisk/"],
            keys: ["secret", "remotesecret", "password", "md5secret"]),
        Kind(
            name: "swanctl", title: "Secret of an IPsec connection", severity: .high, paths: ["/swanctl/"],
            keys: ["secret", "pin"]),
        Kind(
            name: "remote-desktop", title: "Password of a remote desktop connection", severity: .high, endings: ["rdp"],
            keys: ["password"], shortest: 20),
        Kind(
            name: "rabbitmq", title: "RabbitMQ password", severity: .high, paths: ["rabbitmq"],
            keys: ["default_pass", "password", "*.password"]),
        Kind(
            name: "pypirc", title: "Password of a Python package index", severity: .critical, names: [".pypirc", "pypirc"],
            keys: ["password"]),
        Kind(
            name: "cargo", title: "Token of a Cargo registry", severity: .critical,
            paths: ["/.cargo/credentials", "/cargo/credentials"], keys: ["token"]),
        Kind(
            name: "npmrc", title: "Credential of an npm registry", severity: .critical,
            names: [".npmrc", "npmrc", ".yarnrc", ".yarnrc.yml", ".bowerrc"],
            keys: ["*:_authtoken", "*:_password", "*:_auth", "_authtoken", "_auth", "_password", "npmauthtoken", "npmauthident"]),
        Kind(
            name: "rubygems", title: "Key of a gem server", severity: .critical,
            paths: ["/.gem/credentials", "/gem/credentials", "/.bundle/config"],
            keys: [":rubygems_api_key", "rubygems_api_key", ":*", "bundle_*"], shortest: 12, example: ":rubygems_api_key: "),
        Kind(
            name: "mercurial", title: "Password in Mercurial's settings", severity: .high, names: [".hgrc", "hgrc"],
            keys: ["*.password", "password"]),
        Kind(
            name: "object-storage", title: "Key of an object store", severity: .critical,
            names: [".s3cfg", ".boto", "s3cfg", ".passwd-s3fs", "rclone.conf", ".mc"],
            keys: ["secret_key", "aws_secret_access_key", "secret_access_key", "gs_secret_access_key", "pass", "gpg_passphrase"],
            shortest: 8),
        Kind(
            name: "windows-share", title: "Password of a Windows share", severity: .high,
            names: [".smbcredentials", "smbcredentials", ".smbcreds", ".cifs", "cifs.creds", "credentials.cifs", ".credentials"],
            paths: ["/samba/cred", "/cifs"],
            keys: ["password", "pass"]),
        Kind(
            name: "ceph", title: "Ceph key", severity: .critical, endings: ["keyring"], keys: ["key"], shortest: 38),
        Kind(
            name: "backup", title: "Password of a backup", severity: .high,
            names: ["duplicity.conf", "borgmatic.yaml", "config.borg", "bacula-dir.conf", "bacula-fd.conf", "bareos-dir.conf"],
            paths: ["/restic", "/borg", "/duply/"],
            keys: ["passphrase", "password", "gpg_pw", "encryption_passphrase", "target_pass"]),
        Kind(
            name: "dynamic-dns", title: "Password of a name service", severity: .high,
            names: ["ddclient.conf", "inadyn.conf", "noip.conf"], keys: ["password", "login-password"]),
        Kind(
            name: "monitoring-agent", title: "Secret of a monitoring agent", severity: .high,
            names: [
                "datadog.yaml", "newrelic-infra.yml", "zabbix_agentd.psk", "nrpe.cfg", "telegraf.conf", "collectd.conf",
                "grafana.ini", "icinga2.conf",
            ],
            keys: ["api_key", "license_key", "admin_password", "secret_key", "password", "token"], shortest: 6),
        Kind(
            name: "mail-server", title: "Password of a mail server", severity: .high,
            paths: ["/dovecot/", "/postfix/", "/roundcube/", "/exim4/"],
            keys: ["password", "connect_password", "dbpass", "pgsql_password", "mysql_password"]),
        Kind(
            name: "vnc", title: "Password of a remote desktop", severity: .high,
            names: ["xrdp.ini", "x11vncrc", ".x11vncrc", "krfbrc"], keys: ["password", "passwd", "desktoppassword"]),
        Kind(
            name: "jupyter", title: "Jupyter credential", severity: .high,
            names: ["jupyter_notebook_config.py", "jupyter_server_config.py", "jupyter_lab_config.py"],
            keys: [
                "c.notebookapp.token", "c.notebookapp.password", "c.serverapp.token", "c.serverapp.password",
                "c.identityprovider.token",
            ], shortest: 8),
        Kind(
            name: "kubeconfig", title: "Credential of a cluster", severity: .critical,
            names: ["kubeconfig", "admin.conf", "kubelet.conf", "k3s.yaml"],
            paths: ["/.kube/config", "kubeconfig"], keys: ["token", "password", "client-key-data", "id-token", "refresh-token"],
            shortest: 5),
        Kind(
            name: "network-interfaces", title: "Key of a wireless network", severity: .high,
            paths: ["/network/interfaces", "/var/lib/iwd/"], endings: ["psk"],
            keys: ["wpa-psk", "wpa-password", "wireless-key*", "passphrase", "presharedkey"], shortest: 5),
        Kind(
            name: "code-host-tools", title: "Token of a tool for code hosts", severity: .critical,
            paths: ["/gh/hosts.yml", "/.config/hub", "/glab-cli/config.yml"],
            keys: ["oauth_token", "token"], shortest: 12),
        Kind(
            name: "poetry", title: "Password of a package index", severity: .critical, paths: ["/pypoetry/auth.toml"],
            keys: ["password", "token"]),
    ]
}
