/// What an audit saw of each rule of a profile.
package struct AuditReport: Hashable, Sendable {
    package enum Status: String, Codable, Sendable, CaseIterable {
        case fail
        /// The rule could not be checked; the evidence says why.
        case error
        case pass
        /// Somebody leaves the rule alone, with a reason.
        case excepted
        /// The rule is about something that the image lacks.
        case notApplicable
        /// A filesystem does not show whether the rule is met.
        case notDecidable
    }

    package struct Entry: Codable, Hashable, Sendable {
        package let rule: String
        package let title: String
        package let reference: String
        package let severity: HardeningRule.Severity
        package let status: Status
        package let evidence: String
        /// Why the rule is excepted.
        package let because: String?
    }

    package let profile: String
    package let title: String
    /// In the profile's order.
    package let entries: [Entry]

    package func count(_ status: Status) -> Int { entries.count { $0.status == status } }

    /// Rules that count: pass, fail and error.
    package var decided: Int { count(.pass) + count(.fail) + count(.error) }

    /// Percent of the rules that count which pass; nil where none does.
    package var score: Double? { decided == 0 ? nil : Double(count(.pass)) * 100 / Double(decided) }

    package var isClean: Bool { count(.fail) + count(.error) == 0 }
}
