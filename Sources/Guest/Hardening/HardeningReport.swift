/// What came of each rule of a profile. Its JSON is the `detail` of the stage's report.
package struct HardeningReport: Codable, Hashable, Sendable {
    package enum Status: String, Codable, Sendable, CaseIterable {
        /// The rule was met before anything was done.
        case compliant
        /// The rule was not met, and is after its remedy.
        case remedied
        /// The recipe leaves the rule alone, with a reason.
        case excepted
        /// The rule is about something that the image lacks.
        case notApplicable
        /// A filesystem does not show whether the rule is met.
        case notDecidable
        /// The rule is not met.
        case failed
    }

    package struct Entry: Codable, Hashable, Sendable {
        package var rule: String
        package var title: String
        package var reference: String
        package var severity: HardeningRule.Severity
        package var status: Status
        /// What was seen at first.
        package var before: String
        /// What was seen after the remedy, or why there was none.
        package var after: String?
        /// Why the rule is excepted.
        package var because: String?
    }

    /// A check of the whole image after the work: that it still starts and lets people in.
    package struct Check: Codable, Hashable, Sendable {
        /// `configuration` for what was read, `sshd`, `sudo`, `units` for what the image's own programs say.
        package var name: String
        package var status: Status
        package var evidence: String

        package enum Status: String, Codable, Sendable {
            case passed
            /// It fails without hardening too.
            case failedBefore
            /// No program can be run on this machine.
            case notRun
        }

        package init(name: String, status: Status, evidence: String) {
            self.name = name
            self.status = status
            self.evidence = evidence
        }
    }

    package var profile: String
    package var entries: [Entry]
    package var checks: [Check]? = nil

    package func count(_ status: Status) -> Int { entries.count { $0.status == status } }

    package var failures: [Entry] { entries.filter { $0.status == .failed } }

    /// One line: `64 rules: 20 compliant, 30 remedied, 1 excepted, 13 not applicable`.
    package var summary: String {
        let words: [(Status, String)] = [
            (.compliant, "compliant"), (.remedied, "remedied"), (.excepted, "excepted"), (.notApplicable, "not applicable"),
            (.notDecidable, "not decidable"), (.failed, "failed"),
        ]
        let parts = words.filter { count($0.0) > 0 }.map { "\(count($0.0)) \($0.1)" }
        let passed = (checks ?? []).filter { $0.status == .passed }.map(\.name)
        let checked = passed.isEmpty ? "" : "; checked: \(passed.joined(separator: ", "))"
        return "\(entries.count) rules: \(parts.joined(separator: ", "))\(checked)"
    }
}
