import Crypto

/// What a scan found, and what it looked at.
package struct SecretScanReport: Sendable, Codable {
    /// Findings that no allow-list entry covers, by path and place.
    package var findings: [SecretFinding] = []
    /// Findings that an entry of the allow-list covers.
    package var allowed: [AllowedSecret] = []
    /// Keys that a package's script made on this machine, and makes on every other one: see `GeneratedKeys`.
    package var generated: [AllowedSecret] = []
    /// Entries of the allow-list that covered nothing: they should go.
    package var unusedAllowances: [SecretAllowance] = []
    package var coverage = SecretCoverage()

    package init() {}

    package var isClean: Bool { findings.isEmpty }
}

/// A finding with the entry that allows it.
package struct AllowedSecret: Sendable, Hashable, Codable {
    package let finding: SecretFinding
    package let reason: String
}

/// How much a scan saw, and what it did not look into.
package struct SecretCoverage: Sendable, Hashable, Codable {
    /// Regular files, and their bytes.
    package var files = 0
    package var bytes: UInt64 = 0
    /// Of these, files that are what their package's database says, which no detector has to look at.
    package var vendorFiles = 0
    package var vendorBytes: UInt64 = 0
    /// Of these, files whose results were known from an earlier scan.
    package var cachedFiles = 0
    package var cachedBytes: UInt64 = 0
    /// Members of archives, and decoded pieces, and their bytes.
    package var members = 0
    package var memberBytes: UInt64 = 0
    /// How deep the deepest of them lay in another.
    package var depth = 0
    /// What was not looked into, or not wholly, and why, by place; the first `SecretScanner.maximumSkips` of them.
    package var skipped: [SkippedContent] = []
    /// How many there are.
    package var skippedCount = 0
    /// The digest of rules, parsers and decoders.
    package var rules = ""
    package var ruleCount = 0
    package var parserCount = 0
    package var engine = ""

    package init() {}
}

/// A file or member that a scan did not look into, or not wholly.
package struct SkippedContent: Sendable, Hashable, Codable {
    /// The path, and members as in `SecretFinding.place`.
    package let place: String
    package let reason: String

    package init(place: String, reason: String) {
        self.place = place
        self.reason = reason
    }
}

/// A finding that somebody accepts: all three parts must be given.
package struct SecretAllowance: Sendable, Hashable, Codable {
    /// The file's path as findings have it, or with `*` for any bytes without `/`, and `**` for any bytes.
    package let path: String
    /// The rule's id.
    package let rule: String
    package let reason: String

    package init(path: String, rule: String, reason: String) {
        self.path = path
        self.rule = rule
        self.reason = reason
    }
}
