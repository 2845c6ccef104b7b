/// Reads files in which a credential is one word of a line of a certain form. A further kind is one entry.
struct LineForms: FileParser {
    /// One kind of file.
    struct Kind: Sendable {
        let name: String
        let title: String
        let names: NameTest
        /// What a line with a credential begins with, blanks aside.
        let forms: [TokenPattern]
        /// Where a canary lies, and the text before and behind its value.
        let example: (path: String, before: String, behind: String)

        init(_ name: String, _ title: String, _ names: NameTest, _ forms: [String], example: (String, String, String)) {
            self.name = name
            self.title = title
            self.names = names
            self.forms = forms.map { TokenPattern($0) }
            self.example = example
        }
    }

    let form: Kind
    let rules: [SecretRule]
    var kind: String { form.name }
    var names: NameTest { form.names }

    init(_ form: Kind) {
        self.form = form
        rules = [SecretRule("file-\(form.name)", form.title, .password, .high)]
    }

    func find(in content: Content, _ found: inout [Candidate]) {
        guard content.isText else { return }
        for line in Lines(content) {
            let start = line.lowerBound + content.bytes[line].prefix { $0 == 0x20 || $0 == 0x09 }.count
            for pattern in form.forms {
                guard let match = pattern.match(content.bytes, at: start), match.whole.upperBound <= line.upperBound,
                    FieldValue.isSet(content.bytes[match.credential], atLeast: 4)
                else { continue }
                found.append(Candidate(rules[0], match.credential, .parser))
            }
        }
    }

    func canary(_ values: inout CanaryValues) -> CanaryFile {
        CanaryFile(form.example.path, form.example.before + values.password() + form.example.behind + "\n")
    }
}

extension LineForms {
    static let all: [any FileParser] = kinds.map { LineForms($0) }

    private static let kinds: [Kind] = [
        Kind(
            "haproxy", "Password in HAProxy's settings", NameTest(names: ["haproxy.cfg"], paths: ["/haproxy/"]),
            [
                #"user\s{1,8}[^\s]{1,64}\s{1,8}insecure-password\s{1,8}([^\s]{1,200})"#,
                #"stats\s{1,8}auth\s{1,8}[^\s:]{1,64}:([^\s]{1,200})"#,
            ],
            example: ("/etc/haproxy/haproxy.cfg", "    stats auth admin:", "")),
        Kind(
            "squid", "Password of an upstream proxy", NameTest(names: ["squid.conf"], paths: ["/squid/"]),
            [#"cache_peer\s[^\n]{1,200}login=[^\s:]{1,64}:([^\s]{1,200})"#],
            example: ("/etc/squid/squid.conf", "cache_peer up parent 3128 0 login=user:", "")),
        Kind(
            "proftpd", "Database password of ProFTPD", NameTest(paths: ["/proftpd/"]),
            [#"SQLConnectInfo\s{1,8}[^\s]{1,100}\s{1,8}[^\s]{1,64}\s{1,8}([^\s]{1,200})"#],
            example: ("/etc/proftpd/sql.conf", "SQLConnectInfo ftp@localhost user ", "")),
        Kind(
            "curl", "Password in curl's settings", NameTest(names: [".curlrc", "_curlrc", "curlrc"]),
            [#"-{0,2}(?:proxy-)?user\s{0,8}[=: ]\s{0,8}"?[^\s:"]{1,64}:([^"\n\r]{1,200})"#],
            example: ("/root/.curlrc", "user = \"ann:", "\"")),
        Kind(
            "clock-key", "Key of a time server", NameTest(names: ["chrony.keys", "ntp.keys", "keys.ntp"], paths: ["/ntp/keys"]),
            [#"\d{1,6}\s{1,8}(?:[A-Za-z0-9\-]{1,16}\s{1,8})?(?:HEX:|ASCII:)?([^\s#]{4,400})"#],
            example: ("/etc/chrony/chrony.keys", "1 SHA256 ASCII:", "")),
    ]
}
