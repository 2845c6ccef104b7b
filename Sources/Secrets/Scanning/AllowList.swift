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
    func covers(_ finding: SecretFinding) -> Bool {
        rule == finding.rule && Self.matches(Array(path.utf8)[...], Array(finding.path.utf8)[...])
    }

    /// `*` is any bytes without a slash, `**` any bytes. A path is at most some thousand bytes, a pattern has few stars.
    private static func matches(_ pattern: ArraySlice<UInt8>, _ path: ArraySlice<UInt8>) -> Bool {
        var pattern = pattern
        var path = path
        while let byte = pattern.first {
            if byte == UInt8(ascii: "*") {
                let crosses = pattern.dropFirst().first == UInt8(ascii: "*")
                let rest = pattern.drop { $0 == UInt8(ascii: "*") }
                while true {
                    if matches(rest, path) { return true }
                    guard let next = path.popFirst(), crosses || next != UInt8(ascii: "/") else { return false }
                }
            }
            guard path.popFirst() == byte else { return false }
            pattern.removeFirst()
        }
        return path.isEmpty
    }
}

extension SecretCoverage {
    mutating func describeRules() {
        rules = RuleSet.digest.hex
        ruleCount = RuleSet.rules.count
        parserCount = RuleSet.parserCount
        engine = "Hyperscan " + Hyperscan.version
    }
}
