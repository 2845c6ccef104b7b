import Cloud
import Model

/// The elastic addresses of the account.
struct DescribeAddresses: EC2Action {
    private let ids: [String]
    private let addresses: [String]
    private let filters: [ResourceFilter]

    init(_ input: QueryInput) throws(APIError) {
        ids = try input.strings("AllocationId")
        addresses = try input.strings("PublicIp")
        filters = try input.filters()
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let (all, interfaces) = try asking { () throws(Failure) in
            (try call.actions.elasticAddresses(), try call.actions.networkInterfaces())
        }
        let byID = Dictionary(uniqueKeysWithValues: interfaces.map { ($0.id, $0) })
        let named = try all.named(ids, by: \.id.description) { APIError(.notFound(allocation: $0)) }
            .named(addresses, by: \.address) { APIError(.notFound(address: $0)) }
        let shown = try named.kept { address throws(APIError) in
            let interface = address.association.flatMap { byID[$0.interface] }
            return try filters.accept(address.filterValues(interface, call.region), tags: address.tags)
        }
        answer.list("addressesSet", shown) { address, xml in
            xml.elasticAddress(address, address.association.flatMap { byID[$0.interface] }, call.region)
        }
    }
}

/// Of domain names, of which no address has one.
struct DescribeAddressesAttribute: EC2Action {
    private let ids: [String]

    init(_ input: QueryInput) throws(APIError) {
        ids = try input.strings("AllocationId")
        let attribute = try input.required("Attribute")
        guard attribute == "domain-name" else { throw .invalid(attribute, of: "attribute") }
        _ = try input.limit("MaxResults", 1...1000)
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let all = try asking { () throws(Failure) in try call.actions.elasticAddresses() }
        let named = try all.named(ids, by: \.id.description) { APIError(.notFound(allocation: $0)) }
        answer.list("addressSet", named) { address, xml in
            xml.element("publicIp", address.address)
            xml.element("allocationId", address.id.description)
        }
    }
}

extension ElasticAddress {
    fileprivate func filterValues(_ interface: NetworkInterface?, _ region: RegionName) -> [String: [String]] {
        [
            "allocation-id": [id.description], "public-ip": [address], "domain": ["vpc"],
            "association-id": association.map { [$0.id.description] } ?? [],
            "network-interface-id": association.map { [$0.interface.description] } ?? [],
            "network-interface-owner-id": association.map { _ in [owner.description] } ?? [],
            "private-ip-address": association.map { [$0.privateAddress] } ?? [],
            "instance-id": interface?.attachment.map { [$0.instance.description] } ?? [],
            "network-border-group": [region.description],
        ]
    }
}

extension XMLWriter {
    fileprivate mutating func elasticAddress(
        _ address: ElasticAddress, _ interface: NetworkInterface?, _ region: RegionName
    ) {
        element("publicIp", address.address)
        element("allocationId", address.id.description)
        element("domain", "vpc")
        // Empty where there is none.
        element("instanceId", interface?.attachment?.instance.description ?? "")
        if let association = address.association {
            element("associationId", association.id.description)
            element("networkInterfaceId", association.interface.description)
            element("networkInterfaceOwnerId", address.owner.description)
            element("privateIpAddress", association.privateAddress)
        }
        element("publicIpv4Pool", AllocateAddress.pool)
        element("networkBorderGroup", region.description)
        tags(address.tags)
    }
}
