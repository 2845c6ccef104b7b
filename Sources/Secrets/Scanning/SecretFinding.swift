/// What kind of credential a rule finds. One rule family each.
package enum SecretClass: String, Sendable, Codable, CaseIterable {
    case cloud, sourceForge, chat, payment, ai, monitoring, registry, ci, database, mail, network, crypto, identity, saas
    case privateKey, passwordHash, password, generic
}

/// How much damage a finding can do.
package enum SecretSeverity: String, Sendable, Codable, CaseIterable, Comparable {
    /// Names an account or a browser's part of a service rather than opening something.
    case low
    case medium
    case high
    /// Opens something by itself.
    case critical

    package static func < (a: SecretSeverity, b: SecretSeverity) -> Bool { a.rank < b.rank }

    private var rank: Int {
        switch self {
        case .low: 0
        case .medium: 1
        case .high: 2
        case .critical: 3
        }
    }
}

/// A credential that was found: where, and by which rule. The credential itself is nowhere in it.
package struct SecretFinding: Hashable, Sendable, Codable {
    /// The file, as `TreePath.escaped` writes it.
    package var path: String
    /// The way into the file where it is an archive, compressed or encoded: member names, outermost first, escaped.
    package var member: [String]
    /// Counted from 1, within the innermost member; nil where that is binary.
    package var line: Int?
    /// The offset of the credential's first byte, within the innermost member.
    package var offset: Int
    /// The rule's id, such as `github-personal-token`.
    package var rule: String
    package var title: String
    package var `class`: SecretClass
    package var severity: SecretSeverity
    /// HMAC-SHA-256 of the credential under the scanner's key, in hexadecimal: equal for equal credentials, and of no use to others.
    package var keyedDigest: String
    /// What else is known: the account of an AWS key, or that a token's checksum does not fit.
    package var detail: String?

    package init(
        path: String, member: [String], line: Int?, offset: Int, rule: String, title: String, class: SecretClass,
        severity: SecretSeverity, keyedDigest: String, detail: String? = nil
    ) {
        self.path = path
        self.member = member
        self.line = line
        self.offset = offset
        self.rule = rule
        self.title = title
        self.class = `class`
        self.severity = severity
        self.keyedDigest = keyedDigest
        self.detail = detail
    }

    /// `/var/backups/etc.tar!etc/shadow:3`
    package var place: String {
        let inside = member.map { "!" + $0 }.joined()
        return path + inside + (line.map { ":\($0)" } ?? "")
    }
}
