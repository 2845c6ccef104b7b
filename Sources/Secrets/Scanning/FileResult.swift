/// What a scan of one file's bytes gave, without the file's path: the same for all files with these bytes that the same parsers read.
struct FileResult: Hashable, Sendable {
    var findings: [Finding] = []
    var members = 0
    var memberBytes: UInt64 = 0
    var depth = 0
    /// Members, and why they were not looked into.
    var skipped: [Skip] = []

    struct Finding: Hashable, Sendable {
        let member: [String]
        let line: Int?
        let offset: Int
        let rule: String
        let severity: SecretSeverity
        let keyedDigest: String
        let detail: String?
    }

    struct Skip: Hashable, Sendable {
        let member: [String]
        let reason: String
    }

    /// Findings of one file beyond this are counted as skipped: a file full of keys is one problem.
    static let maximumFindings = 1000
    static let maximumSkips = 20

    mutating func skip(_ member: [String], _ reason: String) {
        if skipped.count < Self.maximumSkips { skipped.append(Skip(member: member, reason: reason)) }
    }
}
