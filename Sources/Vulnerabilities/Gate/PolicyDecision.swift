import Model

extension VulnerabilityPolicy {
    /// Suppresses in an assessment what is ignored, each with its reason.
    package func apply(to assessment: inout Assessment, at now: Instant) {
        for index in assessment.findings.indices {
            let finding = assessment.findings[index]
            let exception = ignored.first { exception in
                (exception.id == finding.id || finding.aliases.contains(exception.id))
                    && (exception.package == nil || exception.package == finding.package.name)
                    && exception.until.map { now < $0 } ?? true
            }
            guard let exception else { continue }
            assessment.findings[index].status = .suppressed
            assessment.findings[index].suppressedBecause = exception.reason
        }
    }

    /// The active findings that violate the policy, worst first.
    package func violations(of assessment: Assessment) -> [Finding] {
        assessment.findings.filter { finding in
            guard finding.status == .active else { return false }
            if onlyFixable, finding.fixAvailable != .yes { return false }
            return maximumSeverity == .none || finding.severity > maximumSeverity
        }
    }

    /// What of the evidence is too old, or does not say how old it is, where a greatest age is given. An index past its own time is too
    /// old, whatever its age.
    package func staleEvidence(of assessment: Assessment, at now: Instant) -> [String] {
        guard let maximumAge else { return [] }
        let dated =
            assessment.feeds.map { ($0.file, $0.date) }
            + assessment.indexes.filter(\.isUsed).map { ($0.suite, Optional($0.date)) }
        let over = assessment.indexes.filter(\.isUsed).compactMap { index -> String? in
            guard let text = index.validUntil, let end = Self.time(text), end < now else { return nil }
            return "\(index.suite) was valid until \(text)"
        }
        return over
            + dated.compactMap { name, date in
                guard let date, let time = Self.time(date) else { return "\(name) does not say how old it is" }
                return time + maximumAge < now ? "\(name) is of \(date)" : nil
            }
    }

    /// A day, or a time in one of the forms of ISO 8601; a time after a blank counts as its day.
    private static func time(_ text: String) -> Instant? {
        (try? Instant(parsing: text)) ?? (try? Instant(parsing: String(text.prefix(10))))
    }

    /// The failure of a gate: package, id and evidence of each violation.
    package func failure(_ violations: [Finding], _ stale: [String]) -> Failure? {
        if !stale.isEmpty {
            return Failure(
                .failed, "the evidence is too old: \(stale.joined(separator: "; "))", hint: "fetch the feeds and indexes anew")
        }
        guard !violations.isEmpty else { return nil }
        let shown = violations.prefix(10).map { finding in
            let fix = finding.fixedInVersion.map { ", fixed in \($0)" } ?? ""
            return "\(finding.id) (\(finding.severity.rawValue)) in \(finding.package.name) \(finding.package.version)\(fix), "
                + "says \(finding.evidence.first?.source ?? "")"
        }
        let more = violations.count > shown.count ? "; and \(violations.count - shown.count) more" : ""
        return Failure(
            .failed,
            "\(violations.count == 1 ? "a finding is" : "\(violations.count) findings are") beyond what the image may have: "
                + shown.joined(separator: "; ") + more,
            hint: "update the packages, or ignore a finding by its id and with a reason")
    }
}
