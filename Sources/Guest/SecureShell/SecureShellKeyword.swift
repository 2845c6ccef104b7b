/// An option of sshd 9.2: how its arguments are read, and what it is where nothing sets it.
package struct SecureShellKeyword: Sendable {
    package enum Form: Sendable {
        /// `yes` or `no`.
        case flag
        /// One of these words; the values are what counts for the words.
        case choice([String: String])
        /// An amount of time, told in seconds.
        case time
        case number
        /// One argument.
        case text
        /// A word in upper case.
        case upperCase
        /// All that stands behind the keyword.
        case rest
        /// Several arguments of one line.
        case words
        /// Each line and argument adds a value.
        case list
        /// Each line adds a value.
        case lines
        case algorithms(SecureShellAlgorithms)
        /// Something with rules of its own.
        case special(@Sendable ([String]) -> [String])
    }

    /// In lower case.
    package let name: String
    package let form: Form
    package let defaults: [String]

    private init(_ name: String, _ form: Form, _ defaults: String...) {
        self.name = name
        self.form = form
        self.defaults = defaults
    }

    /// By name, in lower case.
    package static let all: [String: SecureShellKeyword] = Dictionary(
        table.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

    /// Other names of options.
    static let synonyms = [
        "challengeresponseauthentication": "kbdinteractiveauthentication", "skeyauthentication": "kbdinteractiveauthentication",
        "keepalive": "tcpkeepalive", "pubkeyacceptedkeytypes": "pubkeyacceptedalgorithms",
        "hostbasedacceptedkeytypes": "hostbasedacceptedalgorithms", "dsaauthentication": "pubkeyauthentication",
        "authorizedkeysfile2": "authorizedkeysfile", "hostdsakey": "hostkey",
    ]

    /// Options that count in Match blocks.
    static let matchable: Set<String> = [
        "acceptenv", "allowagentforwarding", "allowgroups", "allowstreamlocalforwarding", "allowtcpforwarding", "allowusers",
        "authenticationmethods", "authorizedkeyscommand", "authorizedkeyscommanduser", "authorizedkeysfile",
        "authorizedprincipalscommand", "authorizedprincipalscommanduser", "authorizedprincipalsfile", "banner",
        "casignaturealgorithms", "channeltimeout", "chrootdirectory", "clientalivecountmax", "clientaliveinterval", "denygroups",
        "denyusers", "disableforwarding", "exposeauthinfo", "forcecommand", "gatewayports", "gssapiauthentication",
        "hostbasedacceptedalgorithms", "hostbasedauthentication", "hostbasedusesnamefrompacketonly", "ignorerhosts", "ipqos",
        "kbdinteractiveauthentication", "kerberosauthentication", "loglevel", "maxauthtries", "maxsessions",
        "passwordauthentication", "permitemptypasswords", "permitlisten", "permitopen", "permitrootlogin", "permittty",
        "permittunnel", "permituserrc", "pubkeyacceptedalgorithms", "pubkeyauthentication", "pubkeyauthoptions", "rekeylimit",
        "requiredrsasize", "revokedkeys", "rdomain", "setenv", "streamlocalbindmask", "streamlocalbindunlink",
        "trustedusercakeys",
        "unusedconnectiontimeout", "x11displayoffset", "x11forwarding", "x11uselocalhost",
    ]

    /// The options of which sshd, unlike its manual, takes the last line.
    static let lastWins: Set<String> = ["ipqos", "maxstartups"]

    private static let table: [SecureShellKeyword] = flags + choices + amounts + texts + lists + algorithms

    private static let flags: [SecureShellKeyword] =
        [
            "usepam", "ignoreuserknownhosts", "hostbasedauthentication", "hostbasedusesnamefrompacketonly",
            "kerberosauthentication", "gssapiauthentication", "gssapikeyexchange", "gssapistorecredentialsonrekey",
            "x11forwarding",
            "permitemptypasswords", "usedns", "disableforwarding", "streamlocalbindunlink", "exposeauthinfo",
        ].map { SecureShellKeyword($0, .flag, "no") }
        + [
            "pubkeyauthentication", "kerberosorlocalpasswd", "kerberosticketcleanup", "gssapicleanupcredentials",
            "gssapistrictacceptorcheck", "passwordauthentication", "kbdinteractiveauthentication", "printmotd", "printlastlog",
            "x11uselocalhost", "permittty", "permituserrc", "strictmodes", "tcpkeepalive", "allowagentforwarding", "debianbanner",
        ].map { SecureShellKeyword($0, .flag, "yes") }

    private static let choices: [SecureShellKeyword] = [
        SecureShellKeyword(
            "permitrootlogin",
            .choice([
                "without-password": "without-password", "prohibit-password": "without-password",
                "forced-commands-only": "forced-commands-only", "yes": "yes", "no": "no",
            ]), "without-password"),
        SecureShellKeyword("compression", .choice(["yes": "yes", "delayed": "yes", "no": "no"]), "yes"),
        SecureShellKeyword(
            "gatewayports", .choice(["clientspecified": "clientspecified", "yes": "yes", "no": "no"]), "no"),
        SecureShellKeyword("allowtcpforwarding", forwarding, "yes"),
        SecureShellKeyword("allowstreamlocalforwarding", forwarding, "yes"),
        SecureShellKeyword("ignorerhosts", .choice(["yes": "yes", "no": "no", "shosts-only": "shosts-only"]), "yes"),
        SecureShellKeyword("addressfamily", .choice(["inet": "inet", "inet6": "inet6", "any": "any"]), "any"),
        SecureShellKeyword(
            "permittunnel",
            .choice(["no": "no", "point-to-point": "point-to-point", "ethernet": "ethernet", "yes": "yes"]), "no"),
        SecureShellKeyword("fingerprinthash", .choice(["md5": "MD5", "sha256": "SHA256"]), "SHA256"),
    ]
    private static let forwarding = Form.choice(["yes": "yes", "all": "yes", "no": "no", "remote": "remote", "local": "local"])

    private static let amounts: [SecureShellKeyword] = [
        SecureShellKeyword("logingracetime", .time, "120"), SecureShellKeyword("clientaliveinterval", .time, "0"),
        SecureShellKeyword("unusedconnectiontimeout", .time, "none"), SecureShellKeyword("x11displayoffset", .number, "10"),
        SecureShellKeyword("maxauthtries", .number, "6"), SecureShellKeyword("maxsessions", .number, "10"),
        SecureShellKeyword("clientalivecountmax", .number, "3"), SecureShellKeyword("requiredrsasize", .number, "1024"),
        SecureShellKeyword("streamlocalbindmask", .special(SecureShellForms.octal), "0177"),
        SecureShellKeyword("maxstartups", .special(SecureShellForms.startups), "10:30:100"),
        SecureShellKeyword("persourcemaxstartups", .text, "none"),
        SecureShellKeyword("persourcenetblocksize", .special(SecureShellForms.blockSizes), "32:128"),
        SecureShellKeyword("rekeylimit", .special(SecureShellForms.rekeyLimit), "0", "0"),
        SecureShellKeyword("ipqos", .special(SecureShellForms.qualityOfService), "lowdelay", "throughput"),
    ]

    private static let texts: [SecureShellKeyword] =
        [
            "banner", "chrootdirectory", "trustedusercakeys", "revokedkeys", "authorizedprincipalsfile",
            "authorizedkeyscommanduser",
            "authorizedprincipalscommanduser", "hostkeyagent", "rdomain",
        ].map { SecureShellKeyword($0, .text, "none") }
        + ["forcecommand", "versionaddendum", "authorizedkeyscommand", "authorizedprincipalscommand"].map {
            SecureShellKeyword($0, .rest, "none")
        }
        + [
            SecureShellKeyword("pidfile", .text, "/run/sshd.pid"), SecureShellKeyword("modulifile", .text, "/etc/ssh/moduli"),
            SecureShellKeyword("xauthlocation", .text, "/usr/bin/xauth"),
            SecureShellKeyword("securitykeyprovider", .text, "internal"), SecureShellKeyword("loglevel", .upperCase, "INFO"),
            SecureShellKeyword("syslogfacility", .upperCase, "AUTH"), SecureShellKeyword("permituserenvironment", .text, "no"),
            SecureShellKeyword(
                "gssapikexalgorithms", .text,
                "gss-group14-sha256-,gss-group16-sha512-,gss-nistp256-sha256-,gss-curve25519-sha256-,gss-group14-sha1-,gss-gex-sha1-"
            ),
        ]

    private static let lists: [SecureShellKeyword] = [
        SecureShellKeyword("port", .list, "22"), SecureShellKeyword("listenaddress", .lines),
        SecureShellKeyword("hostkey", .list),
        SecureShellKeyword("hostcertificate", .list), SecureShellKeyword("acceptenv", .list),
        SecureShellKeyword("allowusers", .list),
        SecureShellKeyword("denyusers", .list), SecureShellKeyword("allowgroups", .list), SecureShellKeyword("denygroups", .list),
        SecureShellKeyword("subsystem", .lines), SecureShellKeyword("setenv", .words), SecureShellKeyword("logverbose", .words),
        SecureShellKeyword("authorizedkeysfile", .words, ".ssh/authorized_keys", ".ssh/authorized_keys2"),
        SecureShellKeyword("authenticationmethods", .words, "any"), SecureShellKeyword("permitopen", .words, "any"),
        SecureShellKeyword("permitlisten", .special(SecureShellForms.listening), "any"),
        SecureShellKeyword("pubkeyauthoptions", .words, "none"),
        SecureShellKeyword("channeltimeout", .words, "none"),
    ]

    private static let algorithms: [SecureShellKeyword] = [
        offering("ciphers", .ciphers), offering("macs", .authenticationCodes), offering("kexalgorithms", .keyExchanges),
        offering("hostkeyalgorithms", .signatures), offering("hostbasedacceptedalgorithms", .signatures),
        offering("pubkeyacceptedalgorithms", .signatures), offering("casignaturealgorithms", .authoritySignatures),
    ]

    private static func offering(_ name: String, _ algorithms: SecureShellAlgorithms) -> SecureShellKeyword {
        SecureShellKeyword(name, .algorithms(algorithms), algorithms.offered.joined(separator: ","))
    }
}
