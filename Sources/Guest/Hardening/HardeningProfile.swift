import ImageStore
import Model

/// A set of hardening rules, decoded from a document of the folder `profiles`.
package struct HardeningProfile: Sendable {
    package let name: String
    package let title: String
    /// In the document's order, which is the order of the work.
    package let rules: [HardeningRule]

    package init(name: String, title: String, rules: [HardeningRule]) {
        self.name = name
        self.title = title
        self.rules = rules
    }
}

/// One rule: what must hold of the guest, as requirements that all have to be met, or why a filesystem does not show it.
package struct HardeningRule: Sendable {
    package enum Severity: String, Codable, Sendable, CaseIterable {
        case low, medium, high
    }

    package let id: String
    package let title: String
    /// Where the rule comes from: `CIS Debian 12 5.1.20`.
    package let reference: String
    package let severity: Severity
    /// None where `notDecidable` says why.
    package let requirements: [any HardeningRequirement]
    /// Why nobody can tell from a filesystem whether the rule holds. Such a rule is listed in every report and never counts as met.
    package let notDecidable: String?

    package init(
        id: String, title: String, reference: String, severity: Severity, requirements: [any HardeningRequirement],
        notDecidable: String? = nil
    ) {
        self.id = id
        self.title = title
        self.reference = reference
        self.severity = severity
        self.requirements = requirements
        self.notDecidable = notDecidable
    }
}

/// One thing that must hold of the guest's filesystem. A conforming type is one kind of resource, in one file.
package protocol HardeningRequirement: Sendable {
    /// Looks, and changes nothing.
    func check(_ guest: any TreeView) throws(Failure) -> HardeningFinding

    /// Makes it so. Throws `Failure(.failed)` where what is right cannot be known from the filesystem.
    func remedy(_ guest: TreeEditor) throws(Failure)
}

/// What a check saw, with the evidence as a phrase for people.
package enum HardeningFinding: Hashable, Sendable {
    case met(String)
    case notMet(String)
    /// What the requirement is about is not in this image.
    case notApplicable(String)

    package var evidence: String {
        switch self {
        case .met(let text), .notMet(let text), .notApplicable(let text): text
        }
    }

    package var isNotMet: Bool { if case .notMet = self { true } else { false } }
    package var isMet: Bool { if case .met = self { true } else { false } }
}

/// A rule that is left alone, and why.
package struct HardeningException: Hashable, Sendable, Codable {
    package let rule: String
    package let because: String

    package init(rule: String, because: String) {
        self.rule = rule
        self.because = because
    }
}
