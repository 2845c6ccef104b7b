import Crypto
import Guest
import Model

/// A document of CycloneDX 1.5 in JSON (https://cyclonedx.org/docs/1.5/json/).
package struct CycloneDXDocument: Encodable {
    let bomFormat = "CycloneDX"
    let specVersion = "1.5"
    let serialNumber: String
    let version = 1
    let metadata: Metadata
    let components: [Component]
    let dependencies: [Dependency]

    struct Metadata: Encodable {
        let timestamp: String
        let tools: Tools
        let component: Component
    }

    struct Tools: Encodable {
        let components: [Component]
    }

    struct Component: Encodable {
        let type: String
        let reference: String?
        let name: String
        let version: String?
        var supplier: Supplier?
        var description: String?
        var hashes: [Hash]?
        var licenses: [License]?
        var purl: String?
        var properties: [Property]?

        enum CodingKeys: String, CodingKey {
            case type
            case reference = "bom-ref"
            case name, version, supplier, description, hashes, licenses, purl, properties
        }
    }

    struct Supplier: Encodable {
        let name: String
    }

    struct Hash: Encodable {
        let alg: String
        let content: String
    }

    struct License: Encodable {
        let license: Name

        struct Name: Encodable {
            let name: String
        }
    }

    struct Property: Encodable {
        let name: String
        let value: String
    }

    struct Dependency: Encodable {
        let ref: String
        let dependsOn: [String]
    }

    package init(_ bill: BillOfMaterials) {
        let image = "image:sha256:\(bill.subject.root.hex)"
        let references = Self.references(bill)
        serialNumber = "urn:uuid:\(bill.identifier(of: "cyclonedx"))"
        metadata = Metadata(
            timestamp: String(bill.subject.created.description.prefix(19)) + "Z",
            tools: Tools(components: [
                Component(type: "application", reference: nil, name: bill.tool.name, version: bill.tool.version)
            ]),
            component: Component(
                type: "operating-system", reference: image, name: bill.subject.name, version: bill.subject.version,
                description: bill.distribution.prettyName.isEmpty ? nil : bill.distribution.prettyName,
                hashes: [Hash(alg: "SHA-256", content: bill.subject.root.hex)]))
        components = zip(bill.components, references).map { component, reference in
            Component(
                type: "library", reference: reference, name: component.name,
                version: component.version.isEmpty ? nil : component.version,
                supplier: component.supplier.map { Supplier(name: $0) },
                description: component.summary.isEmpty ? nil : component.summary,
                licenses: component.license.map { [License(license: .init(name: $0))] }, purl: component.url.description,
                properties: [Property(name: "ingot:origin", value: component.origin)])
        }
        dependencies =
            [Dependency(ref: image, dependsOn: references)]
            + zip(bill.components, references).map { component, reference in
                Dependency(ref: reference, dependsOn: component.dependencies.map { references[$0] })
            }
    }

    /// The package URL, numbered where the same stands in several places.
    private static func references(_ bill: BillOfMaterials) -> [String] {
        var seen: [String: Int] = [:]
        return bill.components.map { component in
            let base = component.url.description
            let number = seen[base, default: 0]
            seen[base] = number + 1
            return number == 0 ? base : "\(base)#\(number)"
        }
    }
}
