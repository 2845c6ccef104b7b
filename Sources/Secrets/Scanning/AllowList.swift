import Crypto
import Hyperscan

extension SecretScanReport {
    /// Moves findings that an entry covers to `allowed`, and names the entries that cover none.
    func applying(_ allowances: [SecretAllowance]) -> SecretScanReport {
        var report = self
        var used: Set<SecretAllowance> = []
        report.findings = findings.filter { finding in
            guard let allowance = allowances.first(where: { $0.covers(finding) }) else { return true }
            used.insert(allowance)
            report.allowed.append(AllowedSecret(finding: finding, reason: allowance.reason))
            return false
        }
        report.unusedAllowances = allowances.filter { !used.contains($0) }
        return report
    }
}

extension SecretAllowance {
    /// Whether the finding has the rule, and a path that fits.
    package func covers(_ finding: SecretFinding) -> Bool { rule == finding.rule && PathPattern(path).matches(finding.path) }
}

extension SecretCoverage {
    mutating func describeRules() {
        rules = RuleSet.digest.hex
        ruleCount = RuleSet.rules.count
        parserCount = RuleSet.parserCount
        engine = "Hyperscan " + Hyperscan.version
    }
}
