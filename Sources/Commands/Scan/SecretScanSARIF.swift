import Secrets

/// `ingot scan secrets --output sarif`: SARIF 2.1.0 (OASIS), as much of it as findings need.
struct SecretScanSARIF: Encodable {
    let schema = "https://json.schemastore.org/sarif-2.1.0.json"
    let version = "2.1.0"
    let runs: [Run]

    enum CodingKeys: String, CodingKey {
        case schema = "$schema"
        case version, runs
    }

    struct Run: Encodable {
        let tool: Tool
        let results: [Finding]
    }

    struct Tool: Encodable {
        let driver: Driver

        struct Driver: Encodable {
            let name = "ingot"
            let version: String
            let rules: [Rule]
        }

        struct Rule: Encodable {
            let id: String
            let shortDescription: Text
        }
    }

    struct Text: Encodable {
        let text: String
    }

    struct Finding: Encodable {
        let ruleId: String
        /// `error`, `warning` or `note`.
        let level: String
        let message: Text
        let locations: [Location]
        /// The keyed digest.
        let partialFingerprints: [String: String]

        struct Location: Encodable {
            let physicalLocation: Physical
        }

        struct Physical: Encodable {
            let artifactLocation: Artifact
            let region: Region?
        }

        struct Artifact: Encodable {
            let uri: String
        }

        struct Region: Encodable {
            let startLine: Int
        }
    }

    init(_ report: SecretScanReport, version: String) {
        let used = Set(report.findings.map(\.rule))
        let rules = RuleSet.rules.filter { used.contains($0.id) }.map {
            Tool.Rule(id: $0.id, shortDescription: Text(text: $0.title))
        }
        let results = report.findings.map { finding in
            let line = finding.line.flatMap { $0 > 0 ? Finding.Region(startLine: $0) : nil }
            return Finding(
                ruleId: finding.rule, level: Self.level(finding.severity),
                message: Text(text: "\(finding.title) in \(finding.place)" + (finding.detail.map { ": \($0)" } ?? "")),
                locations: [
                    .init(physicalLocation: .init(artifactLocation: .init(uri: Self.uri(finding.path)), region: line))
                ],
                partialFingerprints: ["keyedDigest/v1": finding.keyedDigest])
        }
        runs = [Run(tool: Tool(driver: .init(version: version, rules: rules)), results: results)]
    }

    private static func level(_ severity: SecretSeverity) -> String {
        switch severity {
        case .low: "note"
        case .medium: "warning"
        case .high, .critical: "error"
        }
    }

    /// The path without its leading slash, percent-encoded.
    private static func uri(_ path: String) -> String {
        let digits = Array("0123456789ABCDEF")
        return path.drop { $0 == "/" }.utf8.map { byte in
            let isPlain = byte > 0x20 && byte < 0x7F && !Array("\"#%<>?[\\]^`{|}".utf8).contains(byte)
            return isPlain ? String(Unicode.Scalar(byte)) : "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
        }.joined()
    }
}
