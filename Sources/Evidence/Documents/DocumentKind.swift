/// A kind of document about an image. Each is a signed statement in a file of the image's evidence.
package enum DocumentKind: String, Sendable, CaseIterable {
    /// What was taken out and what was proven.
    case certificate
    /// What it was made of, by whom, from when to when.
    case provenance
    case spdx
    case cyclonedx

    /// The name of the file, in the evidence and where documents are exported.
    package var fileName: String {
        switch self {
        case .certificate: "scrub-certificate.intoto.json"
        case .provenance: "provenance.intoto.json"
        case .spdx: "sbom.spdx.intoto.json"
        case .cyclonedx: "sbom.cyclonedx.intoto.json"
        }
    }

    package var predicateType: String {
        switch self {
        case .certificate: "urn:ingot:scrub-certificate:v1"
        case .provenance: "https://slsa.dev/provenance/v1"
        case .spdx: "https://spdx.dev/Document/v2.3"
        case .cyclonedx: "https://cyclonedx.org/bom"
        }
    }
}
