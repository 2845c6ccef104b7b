import Cloud
import CommandLineKit
import Crypto
import Evidence
import Model
import Text

/// A verified statement for people.
struct StatementText {
    private let verified: EnvelopeVerification
    private let image: ImageRecord
    private let kind: DocumentKind

    init(_ verified: EnvelopeVerification, _ image: ImageRecord, _ kind: DocumentKind) {
        self.verified = verified
        self.image = image
        self.kind = kind
    }

    func text(_ context: CommandContext) -> String {
        let predicate = verified.statement.predicate
        let title = "\(Self.title(kind)) of \(image.id): \(image.release?.description ?? image.name.description)"
        var facts = [
            FactList.Fact("digest", image.root.map { "sha256:\($0.hex)" } ?? ""),
            FactList.Fact("signed by", "\(verified.signer.id.prefix(16)), a key of this workspace"),
        ]
        switch kind {
        case .certificate: facts += CertificateFacts(predicate).facts
        case .provenance: facts += Self.provenance(predicate)
        case .spdx: facts.append(.init("packages", "\(predicate["packages"]?.array?.count ?? 0)"))
        case .cyclonedx: facts.append(.init("components", "\(predicate["components"]?.array?.count ?? 0)"))
        }
        let lines = [context.bold(title), ""] + FactList(facts).lines(context.console.outputTerminal)
        return lines.map { $0 + "\n" }.joined()
    }

    private static func title(_ kind: DocumentKind) -> String {
        switch kind {
        case .certificate: "Scrub certificate"
        case .provenance: "Provenance"
        case .spdx: "SPDX document"
        case .cyclonedx: "CycloneDX document"
        }
    }

    private static func provenance(_ predicate: JSONValue) -> [FactList.Fact] {
        let run = predicate["runDetails"]
        let dependencies = predicate["buildDefinition"]?["resolvedDependencies"]?.array ?? []
        return [
            .init("builder", run?["builder"]?["id"]?.string ?? ""),
            .init("build", run?["metadata"]?["invocationId"]?.string ?? ""),
            .init("from", run?["metadata"]?["startedOn"]?.string ?? ""),
            .init("to", run?["metadata"]?["finishedOn"]?.string ?? ""),
            .init(
                "made of",
                dependencies.map { entry in
                    let digest = entry["digest"]?["sha256"]?.string.map { "sha256:" + $0 }
                    return "\(entry["name"]?.string ?? ""): \(digest ?? entry["annotations"]?["value"]?.string ?? "")"
                }),
        ]
    }
}
