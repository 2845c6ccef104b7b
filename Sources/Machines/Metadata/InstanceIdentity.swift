import Cloud
import Model

/// The document that says which instance it is. EC2 signs it with its own keys; nobody can here, so that there is no signature.
struct InstanceIdentity {
    private let instance: InstanceRecord
    private let region: RegionName

    init(_ instance: InstanceRecord, _ region: RegionName) {
        self.instance = instance
        self.region = region
    }

    var node: MetadataNode {
        get throws(Failure) {
            let text = try CanonicalJSON.text(of: document, pretty: true)
            return .folder([.init("document", text)])
        }
    }

    private var document: JSONValue {
        .object([
            "accountId": .string(instance.owner.description),
            "architecture": .string(instance.architecture.rawValue),
            "availabilityZone": .string(instance.subnet.zone),
            "billingProducts": Self.list(instance.billingProducts),
            "devpayProductCodes": Self.list(instance.products.filter { $0.kind == .devpay }.map(\.code)),
            "imageId": .string(instance.image.description),
            "instanceId": .string(instance.id.description),
            "instanceType": .string(instance.type.name),
            "kernelId": .null,
            "marketplaceProductCodes": Self.list(instance.products.filter { $0.kind == .marketplace }.map(\.code)),
            "pendingTime": .string(instance.launched.description),
            "privateIp": .string(instance.address),
            "ramdiskId": .null,
            "region": .string(region.description),
            "version": .string("2017-09-30"),
        ])
    }

    private static func list(_ texts: [String]) -> JSONValue { texts.isEmpty ? .null : .array(texts.map { .string($0) }) }
}
