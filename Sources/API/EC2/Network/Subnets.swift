import Cloud
import Model

struct CreateSubnet: EC2Action {
    private let creation: SubnetCreation
    private let zoneID: String?

    init(_ input: QueryInput) throws(APIError) {
        zoneID = input.string("AvailabilityZoneId")
        guard zoneID == nil || input.string("AvailabilityZone") == nil else {
            throw APIError("InvalidParameterCombination", "Specify either AvailabilityZone or AvailabilityZoneId, and not both")
        }
        if try input.bool("Ipv6Native") ?? false { throw Self.withoutIPv4(input) }
        creation = SubnetCreation(
            vpc: try VPCID(asked: try input.required("VpcId")),
            block: try AddressBlock(asked: try input.required("CidrBlock"), of: "cidrBlock"),
            block6: try input.string("Ipv6CidrBlock").map { text throws(APIError) in try AddressBlock6(asked: text) },
            zone: input.string("AvailabilityZone"), tags: try input.tagSpecifications("subnet")["subnet"] ?? TagSet())
    }

    private static func withoutIPv4(_ input: QueryInput) -> APIError {
        if input.string("Ipv6CidrBlock") == nil {
            return APIError("MissingParameter", "Either 'ipv6CidrBlock' or 'ipv6IpamPoolId' should be provided.")
        }
        if input.string("CidrBlock") != nil {
            return APIError(
                "InvalidParameterCombination",
                "When specifying ipv4 parameters, cidrBlock or ipv4IpamPoolId, you cannot set ipv6Native to true.")
        }
        return APIError("UnsupportedOperation", "Subnets have IPv4 addresses here.")
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        var creation = creation
        if let zoneID {
            guard let zone = call.plane.settings.zones(of: call.region).first(where: { $0.id == zoneID }) else {
                throw .invalid(zoneID, of: "availabilityZoneId")
            }
            creation.zone = zone.name
        }
        let ready = creation
        let subnet = try asking { () throws(Failure) in try call.actions.createSubnet(ready) }
        answer.element("subnet") { $0.subnet(subnet, call) }
    }
}

struct CreateDefaultSubnet: EC2Action {
    private let zone: String

    init(_ input: QueryInput) throws(APIError) { zone = try input.required("AvailabilityZone") }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let subnet = try asking { () throws(Failure) in try call.actions.createDefaultSubnet(zone: zone) }
        answer.element("subnet") { $0.subnet(subnet, call) }
    }
}

struct DeleteSubnet: EC2Action {
    private let id: SubnetID

    init(_ input: QueryInput) throws(APIError) { id = try SubnetID(asked: try input.required("SubnetId")) }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.deleteSubnet(id) }
        answer.done()
    }
}

struct ModifySubnetAttribute: EC2Action {
    private let id: SubnetID
    private let change: SubnetChange

    init(_ input: QueryInput) throws(APIError) {
        id = try SubnetID(asked: try input.required("SubnetId"))
        var change = SubnetChange()
        change.mapsPublicAddresses = try input.structure("MapPublicIpOnLaunch")?.bool("Value")
        change.assignsIPv6 = try input.structure("AssignIpv6AddressOnCreation")?.bool("Value")
        change.translatesDNS = try input.structure("EnableDns64")?.bool("Value")
        change.answersA = try input.structure("EnableResourceNameDnsARecordOnLaunch")?.bool("Value")
        change.answersAAAA = try input.structure("EnableResourceNameDnsAAAARecordOnLaunch")?.bool("Value")
        if let word = input.string("PrivateDnsHostnameTypeOnLaunch") {
            guard ["ip-name", "resource-name"].contains(word) else {
                throw .invalid(word, of: "privateDnsHostnameTypeOnLaunch")
            }
            change.namesByResource = word == "resource-name"
        }
        guard change != SubnetChange() else { throw APIError("InvalidParameterCombination", "No attributes specified.") }
        self.change = change
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.modifySubnet(id, change) }
        answer.done()
    }
}

/// The subnets of the account.
struct DescribeSubnets: EC2Action {
    private let ids: [String]
    private let filters: [ResourceFilter]

    private let limit: Int?
    private let token: PageToken?

    init(_ input: QueryInput) throws(APIError) {
        ids = try input.strings("SubnetId")
        filters = try input.filters()
        limit = try input.limit()
        token = try input.pageToken()
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let (all, taken) = try asking { () throws(Failure) in (try call.actions.subnets(), try call.actions.takenAddresses()) }
        let named = try all.named(ids, by: \.id.description) { APIError(.notFound(subnet: $0)) }
        let zones = call.plane.settings.zones(of: call.region)
        let shown = try named.kept { subnet throws(APIError) in
            try filters.accept(Self.values(of: subnet, zones, taken[subnet.id] ?? 0), tags: subnet.tags)
        }
        let page = shown.page(after: token, limit: limit)
        answer.list("subnetSet", page.items) { subnet, xml in xml.subnet(subnet, call, taken: taken[subnet.id] ?? 0) }
        answer.element("nextToken", ifPresent: page.next?.description)
    }

    private static func values(of subnet: Subnet, _ zones: [AvailabilityZone], _ taken: Int) -> [String: [String]] {
        let zoneID = zones.first { $0.name == subnet.zone }?.id ?? ""
        return [
            "subnet-id": [subnet.id.description], "vpc-id": [subnet.vpc.description], "owner-id": [subnet.owner.description],
            "cidr-block": [subnet.block.description], "cidr": [subnet.block.description],
            "cidrBlock": [subnet.block.description], "availability-zone": [subnet.zone], "availabilityZone": [subnet.zone],
            "availability-zone-id": [zoneID], "state": ["available"], "default-for-az": [String(subnet.isDefault)],
            "defaultForAz": [String(subnet.isDefault)],
            "map-public-ip-on-launch": [String(subnet.attributes.mapsPublicAddresses)],
            "available-ip-address-count": [String(subnet.freeAddresses - taken)],
            "ipv6-cidr-block-association.ipv6-cidr-block": subnet.blocks.map(\.block.description),
            "ipv6-cidr-block-association.association-id": subnet.blocks.map(\.id.description),
            "ipv6-cidr-block-association.state": subnet.blocks.map { _ in "associated" }, "ipv6-native": ["false"],
            "enable-dns64": [String(subnet.attributes.translatesDNS)],
            "private-dns-name-options-on-launch.hostname-type": [subnet.hostnameType],
            "private-dns-name-options-on-launch.enable-resource-name-dns-a-record": [String(subnet.attributes.answersA)],
            "private-dns-name-options-on-launch.enable-resource-name-dns-aaaa-record": [String(subnet.attributes.answersAAAA)],
        ]
    }
}

extension Subnet {
    /// AWS keeps five addresses of each subnet for itself.
    fileprivate var freeAddresses: Int { block.count - 5 }

    fileprivate var hostnameType: String { attributes.namesByResource ? "resource-name" : "ip-name" }
}

extension SubnetID {
    init(asked text: String) throws(APIError) {
        self = try asking { () throws(Failure) in try SubnetID(requested: text) }
    }
}

extension XMLWriter {
    /// The members of one subnet.
    fileprivate mutating func subnet(_ subnet: Subnet, _ call: Call, taken: Int = 0) {
        let zones = call.plane.settings.zones(of: call.region)
        element("subnetId", subnet.id.description)
        element("subnetArn", ARN("ec2", in: call.region, of: subnet.owner, "subnet/\(subnet.id)").description)
        element("state", "available")
        element("ownerId", subnet.owner.description)
        element("vpcId", subnet.vpc.description)
        element("cidrBlock", subnet.block.description)
        list("ipv6CidrBlockAssociationSet", subnet.blocks) { block, xml in xml.block(block, state: "associated") }
        element("availableIpAddressCount", subnet.freeAddresses - taken)
        element("availabilityZone", subnet.zone)
        element("availabilityZoneId", ifPresent: zones.first { $0.name == subnet.zone }?.id)
        element("defaultForAz", subnet.isDefault)
        element("mapPublicIpOnLaunch", subnet.attributes.mapsPublicAddresses)
        element("assignIpv6AddressOnCreation", subnet.attributes.assignsIPv6)
        element("mapCustomerOwnedIpOnLaunch", false)
        element("enableDns64", subnet.attributes.translatesDNS)
        element("ipv6Native", false)
        element("privateDnsNameOptionsOnLaunch") { xml in
            xml.element("hostnameType", subnet.hostnameType)
            xml.element("enableResourceNameDnsARecord", subnet.attributes.answersA)
            xml.element("enableResourceNameDnsAAAARecord", subnet.attributes.answersAAAA)
        }
        tagList(subnet.tags)
    }
}
