import ImageStore
import Model

/// One of several ways to meet a rule is taken: rsyslog or the journal, one firewall or another.
package struct AnyRequirement: HardeningRequirement {
    /// Each a list of requirements that all have to be met; the first one is what the remedy does.
    package let alternatives: [[any HardeningRequirement]]

    package init(_ alternatives: [[any HardeningRequirement]]) { self.alternatives = alternatives }

    package func check(_ guest: any TreeView) throws(Failure) -> HardeningFinding {
        var wrong: [String] = []
        var isApplicable = false
        for alternative in alternatives {
            var findings: [HardeningFinding] = []
            for requirement in alternative { findings.append(try requirement.check(guest)) }
            if findings.contains(where: \.isMet) && !findings.contains(where: \.isNotMet) {
                return .met(findings.filter(\.isMet).map(\.evidence).joined(separator: ", "))
            }
            isApplicable = isApplicable || findings.contains { $0.isMet || $0.isNotMet }
            wrong.append(findings.filter { !$0.isMet }.map(\.evidence).joined(separator: ", "))
        }
        let seen = wrong.joined(separator: ", and ")
        return isApplicable ? .notMet(seen) : .notApplicable(seen)
    }

    package func remedy(_ guest: TreeEditor) throws(Failure) {
        for requirement in alternatives.first ?? [] where try requirement.check(guest).isNotMet { try requirement.remedy(guest) }
    }
}
