import CommandLineKit
import Guest

/// An audit as a table, with the sums below it.
enum AuditText {
    static func text(_ report: AuditReport, _ shown: [AuditReport.Entry], _ terminal: Terminal) -> String {
        let columns: [Table.Column] = [
            Table.Column("STATUS", canShrink: false), Table.Column("SEVERITY", canShrink: false),
            Table.Column("RULE", canShrink: false), "EVIDENCE",
        ]
        let rows = shown.map { [$0.status.words, $0.severity.rawValue, $0.rule, evidence($0)] }
        return Table(columns, rows: rows).text(on: terminal) + (rows.isEmpty ? "" : "\n") + summary(report) + "\n"
    }

    private static func evidence(_ entry: AuditReport.Entry) -> String {
        entry.because.map { "\($0) (\(entry.evidence))" } ?? entry.evidence
    }

    /// `cis-debian-12-level-1: 210 of 220 rules pass, 95.4 %; 10 fail; 3 excepted; 12 not applicable, 20 not decidable`
    static func summary(_ report: AuditReport) -> String {
        let counted = "\(report.count(.pass)) of \(report.decided) rules pass"
        let others = AuditReport.Status.allCases.filter { $0 != .pass && report.count($0) > 0 }
        let parts = others.map { "\(report.count($0)) \($0.words)" }
        let score = report.score.map { ", \(percent($0))" } ?? ""
        return (["\(report.profile): \(counted)\(score)"] + parts).joined(separator: "; ")
    }

    /// Rounded down, so that 100 % says that everything passes.
    static func percent(_ score: Double) -> String {
        let tenths = Int((score * 10).rounded(.down))
        return "\(tenths / 10).\(tenths % 10) %"
    }
}
