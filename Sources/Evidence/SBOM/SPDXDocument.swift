import Crypto
import Guest
import Model

/// A document of SPDX 2.3 in JSON (https://spdx.github.io/spdx-spec/v2.3/).
package struct SPDXDocument: Encodable {
    let spdxVersion = "SPDX-2.3"
    let dataLicense = "CC0-1.0"
    let identifier = "SPDXRef-DOCUMENT"
    let name: String
    let documentNamespace: String
    let creationInfo: CreationInfo
    let packages: [Package]
    let relationships: [Relationship]

    enum CodingKeys: String, CodingKey {
        case spdxVersion, dataLicense
        case identifier = "SPDXID"
        case name, documentNamespace, creationInfo, packages, relationships
    }

    struct CreationInfo: Encodable {
        let created: String
        let creators: [String]
    }

    struct Package: Encodable {
        let identifier: String
        let name: String
        let versionInfo: String?
        let supplier: String
        let downloadLocation = "NOASSERTION"
        let filesAnalyzed = false
        let licenseConcluded = "NOASSERTION"
        let licenseDeclared = "NOASSERTION"
        let licenseComments: String?
        let copyrightText = "NOASSERTION"
        let summary: String?
        let homepage: String?
        let sourceInfo: String?
        let primaryPackagePurpose: String?
        let checksums: [Checksum]?
        let externalRefs: [Reference]?

        enum CodingKeys: String, CodingKey {
            case identifier = "SPDXID"
            case name, versionInfo, supplier, downloadLocation, filesAnalyzed, licenseConcluded, licenseDeclared, licenseComments
            case copyrightText, summary, homepage, sourceInfo, primaryPackagePurpose, checksums, externalRefs
        }
    }

    struct Checksum: Encodable {
        let algorithm: String
        let checksumValue: String
    }

    struct Reference: Encodable {
        let referenceCategory = "PACKAGE-MANAGER"
        let referenceType = "purl"
        let referenceLocator: String
    }

    struct Relationship: Encodable {
        let spdxElementId: String
        let relationshipType: String
        let relatedSpdxElement: String
    }

    package init(_ bill: BillOfMaterials) {
        let image = "SPDXRef-Image"
        let identifiers = Self.identifiers(bill)
        name = "\(bill.subject.name)-\(bill.subject.version)"
        documentNamespace =
            "https://spdx.org/spdxdocs/\(Self.plain(name))-\(bill.identifier(of: "spdx"))"
        creationInfo = CreationInfo(
            created: String(bill.subject.created.description.prefix(19)) + "Z",
            creators: ["Tool: \(bill.tool.name)-\(bill.tool.version)"])
        packages =
            [Self.image(bill, image)]
            + zip(bill.components, identifiers).map { component, identifier in
                Package(
                    identifier: identifier, name: component.name,
                    versionInfo: component.version.isEmpty ? nil : component.version,
                    supplier: component.supplier.map(Self.supplier) ?? "NOASSERTION",
                    licenseComments: component.license.map { "The package says: \($0)" },
                    summary: component.summary.isEmpty ? nil : component.summary, homepage: component.homepage.flatMap(Self.link),
                    sourceInfo: component.origin, primaryPackagePurpose: nil, checksums: nil,
                    externalRefs: [Reference(referenceLocator: component.url.description)])
            }
        var relationships = [Relationship(spdxElementId: identifier, relationshipType: "DESCRIBES", relatedSpdxElement: image)]
        relationships += identifiers.map {
            Relationship(spdxElementId: image, relationshipType: "CONTAINS", relatedSpdxElement: $0)
        }
        for (component, identifier) in zip(bill.components, identifiers) {
            relationships += component.dependencies.map {
                Relationship(spdxElementId: identifier, relationshipType: "DEPENDS_ON", relatedSpdxElement: identifiers[$0])
            }
        }
        self.relationships = relationships
    }

    private static func image(_ bill: BillOfMaterials, _ identifier: String) -> Package {
        Package(
            identifier: identifier, name: bill.subject.name, versionInfo: bill.subject.version, supplier: "NOASSERTION",
            licenseComments: nil, summary: bill.distribution.prettyName.isEmpty ? nil : bill.distribution.prettyName,
            homepage: nil,
            sourceInfo: "the root digest of the image's tree is its checksum", primaryPackagePurpose: "OPERATING-SYSTEM",
            checksums: [Checksum(algorithm: "SHA256", checksumValue: bill.subject.root.hex)], externalRefs: nil)
    }

    /// Letters, digits, dots and hyphens; numbered where two would be equal.
    private static func identifiers(_ bill: BillOfMaterials) -> [String] {
        var seen: [String: Int] = [:]
        return bill.components.map { component in
            let base = "SPDXRef-\(plain("\(component.type)-\(component.name)-\(component.version)"))"
            let number = seen[base, default: 0]
            seen[base] = number + 1
            return number == 0 ? base : "\(base)-copy\(number)"
        }
    }

    private static func plain(_ text: String) -> String {
        String(
            decoding: text.utf8.map { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E: byte
                default: 0x2D
                }
            }, as: UTF8.self)
    }

    /// `Name <address>` as `Organization: Name (address)`.
    private static func supplier(_ text: String) -> String {
        guard let open = text.firstIndex(of: "<"), let close = text.lastIndex(of: ">"), open < close else {
            return "Organization: \(text)"
        }
        let name = text[..<open].reversed().drop(while: \.isWhitespace).reversed()
        let address = text[text.index(after: open)..<close]
        return name.isEmpty ? "Organization: \(address)" : "Organization: \(String(name)) (\(address))"
    }

    private static func link(_ text: String) -> String? {
        let isPlain = text.utf8.allSatisfy {
            0x21...0x7E ~= $0 && ![0x3C, 0x3E, 0x22, 0x5C, 0x5E, 0x60, 0x7B, 0x7C, 0x7D].contains($0)
        }
        return isPlain && (text.hasPrefix("https://") || text.hasPrefix("http://")) && text.utf8.count > 10 ? text : nil
    }
}
