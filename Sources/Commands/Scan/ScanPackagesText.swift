import CommandLineKit
import Model
import Text
import Vulnerabilities

/// An assessment for people.
enum ScanPackagesText {
    static func text(_ assessment: Assessment, _ terminal: Terminal) -> String {
        var lines: [String] = []
        if !assessment.findings.isEmpty {
            let rows = assessment.findings.map { finding in
                [
                    finding.id, finding.status == .suppressed ? "ignored" : finding.severity.rawValue, finding.package.name,
                    finding.package.version, finding.fixedInVersion ?? "",
                    finding.evidence.map(\.source).joined(separator: ", "),
                ]
            }
            let columns: [Table.Column] = [
                Table.Column("ID", canShrink: false), Table.Column("SEVERITY", canShrink: false), "PACKAGE", "INSTALLED",
                "FIXED IN", "SAYS WHO",
            ]
            lines.append(Table(columns, rows: rows).text(on: terminal))
        }
        lines += facts(assessment).lines(terminal)
        return lines.joined(separator: "\n") + "\n"
    }

    private static func facts(_ assessment: Assessment) -> FactList {
        let counts = assessment.counts.filter { $0.count > 0 }.map { "\($0.count) \($0.severity.rawValue)" }
        var facts: [FactList.Fact] = [
            .init("distribution", assessment.distribution),
            .init("support", support(assessment.support)),
            .init("findings", counts.isEmpty ? "none" : counts.joined(separator: ", ")),
            .init("assessed", Amount.count(assessment.assessed, "package")),
            .init("not assessed", notAssessed(assessment)),
        ]
        let unnamed = assessment.findings.count { $0.id.hasPrefix("update:") && $0.status == .active }
        if unnamed > 0 {
            facts.append(
                .init(
                    "updates",
                    "\(Amount.count(unnamed, "package")) behind a signed suite; a feed, or --archives with the newer packages, names what "
                        + "they fix"))
        }
        for index in assessment.indexes {
            let end = index.validUntil.map { ", valid until \($0)" } ?? ""
            facts.append(
                .init(
                    "index",
                    "\(index.suite), of \(index.date)\(end)\(index.isUsed ? "" : ", not used")\(index.signedBy.isEmpty ? ", NOT SIGNED" : "")"
                ))
        }
        for feed in assessment.feeds {
            let date = feed.date.map { ", of \($0)" } ?? ""
            let entries = Amount.count(feed.entries, "entry", plural: "entries")
            facts.append(
                .init(
                    "feed",
                    ["\(feed.file): \(feed.format.rawValue), \(entries)\(date), sha256:\(feed.sha256.prefix(12))"] + feed.remarks)
            )
        }
        return FactList(facts)
    }

    private static func support(_ support: ReleaseSupport) -> String {
        support.endOfLife.map { "security updates until \($0)" }
            ?? "nobody knows until when \(support.release) gets security updates"
    }

    private static func notAssessed(_ assessment: Assessment) -> [String] {
        let all = assessment.notAssessed
        guard !all.isEmpty else { return ["nothing"] }
        let shown = all.prefix(5).map { $0.path ?? "\($0.name) \($0.version)" }.joined(separator: ", ")
        return ["\(all.count): \(shown)\(all.count > 5 ? ", …" : "")"]
    }
}
