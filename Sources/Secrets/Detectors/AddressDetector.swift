import Hyperscan

/// Finds passwords and tokens in addresses: `scheme://user:password@host` (RFC 3986).
struct AddressDetector: Detector {
    static let password = SecretRule("url-password", "Password in an address", .password, .high)
    static let token = SecretRule("url-token", "Token in an address", .password, .high)
    static let oracle = SecretRule("jdbc-password", "Password in a database address", .database, .high)

    let rules = [password, token, oracle]
    let literals = [Literal("://"), Literal("jdbc:oracle:", ignoresCase: true)]
    let readsTextOnly = false

    private static let ends = ByteSet(" \t\r\n\"'<>`\\|(){}")
    private static let maximumLength = 400

    func inspect(_ content: Content, _ hit: Range<Int>, _ found: inout [Candidate]) {
        if hit.count > 3 { return oracleAddress(content, hit, &found) }
        let bytes = content.bytes
        guard hit.lowerBound > 0, ByteSet.alphanumeric.contains(bytes[hit.lowerBound - 1]) else { return }
        let start = hit.upperBound
        guard let at = Self.authorityEnd(bytes, start) else { return }
        let userInfo = bytes[start..<at]
        guard at + 1 < bytes.count, ByteSet.alphanumeric.contains(bytes[at + 1]) || ByteSet("[${<%").contains(bytes[at + 1])
        else { return }
        guard let colon = userInfo.firstIndex(of: UInt8(ascii: ":")) else {
            if content.isText && isToken(userInfo) { found.append(Candidate(Self.token, start..<at, .form)) }
            return
        }
        let value = bytes[(colon + 1)..<at]
        // Programs have many addresses that are forms to be filled in.
        if !content.isText && !(isService(bytes, hit.lowerBound) && isConvincing(value)) { return }
        if isPassword(value, user: userInfo[..<colon]) {
            found.append(Candidate(Self.password, (colon + 1)..<at, .form))
        } else if isToken(userInfo[..<colon]) {
            // `https://TOKEN:x-oauth-basic@github.com`
            found.append(Candidate(Self.token, start..<colon, .form))
        }
    }

    /// The last `@` before the authority ends.
    private static func authorityEnd(_ bytes: [UInt8], _ start: Int) -> Int? {
        var at: Int?
        var position = start
        while position < bytes.count && position - start < maximumLength {
            let byte = bytes[position]
            if byte == UInt8(ascii: "@") { at = position }
            if ends.contains(byte) || (byte == UInt8(ascii: "/") && at != nil) || (byte == UInt8(ascii: "?") && at != nil) {
                break
            }
            // A path without `@` before it: only a password with a slash in it goes on.
            if byte == UInt8(ascii: "/") && position - start > 0 && !bytes[start..<position].contains(UInt8(ascii: ":")) {
                return nil
            }
            if byte == UInt8(ascii: ",") && at != nil { break }
            position += 1
        }
        return at
    }

    private func isPassword(_ value: ArraySlice<UInt8>, user: ArraySlice<UInt8>) -> Bool {
        guard value.count >= 3, value.count <= 256, !value.contains(UInt8(ascii: "/")) || ValueTest.entropy(value) > 3 else {
            return false
        }
        if ValueJudge.isReference(value) || ValueJudge.isStandIn(value) { return false }
        let isShown = ["user", "username", "name", "login", "myuser", "foo", "scott"].contains(
            String(decoding: ValueTest.lowered(user), as: UTF8.self))
        return !(isShown && ValueJudge.isWordLike(value)) && !value.allSatisfy { $0 == value.first }
    }

    private static let services: Set<String> = [
        "postgres", "postgresql", "mysql", "mariadb", "mongodb", "srv", "redis", "rediss", "amqp", "amqps", "ftp", "sftp", "http",
        "https", "ldap", "ldaps", "smtp", "smtps", "mssql", "sqlserver", "clickhouse",
    ]

    /// Whether the word before `://` is one of those that passwords are given to.
    private func isService(_ bytes: [UInt8], _ end: Int) -> Bool {
        var start = end
        while start > 0 && end - start < 16 && ByteSet.alphanumeric.contains(bytes[start - 1]) { start -= 1 }
        return Self.services.contains(String(decoding: ValueTest.lowered(bytes[start..<end]), as: UTF8.self))
    }

    private func isConvincing(_ value: ArraySlice<UInt8>) -> Bool {
        value.count >= 8 && value.allSatisfy { (0x21...0x7E).contains($0) } && value.contains { ByteSet.digits.contains($0) }
            && value.contains { ByteSet.letters.contains($0) } && ValueTest.entropy(value) >= 2.7
    }

    private func isToken(_ value: ArraySlice<UInt8>) -> Bool {
        value.count >= 20 && value.allSatisfy { ByteSet.unreserved.contains($0) }
            && value.contains { ByteSet.digits.contains($0) }
            && ValueTest.entropy(value) >= 3.3 && !ValueTest.isDummy(value)
    }

    /// `jdbc:oracle:thin:user/password@host`
    private func oracleAddress(_ content: Content, _ hit: Range<Int>, _ found: inout [Candidate]) {
        let pattern = TokenPattern(#"[a-z0-9]{2,8}:[A-Za-z0-9_$#]{1,40}/([^\s"'/@]{3,80})@"#)
        guard let match = pattern.match(content.bytes, at: hit.upperBound) else { return }
        let value = content.bytes[match.credential]
        if ValueJudge.isReference(value) || ValueJudge.isStandIn(value) { return }
        found.append(Candidate(Self.oracle, match.credential, .form))
    }
}
