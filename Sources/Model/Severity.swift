/// How bad a vulnerability is, in the words of CVSS; `untriaged` where nobody has said.
package enum Severity: String, Hashable, Comparable, Sendable, CaseIterable, Codable {
    case untriaged, none, low, medium, high, critical

    package static func < (a: Severity, b: Severity) -> Bool { a.rank < b.rank }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    /// The bands of CVSS 3 and 4.
    package init(score: Double) {
        switch score {
        case ..<0.1: self = .none
        case ..<4: self = .low
        case ..<7: self = .medium
        case ..<9: self = .high
        default: self = .critical
        }
    }

    /// The words of distributors: Debian's urgency, Red Hat's and Amazon's severity, GitHub's.
    package init?(word: String) {
        switch word.lowercased() {
        case "critical": self = .critical
        case "important", "high": self = .high
        case "moderate", "medium": self = .medium
        case "low": self = .low
        case "unimportant", "negligible", "none": self = .none
        default: return nil
        }
    }
}
