import CommandLineKit
import Secrets
import Text

/// A scan for people.
enum SecretScanText {
    static func findings(_ report: SecretScanReport, _ terminal: Terminal) -> String {
        var text = ""
        if !report.findings.isEmpty {
            let rows = report.findings.map {
                [$0.severity.rawValue, $0.rule, place($0), String($0.keyedDigest.prefix(12))]
            }
            let columns: [Table.Column] = [
                Table.Column("SEVERITY", canShrink: false), Table.Column("RULE", canShrink: false), "PLACE",
                Table.Column("DIGEST", canShrink: false),
            ]
            text += Table(columns, rows: rows).text(on: terminal)
        }
        let found = report.findings.isEmpty ? "no secrets found" : Amount.count(report.findings.count, "finding")
        let generated = report.generated.map { "\(PlainText.oneLine($0.finding.place)): \($0.reason)\n" }.joined()
        text += generated
        let allowed = report.allowed.isEmpty ? "" : ", \(report.allowed.count) more allowed"
        let skipped =
            report.coverage.skippedCount == 0 ? "" : ", \(Amount.count(report.coverage.skippedCount, "content")) not looked into"
        return text + "\(found)\(allowed) in \(seen(report.coverage))\(skipped)\n"
    }

    /// `/etc/app.env:3 (account 123456789012)`
    private static func place(_ finding: SecretFinding) -> String {
        PlainText.oneLine(finding.place) + (finding.detail.map { " (\($0))" } ?? "")
    }

    /// `20,672 files, 591.0 MB`
    static func seen(_ coverage: SecretCoverage) -> String {
        "\(Amount.count(coverage.files, "file")), \(Amount.bytes(coverage.bytes))"
    }

    static func coverage(_ coverage: SecretCoverage) -> String {
        var lines = [
            "files      \(seen(coverage))",
            "vendor     \(Amount.count(coverage.vendorFiles, "file")), \(Amount.bytes(coverage.vendorBytes)): as their packages recorded them",
            "known      \(Amount.count(coverage.cachedFiles, "file")), \(Amount.bytes(coverage.cachedBytes)): from earlier scans",
            "inside     \(Amount.count(coverage.members, "member")), \(Amount.bytes(coverage.memberBytes)) unpacked, \(coverage.depth) deep",
            "rules      \(coverage.ruleCount) rules, \(coverage.parserCount) parsers, digest \(coverage.rules.prefix(12)), \(coverage.engine)",
            "skipped    \(coverage.skippedCount)",
        ]
        lines += coverage.skipped.map { "  \(PlainText.oneLine($0.place)): \(PlainText.oneLine($0.reason))" }
        return lines.map { $0 + "\n" }.joined()
    }
}

/// `ingot scan secrets --output json`.
struct SecretScanJSON: Encodable {
    let isClean: Bool
    let findings: [SecretFinding]
    let allowed: [AllowedSecret]
    let generated: [AllowedSecret]
    let unusedAllowances: [SecretAllowance]
    let coverage: SecretCoverage

    init(_ report: SecretScanReport) {
        isClean = report.isClean
        findings = report.findings
        allowed = report.allowed
        generated = report.generated
        unusedAllowances = report.unusedAllowances
        coverage = report.coverage
    }
}
