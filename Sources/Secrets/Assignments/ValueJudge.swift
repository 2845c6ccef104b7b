/// Whether a value is a credential, or stands for one, or for something else.
enum ValueJudge {
    /// Whether the value is none by its form: empty, a variable, a template, a call, a path, a word that says "put yours here".
    static func isReference(_ value: ArraySlice<UInt8>) -> Bool {
        guard let first = value.first, let last = value.last else { return true }
        let text = String(decoding: value, as: UTF8.self)
        if value.allSatisfy({ ByteSet("*.-_xX#?•0 ").contains($0) }) { return true }
        // $VAR, ${VAR}, $(command), %VAR%, %(name)s, {{ x }}, <x>, [x], @x@, #{x}, &ref, !vault
        if first == UInt8(ascii: "$") {
            let rest = value.dropFirst()
            if rest.first == UInt8(ascii: "{") || rest.first == UInt8(ascii: "(") { return true }
            if rest.first.map({ ByteSet.letters.contains($0) || $0 == UInt8(ascii: "_") }) == true
                && rest.allSatisfy({
                    ByteSet.word.contains($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "-")
                        || $0 == UInt8(ascii: ">") || $0 == UInt8(ascii: "]")
                })
                && !rest.contains(where: { ByteSet.digits.contains($0) })
            {
                return true
            }
        }
        for mark in ["${", "{{", "}}", "$(", "<%", "%>", "#{", "%(", "$[", "[[", "%s", "{0}", "%d", "\\(", "$$("]
        where text.contains(mark) && !isRandomText(value) { return true }
        if first == UInt8(ascii: "%") && last == UInt8(ascii: "%") { return true }
        if first == UInt8(ascii: "<") || (first == UInt8(ascii: "[") && last == UInt8(ascii: "]")) { return true }
        if first == UInt8(ascii: "{") && last == UInt8(ascii: "}") { return !isEncrypted(value) }
        if first == UInt8(ascii: "@") && last == UInt8(ascii: "@") || first == UInt8(ascii: "!") && text.hasPrefix("!vault") {
            return true
        }
        let lower = text.lowercased()
        for start in references where lower.hasPrefix(start) { return true }
        return isCall(value) || isPath(value, lower) || lower.contains("://")
    }

    /// Characters without any order, as generators of keys make them: what looks like a mark in it is chance.
    private static func isRandomText(_ value: ArraySlice<UInt8>) -> Bool {
        value.count >= 32 && ValueTest.entropy(value) >= 4.4 && value.contains { ByteSet.digits.contains($0) }
            && ValueTest.distinct(value.filter { !ByteSet.alphanumeric.contains($0) }) >= 6
    }

    /// `{AQAAABAAAA…=}`: what Maven and Jenkins encrypt under keys that lie beside it.
    private static func isEncrypted(_ value: ArraySlice<UInt8>) -> Bool {
        let inner = value.dropFirst().dropLast()
        return inner.count >= 24 && inner.allSatisfy { ByteSet.base64.contains($0) || $0 == UInt8(ascii: "=") }
            && inner.contains { ByteSet.digits.contains($0) } && ValueTest.entropy(inner) >= 3.5
    }

    private static let references = [
        "env.", "env:", "env(", "process.env", "os.environ", "os.getenv", "getenv", "config.", "config[", "settings.", "self.",
        "this.",
        "vault:", "arn:", "ssm:", "op://", "secretsmanager", "file:", "ref:", "data.", "var.", "local.", "module.", "params.",
        "args.",
        "options.", "request.", "req.", "props.", "input(", "getpass", "enc(", "{cipher}", "sha256:", "sha512-", "sha384-",
        "sha1-", "md5:",
        "ssh-rsa ", "ssh-ed25519 ", "ecdsa-sha2", "sops:", "enc[", "random(", "uuid.", "system.", "keyring", "pass(", "lookup(",
        "secrets.",
        "ansible_", "vault_", "values.", "ctx.", "context.", "session.", "user.", "conf.", "cfg.", "opts.", "form.", "data[",
        "event.",
    ]

    /// `name(…)`, `a.b(…)`, `a[…]`, `a->b`
    private static func isCall(_ value: ArraySlice<UInt8>) -> Bool {
        guard let open = value.firstIndex(where: { $0 == UInt8(ascii: "(") || $0 == UInt8(ascii: "[") }), open > value.startIndex
        else {
            return ValueTest.contains(Array("->".utf8), in: value) || ValueTest.contains(Array("::".utf8), in: value)
        }
        let name = value[value.startIndex..<open]
        let isName =
            name.allSatisfy { ByteSet.word.contains($0) || $0 == UInt8(ascii: ".") }
            && !name.contains { ByteSet.digits.contains($0) }
        return isName && (value.last == UInt8(ascii: ")") || value.last == UInt8(ascii: "]") || value.last == UInt8(ascii: "("))
    }

    /// `/run/secrets/db`, `~/.pgpass`, `C:\keys`, `./x/y`, `secrets/db.txt`
    private static func isPath(_ value: ArraySlice<UInt8>, _ lower: String) -> Bool {
        if lower.hasPrefix("~/") || lower.hasPrefix("./") || lower.hasPrefix("../") || lower.hasPrefix("c:\\") { return true }
        let slashes = value.count { $0 == UInt8(ascii: "/") }
        if slashes > 0 {
            let parts = value.split(separator: UInt8(ascii: "/"))
            let areNames = parts.allSatisfy { part in
                part.allSatisfy { ByteSet.unreserved.contains($0) } && (part.count < 20 || ValueTest.entropy(part) < 3.7)
            }
            if value.first == UInt8(ascii: "/") && areNames && parts.contains(where: { isWordLike($0) }) { return true }
            if slashes >= 1 && parts.allSatisfy({ isWordLike($0) }) { return true }
        }
        for ending in [
            ".pem", ".key", ".crt", ".txt", ".json", ".yaml", ".yml", ".pub", ".jks", ".p12", ".conf", ".html", ".php", ".js",
            ".py",
        ]
        where lower.hasSuffix(ending) {
            return true
        }
        return false
    }

    /// Letters with separators, as names and sentences have them, and no digit within a word.
    static func isWordLike(_ value: some Collection<UInt8>) -> Bool {
        value.allSatisfy { ByteSet.letters.contains($0) || ByteSet("_-.:/ ,'").contains($0) } && !isScrambled(value)
    }

    /// Letters whose case changes so often that they are no words: `VFyGmrUJmUAYpyn`.
    private static func isScrambled(_ value: some Collection<UInt8>) -> Bool {
        guard value.count >= 10, value.allSatisfy({ ByteSet.letters.contains($0) }) else { return false }
        let words = CredentialName.words(value)
        let unspoken = words.count { word in !word.contains { "aeiouy".contains($0) } }
        return words.count * 3 > value.count || words.count >= 3 && unspoken * 2 >= words.count
    }

    /// Whether the value is a word that stands for a credential or a kind of value.
    static func isStandIn(_ value: ArraySlice<UInt8>) -> Bool {
        if ChecksummedToken.isBroken(value) { return true }
        let letters = ValueTest.lowered(value).filter { ByteSet.alphanumeric.contains($0) }
        let text = String(decoding: letters, as: UTF8.self)
        if standIns.contains(text) || text.isEmpty { return true }
        for part in standInParts where text.contains(part) { return true }
        if ValueTest.distinct(letters) <= 2 && letters.count < 20 { return true }
        return ValueTest.longestSequence(letters) >= max(6, letters.count - 1) && letters.count >= 6
    }

    private static let standIns: Set<String> = [
        "true", "false", "null", "none", "nil", "yes", "no", "on", "off", "undefined", "empty", "default", "string", "str",
        "text", "int",
        "integer", "number", "bool", "boolean", "object", "array", "bytes", "byte", "char", "varchar", "required", "optional",
        "password",
        "passwd", "pass", "pwd", "secret", "token", "key", "apikey", "passphrase", "username", "user", "name", "value", "values",
        "foo", "bar",
        "baz", "foobar", "test", "testing", "sample", "prompt", "ask", "file", "hash", "md5", "sha1", "sha256", "sha512", "plain",
        "basic",
        "bearer", "digest", "unknown", "unset", "todo", "tbd", "fixme", "here", "this", "self", "input", "hidden", "redacted",
        "masked",
        "removed", "xxx", "xxxx", "abc", "123", "1234", "12345", "secretkey", "accesskey", "privatekey", "accesstoken",
        "mypassword", "pw",
        "mysecret", "mytoken", "mykey", "passwordhere", "generated", "random", "enabled", "disabled", "sufficient", "requisite",
        "include",
        "never", "always", "any", "all", "local", "ldap", "pam", "kerberos", "gssapi", "publickey", "keyboardinteractive",
        "trust", "peer",
        "reject", "cert", "scramsha256", "crypt", "yescrypt", "authtok", "files", "compat", "systemd", "sss", "winbind", "nis",
        "dns", "db", "same", "nothing", "inherit", "auto", "manual",
        "interactive", "keyring", "pinentry", "stdin", "environment", "envvar", "keychain", "keyfile", "autogenerate", "generate",
        "internal",
        "external", "basicauth", "oauth", "oauth2", "saml", "openid", "unused", "notused", "notset", "novalue", "forbidden",
        "allow", "deny",
        "client", "server", "login", "logout", "credential",
        "credentials",
        // The word in other languages.
        "passwort", "kennwort", "contrasea", "senha", "wachtwoord", "motdepasse", "haslo", "has", "lsenord", "parola", "heslo",
        "adgangskode", "passord", "sifre", "jelszo", "palavrapasse", "salasana", "losenord",
    ]
    private static let standInParts = [
        "changeme", "changeit", "changethis", "example", "placeholder", "yourpassword", "yoursecret", "yourtoken", "yourkey",
        "yourapi",
        "youraccess", "xxxxx", "replaceme", "replacewith", "insert", "dummy", "redacted", "notarealsecret", "notreal", "fakepass",
        "fakesecret",
        "faketoken", "fakekey", "enteryour", "somepassword", "sometoken", "somesecret", "mysecretpassword", "putyour", "goeshere",
        "todo",
        "pleasechange", "supersecret", "passwordhere", "secrethere", "tokenhere", "keyhere", "addyour", "lorem", "foobar",
        "setme", "fixme",
    ]

    /// Whether a value of this name is a credential.
    static func isCredential(_ value: ArraySlice<UInt8>, _ name: CredentialName, isLiteral: Bool, inSettings: Bool) -> Bool {
        if isReference(value) || isStandIn(value) { return false }
        guard value.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) || (isLiteral && name.isPassword) else { return false }
        let traits = Traits(value)
        switch name {
        case .password: return isPassword(value, traits, inSettings)
        case .secret, .token, .key:
            if traits.isWordLike { return value.count >= 20 && traits.entropy >= 3.9 && !traits.hasSeparator }
            if !traits.hasDigit { return value.count >= 16 && traits.entropy >= 3.6 && traits.classes >= 2 && traits.hasSymbol }
            return value.count >= 8 && traits.hasLetter && traits.entropy >= 2.5 && !looksLikeName(value, traits)
        case .vague:
            if traits.isUUID || traits.isWordLike { return false }
            let isHex = value.allSatisfy { ByteSet.hexadecimal.contains($0) }
            return value.count >= 20 && traits.hasDigit && traits.hasLetter && traits.entropy >= (isHex ? 3 : 3.7)
                && value.allSatisfy { ByteSet.tokenText.contains($0) } && !looksLikeName(value, traits)
        }
    }

    private static func isPassword(_ value: ArraySlice<UInt8>, _ traits: Traits, _ inSettings: Bool) -> Bool {
        guard 4...128 ~= value.count else { return false }
        if value.contains(0x20) && (traits.isWordLike || value.count { $0 == 0x20 } > 4) { return false }
        if traits.isWordLike {
            // Words alone: only where nothing but a password can stand.
            if value.contains(0x20) || value.contains(UInt8(ascii: ":")) { return false }
            return inSettings && value.count >= 5 && ValueTest.distinct(value) >= 4
        }
        if !traits.hasLetter { return value.count >= 5 && (inSettings || traits.hasSymbol) && ValueTest.distinct(value) >= 3 }
        return value.count >= 5 && ValueTest.distinct(value) >= 4
            && (!looksLikeName(value, traits) || isPassphrase(value, inSettings))
    }

    /// `lantern-cobalt-tundra70`: words with a number, of which none is one that names have.
    private static func isPassphrase(_ value: ArraySlice<UInt8>, _ inSettings: Bool) -> Bool {
        let parts = value.split { ByteSet("_-. ").contains($0) }
        guard value.count >= (inSettings ? 12 : 16), parts.count >= (inSettings ? 2 : 3) else { return false }
        return CredentialName.words(value).allSatisfy {
            $0.utf8.count >= 4 && !CredentialName.isOfNames($0) && !standIns.contains($0)
        }
    }

    /// `user_password_2`, `config-v1`, `utf-8`, `sha-256`, `AES256`: words with a number behind.
    private static func looksLikeName(_ value: ArraySlice<UInt8>, _ traits: Traits) -> Bool {
        guard traits.hasSeparator || value.count < 8 else { return false }
        let parts = value.split { ByteSet("_-./: ").contains($0) }
        if parts.isEmpty { return true }
        return traits.hasSeparator
            && parts.allSatisfy { part in
                let letters = part.prefix { ByteSet.letters.contains($0) }
                let rest = part.dropFirst(letters.count)
                return rest.allSatisfy { ByteSet.digits.contains($0) } && rest.count <= 3
                    && (letters.isEmpty || letters.allSatisfy { (0x61...0x7A).contains($0) }
                        || letters.dropFirst().allSatisfy { (0x61...0x7A).contains($0) }
                        || letters.allSatisfy { (0x41...0x5A).contains($0) })
            }
    }

    private struct Traits {
        let hasDigit: Bool
        let hasLetter: Bool
        let hasSymbol: Bool
        let hasSeparator: Bool
        let classes: Int
        let entropy: Double
        let isWordLike: Bool
        let isUUID: Bool

        init(_ value: ArraySlice<UInt8>) {
            hasDigit = value.contains { ByteSet.digits.contains($0) }
            let lower = value.contains { (0x61...0x7A).contains($0) }
            let upper = value.contains { (0x41...0x5A).contains($0) }
            hasLetter = lower || upper
            hasSeparator = value.contains { ByteSet("_-./: ").contains($0) }
            hasSymbol = value.contains { !ByteSet.alphanumeric.contains($0) && !ByteSet("_-./: ").contains($0) }
            classes = [hasDigit, lower, upper, hasSymbol].count { $0 }
            entropy = ValueTest.entropy(value)
            isWordLike = ValueJudge.isWordLike(value)
            isUUID = value.count == 36 && value.allSatisfy { ByteSet.hexadecimal.contains($0) || $0 == UInt8(ascii: "-") }
        }
    }
}

extension CredentialName {
    var isPassword: Bool { self == .password }
}
