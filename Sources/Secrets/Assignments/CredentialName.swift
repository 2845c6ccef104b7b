/// What the name of a setting or variable says about its value: `dbPassword`, `AWS_SECRET`, `api-key`.
enum CredentialName: Sendable {
    case password
    case secret
    case token
    case key
    /// `auth`, `credentials`, and keys of unknown use: the value has to be convincing.
    case vague

    /// Nil where the value is no credential, or is about one: `password_file`, `tokenType`, `public_key`.
    init?(_ name: some Collection<UInt8>) {
        let words = Self.words(name)
        guard let position = words.lastIndex(where: { Self.kind($0) != nil || Self.keyWords.contains($0) }) else { return nil }
        if words[(position + 1)...].contains(where: { Self.aboutWords.contains($0) }) { return nil }
        let kind = Self.kind(words[position])
        let harmless = kind == .password ? Self.harmlessBeforePasswords : Self.harmlessWords
        if words[..<position].contains(where: { harmless.contains($0) }) { return nil }
        if let kind {
            if kind == .token && position > 0 && Self.harmlessTokens.contains(words[position - 1]) { return nil }
            self = kind
        } else {
            // A key is a secret by what stands before it: `api key`, `accessKey`; else only its value can tell.
            let before = position > 0 ? words[position - 1] : ""
            if words.contains(where: { Self.kind($0) == .secret }) {
                self = .secret
            } else {
                self = Self.secretKeys.contains(before) ? .key : .vague
            }
        }
    }

    /// Whether a word is one of those that names of settings are made of.
    static func isOfNames(_ word: String) -> Bool {
        kind(word) != nil || keyWords.contains(word) || aboutWords.contains(word) || harmlessWords.contains(word)
            || secretKeys.contains(word)
    }

    private static func kind(_ word: String) -> CredentialName? {
        if passwords.contains(word) { return .password }
        if secrets.contains(word) { return .secret }
        if tokens.contains(word) { return .token }
        if apiKeys.contains(word) { return .key }
        if vagues.contains(word) { return .vague }
        for ending in ["password", "passwd", "passphrase", "passwort"] where word.hasSuffix(ending) { return .password }
        if word.hasSuffix("secret") { return .secret }
        if word.hasSuffix("apikey") { return .key }
        return word.hasSuffix("token") && word.count > 6 ? .token : nil
    }

    /// Words of a name in lower case: split at `_ - . $ /` and where a capital follows a small letter.
    static func words(_ name: some Collection<UInt8>) -> [String] {
        var words: [[UInt8]] = [[]]
        var previous: UInt8 = 0
        let bytes = Array(name)
        for (index, byte) in bytes.enumerated() {
            let isUpper = (0x41...0x5A).contains(byte)
            let nextIsLower = index + 1 < bytes.count && (0x61...0x7A).contains(bytes[index + 1])
            let previousIsUpper = (0x41...0x5A).contains(previous)
            let startsWord = isUpper && !words[words.count - 1].isEmpty && (!previousIsUpper || nextIsLower)
            if !ByteSet.alphanumeric.contains(byte) {
                if !words[words.count - 1].isEmpty { words.append([]) }
            } else {
                if startsWord { words.append([]) }
                words[words.count - 1].append(ValueTest.lowered(byte))
            }
            previous = byte
        }
        return words.map { word in
            // `password2` and `token1` are numbered, not other words.
            let letters = word.reversed().drop { ByteSet.digits.contains($0) }
            return String(decoding: letters.isEmpty ? word : letters.reversed(), as: UTF8.self)
        }.filter { !$0.isEmpty }
    }

    private static let passwords: Set<String> = [
        "pass", "password", "passwd", "pwd", "passphrase", "passcode", "passwords", "pw", "psw", "passw", "userpass", "dbpass",
        "rootpw",
        "mypass", "dbpwd", "passwort", "contrasena", "senha", "requirepass", "masterauth", "bindpw", "rootbindpw", "pgpassword",
        "userpw",
        "adminpass", "smtppass", "sshpass", "mailpass", "passkey", "keypass", "storepass", "psk", "wpapsk", "parola",
        "motdepasse",
    ]
    private static let secrets: Set<String> = [
        "secret", "secrets", "secretkey", "clientsecret", "appsecret", "sharedsecret", "seed", "mnemonic",
    ]
    private static let tokens: Set<String> = ["token", "tokens", "accesstoken", "authtoken", "bearer", "jwt", "pat"]
    private static let apiKeys: Set<String> = [
        "apikey", "apikeys", "accesskey", "privatekey", "authkey", "appkey", "encryptionkey", "signingkey", "masterkey",
        "sharedkey",
    ]
    private static let vagues: Set<String> = [
        "auth", "authorization", "cred", "creds", "credential", "credentials", "salt", "nonce", "signature", "pepper",
    ]
    private static let keyWords: Set<String> = ["key", "keys"]
    private static let secretKeys: Set<String> = [
        "api", "access", "private", "secret", "encryption", "encrypt", "signing", "sign", "master", "auth", "service", "shared",
        "account",
        "admin", "app", "application", "session", "cookie", "hmac", "crypto", "cipher", "aes", "decryption", "storage",
        "security",
        "subscription", "host", "write", "ingest", "license", "integration", "webhook", "consumer", "jwt", "machine",
    ]
    /// Behind the word: the value is something about the credential.
    private static let aboutWords: Set<String> = [
        "file", "files", "filename", "path", "dir", "directory", "url", "uri", "urls", "length", "len", "min", "max", "size",
        "count",
        "policy", "age", "days", "expiry", "expires", "expired", "expiration", "timeout", "ttl", "type", "types", "name", "names",
        "hint",
        "prompt", "label", "field", "fields", "placeholder", "regex", "pattern", "format", "enabled", "required", "reset",
        "change",
        "changed", "algorithm", "alg", "encoding", "store", "manager", "provider", "class", "endpoint", "host", "port", "user",
        "username",
        "command", "cmd", "callback", "error", "errors", "message", "msg", "text", "title", "description", "desc", "validator",
        "strength",
        "usage", "limit", "bucket", "index", "position", "location", "version", "mode", "method", "methods", "scheme", "source",
        "ref",
        "reference", "arn", "id", "ids", "input", "form", "page", "link", "check", "history", "lifetime", "grant", "env", "var",
        "variable",
        "status", "state", "date", "time", "at", "helper", "service", "server", "template", "mask", "char", "chars", "column",
        "table",
        "issuer", "audience", "scope", "scopes", "algorithms", "digest", "hasher", "encoder", "rotation", "renewal", "budget",
        "usagecount",
        "prefix", "suffix", "alias", "owner", "group", "bits", "secretname", "mount", "volume", "header", "param", "parameter",
        "fingerprint",
        "quality", "warn", "warning", "inactive", "crypt", "cracker", "attempts", "retries", "authentication", "login", "program",
        "agent",
        "protocol", "interval", "sha", "md", "checksum", "exists", "valid", "invalid", "required", "optional", "visible",
        "hidden", "icon",
    ]
    /// Before the word: the credential is public, or the value is a switch.
    private static let harmlessWords: Set<String> = [
        "public", "pub", "primary", "foreign", "sort", "partition", "cache", "no", "is", "has", "allow", "enable", "disable",
        "require", "publishable",
        "use", "show", "hide", "min", "max", "num", "count", "forgot", "reset", "permit", "ssh", "host",
    ]
    /// What passwords are for, unlike keys: `EMAIL_HOST_PASSWORD`, `ansible_ssh_pass`.
    private static let passwordPlaces: Set<String> = ["ssh", "host", "primary", "public", "cache"]
    private static let harmlessBeforePasswords = harmlessWords.subtracting(passwordPlaces)
    private static let harmlessTokens: Set<String> = [
        "next", "page", "continuation", "cancel", "cancellation", "sync", "start", "end", "current", "last", "previous", "lexer",
        "syntax",
        "pagination", "max", "total", "prompt", "completion", "csrf", "eos", "bos", "pad", "unk", "sep", "cls", "stop", "first",
        "string",
    ]
}
