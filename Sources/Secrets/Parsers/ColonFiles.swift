/// Reads the account files of fields between colons that hold hashes of passwords: shadow(5), gshadow(5), passwd(5), htpasswd, htdigest,
/// opasswd, smbpasswd, Dovecot's and pure-ftpd's.
struct ColonFiles: FileParser {
    static let hash = SecretRule("account-hash", "Password hash of an account", .passwordHash, .high)
    static let empty = SecretRule("account-empty-password", "Account without a password", .passwordHash, .high)
    static let digest = SecretRule("account-digest", "Password digest of an account", .passwordHash, .high)

    let kind = "accounts"
    let looksAtName = true
    let rules = [hash, empty, digest]

    let names = NameTest(
        names: [
            "shadow", "gshadow", "passwd", "group", "opasswd", "smbpasswd", "htpasswd", ".htpasswd", "htdigest", ".htdigest",
            "master.passwd",
            "passwd.client", "pureftpd.passwd", "users.htpasswd", "nginx.htpasswd", "dovecot-users", "dovecot.passwd",
            "ftpd.passwd",
        ], endings: ["htpasswd", "passwd"], parts: ["htpasswd", "shadow"], paths: ["/dovecot/users", "/dovecot/passwd"])

    func find(in content: Content, _ found: inout [Candidate]) {
        let isShadow = content.name.last.contains("shadow")
        for line in Lines(content) {
            let fields = Lines.fields(content.bytes, line, UInt8(ascii: ":"))
            guard fields.count >= 2, !fields[0].isEmpty, content.bytes[fields[0].lowerBound] != UInt8(ascii: "#") else {
                continue
            }
            if isShadow && fields.count == 9 && fields[1].isEmpty {
                found.append(Candidate(Self.empty, fields[0], .parser))
            }
            for field in fields.dropFirst().prefix(4) { judge(field, content, &found) }
        }
    }

    private func judge(_ field: Range<Int>, _ content: Content, _ found: inout [Candidate]) {
        // opasswd has several, with commas between.
        for part in Lines.fields(content.bytes, field, UInt8(ascii: ",")) {
            var range = part
            // Locked: the hash is still there.
            while !range.isEmpty && content.bytes[range.lowerBound] == UInt8(ascii: "!") {
                range = (range.lowerBound + 1)..<range.upperBound
            }
            let value = content.bytes[range]
            if value.isEmpty || ValueTest.distinct(value) < 6 { continue }
            if Self.isCrypt(value) {
                found.append(Candidate(Self.hash, range, .parser))
            } else if value.count == 32 && value.allSatisfy({ ByteSet.hexadecimal.contains($0) }) {
                found.append(Candidate(Self.digest, range, .parser))
            }
        }
    }

    /// A modular hash, LDAP's form, or the 13 characters of DES.
    private static func isCrypt(_ value: ArraySlice<UInt8>) -> Bool {
        if value.first == UInt8(ascii: "$") { return value.count >= 12 && value.count { $0 == UInt8(ascii: "$") } >= 2 }
        if value.first == UInt8(ascii: "{"), let close = value.firstIndex(of: UInt8(ascii: "}")) {
            // Dovecot's schemes that are no hashes.
            let scheme = String(decoding: ValueTest.lowered(value[..<close].dropFirst()), as: UTF8.self)
            let isPlain = ["plain", "cleartext", "cram-md5"].contains(scheme)
            return isPlain ? FieldValue.isSet(value[(close + 1)...]) : value.count >= 16
        }
        let crypt = ByteSet.alphanumeric.union(ByteSet("./"))
        return value.count == 13 && value.allSatisfy { crypt.contains($0) } && value.contains { ByteSet.digits.contains($0) }
            && value.contains { (0x41...0x5A).contains($0) }
    }

    func canary(_ values: inout CanaryValues) -> CanaryFile {
        let digits: StaticString = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
        let des = "a" + "7" + "Q" + values.digits(digits, 10)
        return CanaryFile("/var/backups/shadow.bak", "daemon:*:19000:0:99999:7:::\nalice:\(des):19000:0:99999:7:::\n")
    }
}
