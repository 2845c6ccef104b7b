import ImageStore
import Model
import Text

/// Applies a profile to a tree: check, remedy where it is not met, and check again.
package enum Hardening {
    /// Edits the tree until each rule is met or known not to be; what failed is in the report. A second run edits nothing.
    ///
    /// `Failure(.invalid)` where an exception names no rule of the profile, gives no reason, or comes twice.
    package static func apply(
        _ profile: HardeningProfile, except exceptions: [HardeningException] = [], to guest: TreeEditor
    ) throws(Failure) -> HardeningReport {
        try verify(exceptions, against: profile)
        let reasons = Dictionary(exceptions.map { ($0.rule, $0.because) }, uniquingKeysWith: { first, _ in first })
        var report = HardeningReport(profile: profile.name, entries: [])
        // What was read is kept for as long as nothing is changed.
        var snapshot = GuestSnapshot(guest)
        for rule in profile.rules {
            let entry = try apply(rule, because: reasons[rule.id], to: guest, seen: snapshot)
            if entry.after != nil { snapshot = GuestSnapshot(guest) }
            report.entries.append(entry)
        }
        return report
    }

    /// Refuses exceptions that would not do what their author thinks.
    package static func verify(_ exceptions: [HardeningException], against profile: HardeningProfile) throws(Failure) {
        let known = profile.rules.map(\.id)
        var seen: Set<String> = []
        for exception in exceptions {
            guard known.contains(exception.rule) else {
                throw Failure(
                    .invalid, "the profile '\(profile.name)' has no rule '\(exception.rule)' to except",
                    hint: Suggestion.hint(for: exception.rule, among: known))
            }
            guard exception.because.contains(where: { !$0.isWhitespace }) else {
                throw Failure(
                    .invalid, "the exception of the rule '\(exception.rule)' gives no reason", hint: "write it as 'because: …'")
            }
            guard seen.insert(exception.rule).inserted else {
                throw Failure(.invalid, "the rule '\(exception.rule)' is excepted twice")
            }
        }
    }

    private static func apply(
        _ rule: HardeningRule, because: String?, to guest: TreeEditor, seen: GuestSnapshot
    ) throws(Failure) -> HardeningReport.Entry {
        if let why = rule.notDecidable {
            return HardeningReport.Entry(
                rule: rule.id, title: rule.title, reference: rule.reference, severity: rule.severity,
                status: because == nil ? .notDecidable : .excepted, before: "not decidable on a filesystem: \(why)",
                because: because)
        }
        let before = try check(rule, seen)
        var entry = HardeningReport.Entry(
            rule: rule.id, title: rule.title, reference: rule.reference, severity: rule.severity, status: .compliant,
            before: evidence(before), because: because)
        if because != nil {
            entry.status = .excepted
        } else if before.contains(where: \.isNotMet) {
            let refusal = try remedy(rule, before, guest)
            let after = try check(rule, GuestSnapshot(guest))
            entry.status = after.contains(where: \.isNotMet) ? .failed : .remedied
            entry.after = [refusal, evidence(after)].compactMap(\.self).joined(separator: "; ")
        } else if !before.contains(where: \.isMet) {
            entry.status = .notApplicable
        }
        return entry
    }

    static func check(_ rule: HardeningRule, _ guest: any TreeView) throws(Failure) -> [HardeningFinding] {
        var findings: [HardeningFinding] = []
        for requirement in rule.requirements {
            do throws(Failure) {
                findings.append(try requirement.check(guest))
            } catch {
                throw Failure(error.code, "the rule '\(rule.id)' could not be checked", hint: error.hint, cause: error)
            }
        }
        return findings
    }

    /// Remedies what is not met. Returns why something has no remedy.
    private static func remedy(
        _ rule: HardeningRule, _ findings: [HardeningFinding], _ guest: TreeEditor
    ) throws(Failure) -> String? {
        var refusals: [String] = []
        for (requirement, finding) in zip(rule.requirements, findings) where finding.isNotMet {
            do throws(Failure) {
                try requirement.remedy(guest)
            } catch {
                guard error.code == .failed else {
                    throw Failure(error.code, "the remedy of the rule '\(rule.id)' did not work", hint: error.hint, cause: error)
                }
                refusals.append(error.message)
            }
        }
        return refusals.isEmpty ? nil : refusals.joined(separator: "; ")
    }

    static func evidence(_ findings: [HardeningFinding]) -> String {
        var seen: Set<String> = []
        return findings.map(\.evidence).filter { seen.insert($0).inserted }.joined(separator: "; ")
    }
}
