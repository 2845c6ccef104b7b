/// By which method a password is hashed, told from what the field begins with (crypt(5)).
package enum PasswordHash: String, Sendable, CaseIterable, Comparable {
    case des, md5, sunMD5, ntHash, bcrypt, sha1, sha256, sha512, scrypt, yescrypt, gostYescrypt, unknown

    private static let prefixes: [(String, PasswordHash)] = [
        ("$1$", .md5), ("$md5", .sunMD5), ("$3$", .ntHash), ("$2", .bcrypt), ("$sha1", .sha1), ("$5$", .sha256), ("$6$", .sha512),
        ("$7$", .scrypt), ("$y$", .yescrypt), ("$gy$", .gostYescrypt),
    ]

    /// Nil where the field holds no hash. What locks an account stands before its hash and is passed over.
    package init?(field: [UInt8]) {
        guard PasswordField(field) == .hash else { return nil }
        let text = String(decoding: field.drop { $0 == 0x21 || $0 == 0x2A }, as: UTF8.self)
        if let known = Self.prefixes.first(where: { text.hasPrefix($0.0) }) {
            self = known.1
        } else {
            self = text.utf8.count == 13 || text.hasPrefix("_") ? .des : .unknown
        }
    }

    package static func < (a: PasswordHash, b: PasswordHash) -> Bool { a.rawValue < b.rawValue }
}
