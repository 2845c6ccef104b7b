import Cloud
import Model

/// The network interfaces of the account.
struct DescribeNetworkInterfaces: EC2Action {
    private let ids: [String]
    private let filters: [ResourceFilter]
    private let limit: Int?
    private let token: PageToken?

    init(_ input: QueryInput) throws(APIError) {
        ids = try input.strings("NetworkInterfaceId")
        filters = try input.filters()
        limit = try input.limit()
        token = try input.pageToken()
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let all = try asking { () throws(Failure) in try call.actions.networkInterfaces() }
        let named = try all.named(ids, by: \.id.description) { APIError(.notFound(networkInterface: $0)) }
        let names = try call.groupNames()
        let shown = try named.kept { interface throws(APIError) in
            try filters.accept(interface.filterValues(call.region, names), tags: interface.tags)
        }
        let page = shown.page(after: token, limit: limit)
        answer.list("networkInterfaceSet", page.items) { interface, xml in xml.networkInterface(interface, call, names) }
        answer.element("nextToken", ifPresent: page.next?.description)
    }
}

extension NetworkInterface {
    /// `in-use` while an instance has it.
    fileprivate var status: String { attachment == nil ? "available" : "in-use" }

    fileprivate func filterValues(_ region: RegionName, _ names: [SecurityGroupID: String]) -> [String: [String]] {
        let associations = elastic.values.compactMap(\.association)
        return [
            "network-interface-id": [id.description], "status": [status], "subnet-id": [subnet.description],
            "vpc-id": [vpc.description], "availability-zone": [zone], "owner-id": [owner.description],
            "attachment.attachment-id": attachment.map { [$0.id.description] } ?? [],
            "attachment.instance-id": attachment.map { [$0.instance.description] } ?? [],
            "attachment.instance-owner-id": attachment.map { _ in [owner.description] } ?? [],
            "attachment.status": attachment.map { _ in ["attached"] } ?? [],
            "attachment.device-index": attachment.map { [String($0.device)] } ?? [],
            "attachment.delete-on-termination": attachment.map { [String($0.isDeletedOnTermination)] } ?? [],
            "attachment.attach-time": attachment.map { [$0.attached.withMilliseconds] } ?? [],
            "private-ip-address": [address], "addresses.private-ip-address": addresses,
            "addresses.primary": ["true"] + (addresses.count > 1 ? ["false"] : []),
            "addresses.association.public-ip": elastic.values.map(\.address),
            "association.public-ip": elastic.values.map(\.address),
            "association.allocation-id": elastic.values.map(\.id.description),
            "association.association-id": associations.map(\.id.description),
            "ipv6-addresses.ipv6-address": ipv6.map(\.description), "group-id": groups.map(\.description),
            "group-name": groups.compactMap { names[$0] }, "description": [description], "interface-type": ["interface"],
            "mac-address": [mac], "private-dns-name": [NetworkInterface.name(of: address, in: region)],
            "requester-managed": ["false"], "source-dest-check": [String(checksAddresses)],
        ]
    }
}

extension XMLWriter {
    /// The members of one interface.
    mutating func networkInterface(_ interface: NetworkInterface, _ call: Call, _ names: [SecurityGroupID: String]) {
        element("availabilityZone", interface.zone)
        element("interfaceType", "interface")
        element("requesterManaged", false)
        tagList(interface.tags)
        basics(of: interface, call, names)
        attachment(of: interface)
    }

    /// Its attachment, with the instance that has it; nothing where it has none.
    mutating func attachment(of interface: NetworkInterface) {
        guard let attachment = interface.attachment else { return }
        element("attachment") { xml in
            xml.attachment(attachment)
            xml.element("instanceId", attachment.instance.description)
            xml.element("instanceOwnerId", interface.owner.description)
        }
    }

    /// As an instance shows the interfaces that it has.
    mutating func instanceInterface(_ interface: NetworkInterface, _ call: Call, _ names: [SecurityGroupID: String]) {
        basics(of: interface, call, names)
        element("interfaceType", "interface")
        if let attachment = interface.attachment { element("attachment") { $0.attachment(attachment) } }
    }

    private mutating func basics(of interface: NetworkInterface, _ call: Call, _ names: [SecurityGroupID: String]) {
        element("networkInterfaceId", interface.id.description)
        element("subnetId", interface.subnet.description)
        element("vpcId", interface.vpc.description)
        element("description", interface.description)
        element("ownerId", interface.owner.description)
        element("status", interface.status)
        element("macAddress", interface.mac)
        element("privateIpAddress", interface.address)
        element("privateDnsName", NetworkInterface.name(of: interface.address, in: call.region))
        element("sourceDestCheck", interface.checksAddresses)
        groups("groupSet", interface.groups, names)
        if let elastic = interface.elastic[interface.address] { association(elastic) }
        list("privateIpAddressesSet", interface.addresses) { address, xml in
            xml.element("privateIpAddress", address)
            xml.element("privateDnsName", NetworkInterface.name(of: address, in: call.region))
            xml.element("primary", address == interface.address)
            if let elastic = interface.elastic[address] { xml.association(elastic) }
        }
        list("ipv6AddressesSet", interface.ipv6) { address, xml in xml.element("ipv6Address", address.description) }
    }

    private mutating func association(_ elastic: ElasticAddress) {
        element("association") { xml in
            xml.element("publicIp", elastic.address)
            xml.element("publicDnsName", elastic.address)
            xml.element("ipOwnerId", elastic.owner.description)
            xml.element("allocationId", elastic.id.description)
            xml.element("associationId", ifPresent: elastic.association?.id.description)
        }
    }

    mutating func attachment(_ attachment: NetworkInterface.Attachment) {
        element("attachmentId", attachment.id.description)
        element("deviceIndex", attachment.device)
        element("networkCardIndex", 0)
        element("status", "attached")
        element("attachTime", attachment.attached.withMilliseconds)
        element("deleteOnTermination", attachment.isDeletedOnTermination)
    }
}
