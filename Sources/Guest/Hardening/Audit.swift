import ImageStore
import Model

/// Checks a profile against a tree, and changes nothing.
package enum Audit {
    /// Looks at every rule. One that cannot be checked is an error in the report, and the others are looked at all the same.
    ///
    /// `Failure(.invalid)` where an exception names no rule of the profile, gives no reason, or comes twice.
    package static func run(
        _ profile: HardeningProfile, except exceptions: [HardeningException] = [], on guest: any TreeView
    ) throws(Failure) -> AuditReport {
        try Hardening.verify(exceptions, against: profile)
        let reasons = Dictionary(exceptions.map { ($0.rule, $0.because) }, uniquingKeysWith: { first, _ in first })
        let snapshot = GuestSnapshot(guest)
        return AuditReport(
            profile: profile.name, title: profile.title,
            entries: profile.rules.map { rule in
                let (status, evidence) = look(at: rule, snapshot)
                let because = reasons[rule.id]
                return AuditReport.Entry(
                    rule: rule.id, title: rule.title, reference: rule.reference, severity: rule.severity,
                    status: because == nil ? status : .excepted, evidence: evidence, because: because)
            })
    }

    private static func look(at rule: HardeningRule, _ guest: GuestSnapshot) -> (AuditReport.Status, String) {
        if let why = rule.notDecidable { return (.notDecidable, "not decidable on a filesystem: \(why)") }
        do throws(Failure) {
            let findings = try Hardening.check(rule, guest)
            let wrong = findings.filter(\.isNotMet)
            if !wrong.isEmpty { return (.fail, Hardening.evidence(wrong)) }
            return (findings.contains(where: \.isMet) ? .pass : .notApplicable, Hardening.evidence(findings))
        } catch {
            return (.error, error.chain.joined(separator: ": "))
        }
    }
}
