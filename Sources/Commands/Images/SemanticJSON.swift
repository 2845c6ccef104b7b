import Cloud
import Guest
import ImageStore
import Model

/// `ingot diff --semantic --output json`.
struct SemanticJSON: Encodable {
    let old: String
    let new: String
    let summary: Summary
    let changes: [Change]
    /// Files that no change explains.
    let files: [File]
    let problems: [Problem]

    struct Summary: Encodable {
        let securityRelevant: Int
        let other: Int
        let files: Int
        /// Paths that differ in more than their times.
        let paths: Int
        let timesOnly: Int
        /// Whether nothing but times differs.
        let isOnlyTimes: Bool

        init(_ difference: SemanticDifference) {
            securityRelevant = difference.changes.count { $0.isSecurityRelevant }
            other = difference.changes.count - securityRelevant
            files = difference.files.count
            paths = difference.changedPaths
            timesOnly = difference.timesOnly
            isOnlyTimes = difference.isOnlyTimes
        }
    }

    struct Change: Encodable {
        let category: String
        /// `added`, `removed` or `changed`
        let kind: String
        let subject: String
        let before: String?
        let after: String?
        let note: String?
        let securityRelevant: Bool

        init(_ change: SemanticChange) {
            category = change.category
            kind = change.kind.rawValue
            subject = change.subject
            before = change.before
            after = change.after
            note = change.note.isEmpty ? nil : change.note
            securityRelevant = change.isSecurityRelevant
        }
    }

    struct File: Encodable {
        let path: String
        /// `added`, `removed`, `modified` or `metadata`
        let kind: String
        let packages: [String]
    }

    struct Problem: Encodable {
        let category: String
        let message: String
    }

    init(_ old: ImageRecord, _ new: ImageRecord, _ difference: SemanticDifference) {
        self.old = old.id.description
        self.new = new.id.description
        summary = Summary(difference)
        changes = difference.changes.map { Change($0) }
        files = difference.files.map {
            File(path: $0.change.path.escaped, kind: $0.change.kind.rawValue, packages: $0.packages)
        }
        problems = difference.problems.map { Problem(category: $0.category, message: $0.message) }
    }
}
