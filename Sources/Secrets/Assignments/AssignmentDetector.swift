import Hyperscan

/// Finds values of settings and variables whose name says that they are credentials.
struct AssignmentDetector: Detector {
    static let password = SecretRule("assigned-password", "Password in a setting", .generic, .high)
    static let secret = SecretRule("assigned-secret", "Secret in a setting", .generic, .high)
    static let token = SecretRule("assigned-token", "Token in a setting", .generic, .high)
    static let key = SecretRule("assigned-key", "Key in a setting", .generic, .high)
    static let credential = SecretRule("assigned-credential", "Credential in a setting", .generic, .medium)

    let rules = [password, secret, token, key, credential]
    let readsTextOnly = true
    let maximumHits = 200_000

    let literals = [
        "pass", "pwd", "secret", "token", "apikey", "api_key", "api-key", "accesskey", "access_key", "access-key", "private_key",
        "privatekey",
        "authkey", "auth_key", "_key", "-key", "key\"", "key'", "key=", "key:", "key =", "cred", "_pw", "bindpw", "rootpw", "psk",
        "auth\"",
        "auth'", "auth=", "_auth", "bearer", "senha", "parola", "contrasena", "seed", "mnemonic", "signingkey", "encryptionkey",
        "masterkey",
        "salt", "pepper",
    ].map { Literal($0, ignoresCase: true) }

    /// A name is at most this long.
    private static let maximumName = 80
    private static let nameBytes = ByteSet.word.union(ByteSet("-."))

    func inspect(_ content: Content, _ hit: Range<Int>, _ found: inout [Candidate]) {
        let bytes = content.bytes
        var start = hit.lowerBound
        while start > 0 && hit.lowerBound - start < Self.maximumName && Self.nameBytes.contains(bytes[start - 1]) { start -= 1 }
        var end = hit.lowerBound
        while end < bytes.count && end - start < Self.maximumName && Self.nameBytes.contains(bytes[end]) { end += 1 }
        // Of several hits in one name, the first one does the work.
        guard end < bytes.count, end - start < Self.maximumName, isFirstHit(bytes, start, hit.lowerBound) else { return }
        if bytes[start] == UInt8(ascii: "-") { return CommandDetector.option(content, start, &found) }
        guard let name = CredentialName(bytes[start..<end]), !isValue(content, start),
            let value = AssignedValue(behind: end, in: content)
        else { return }
        if let candidate = judge(content, name, bytes[start..<end], value) { found.append(candidate) }
    }

    private func isFirstHit(_ bytes: [UInt8], _ start: Int, _ hit: Int) -> Bool {
        if hit - start < 4 { return true }
        let before = ValueTest.lowered(bytes[start..<hit])
        return !Self.commonLiterals.contains { ValueTest.contains($0, in: before) }
    }

    /// Literals that many names have; the work is done twice for a name that has two others.
    private static let commonLiterals = ["pass", "pwd", "secret", "token", "cred", "apikey", "_key", "-key"].map {
        Array($0.utf8)
    }

    /// Whether a name in quotes is what another one is set to: `"credsStore": "pass", "x": "y"`.
    private func isValue(_ content: Content, _ start: Int) -> Bool {
        let bytes = content.bytes
        guard start > 0, bytes[start - 1] == 0x22 || bytes[start - 1] == 0x27 else { return false }
        var position = start - 1
        while position > 0 && start - position < 8 && bytes[position - 1] == 0x20 { position -= 1 }
        guard position > 0, bytes[position - 1] == UInt8(ascii: ":") else { return false }
        // `"name": "DB_PASSWORD", "value": "x"`
        let before = ValueTest.lowered(bytes[max(0, position - 8)..<(position - 1)].filter { ByteSet.letters.contains($0) })
        return !["name", "key"].contains { before.suffix($0.utf8.count).elementsEqual($0.utf8) }
    }

    private func judge(
        _ content: Content, _ name: CredentialName, _ nameBytes: ArraySlice<UInt8>, _ value: AssignedValue
    ) -> Candidate? {
        let bytes = content.bytes[value.range]
        let inString = !value.isQuoted && isInsideString(content, nameBytes.startIndex)
        switch content.syntax {
        case .program:
            // What is not in quotes is an expression, unless all of it stands in a text.
            if !value.isQuoted && !(inString && value.form == .equals) && value.form != .element { return nil }
        case .prose:
            guard value.isQuoted || value.endsLine || inString || value.form == .equals else { return nil }
        case .unknown:
            guard value.isQuoted || value.endsLine || inString || value.form == .equals || value.form == .element else {
                return nil
            }
        case .settings: guard value.isField else { return nil }
        case .shell: break
        }
        let strict = content.syntax == .prose || content.syntax == .program || inString || value.form == .sentence
        if strict && bytes.contains(0x20) && !bytes.allSatisfy({ $0 < 0x7F }) { return nil }
        let inSettings = !strict && (content.syntax != .unknown || value.endsLine)
        guard ValueJudge.isCredential(bytes, name, isLiteral: value.isQuoted, inSettings: inSettings) else { return nil }
        if strict && !value.isQuoted && ValueTest.entropy(bytes) < 2 { return nil }
        return Candidate(rule(for: name), value.range, .assignment)
    }

    private func rule(for name: CredentialName) -> SecretRule {
        switch name {
        case .password: Self.password
        case .secret: Self.secret
        case .token: Self.token
        case .key: Self.key
        case .vague: Self.credential
        }
    }

    /// Whether a place is within quotes that begin before it on its line.
    private func isInsideString(_ content: Content, _ position: Int) -> Bool {
        let start = content.lineStart(position, limit: 300)
        // Where the line begins is not known: its quotes tell nothing.
        if position - start >= 300 { return false }
        let line = content.bytes[start..<position]
        return [UInt8(0x22), 0x27].contains { quote in line.count { $0 == quote } % 2 == 1 }
    }
}
