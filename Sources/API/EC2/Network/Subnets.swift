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
        creation = SubnetCreation(
            vpc: try VPCID(asked: try input.required("VpcId")),
            block: try AddressBlock(asked: try input.required("CidrBlock"), of: "cidrBlock"),
            zone: input.string("AvailabilityZone"), tags: try input.tagSpecifications("subnet")["subnet"] ?? TagSet())
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
    private let mapsPublicAddresses: Bool

    init(_ input: QueryInput) throws(APIError) {
        id = try SubnetID(asked: try input.required("SubnetId"))
        guard let value = try input.structure("MapPublicIpOnLaunch")?.bool("Value") else {
            throw APIError("InvalidParameterCombination", "No attributes specified.")
        }
        mapsPublicAddresses = value
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.modifySubnet(id, mapsPublicAddresses: mapsPublicAddresses) }
        answer.done()
    }
}

/// The subnets of the account.
struct DescribeSubnets: EC2Action {
    private let ids: [String]
    private let filters: [ResourceFilter]

    init(_ input: QueryInput) throws(APIError) {
        ids = try input.strings("SubnetId")
        filters = try input.filters()
        _ = try input.limit()
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let all = try asking { () throws(Failure) in try call.actions.subnets() }
        let named = try all.named(ids, by: \.id.description) { APIError(.notFound(subnet: $0)) }
        let zones = call.plane.settings.zones(of: call.region)
        let shown = try named.kept { subnet throws(APIError) in
            try filters.accept(Self.values(of: subnet, zones), tags: subnet.tags)
        }
        answer.list("subnetSet", shown) { subnet, xml in xml.subnet(subnet, call) }
    }

    private static func values(of subnet: Subnet, _ zones: [AvailabilityZone]) -> [String: [String]] {
        let zoneID = zones.first { $0.name == subnet.zone }?.id ?? ""
        return [
            "subnet-id": [subnet.id.description], "vpc-id": [subnet.vpc.description], "owner-id": [subnet.owner.description],
            "cidr-block": [subnet.block.description], "cidr": [subnet.block.description],
            "cidrBlock": [subnet.block.description], "availability-zone": [subnet.zone], "availabilityZone": [subnet.zone],
            "availability-zone-id": [zoneID], "state": ["available"], "default-for-az": [String(subnet.isDefault)],
            "defaultForAz": [String(subnet.isDefault)], "map-public-ip-on-launch": [String(subnet.mapsPublicAddresses)],
            "available-ip-address-count": [String(subnet.freeAddresses)],
        ]
    }
}

extension Subnet {
    /// AWS keeps five addresses of each subnet for itself.
    fileprivate var freeAddresses: Int { block.count - 5 }
}

extension SubnetID {
    init(asked text: String) throws(APIError) {
        do throws(Failure) { try self.init(parsing: text) } catch {
            throw APIError(.notFound(subnet: String(text.prefix(60))))
        }
    }
}

extension XMLWriter {
    /// The members of one subnet.
    fileprivate mutating func subnet(_ subnet: Subnet, _ call: Call) {
        let zones = call.plane.settings.zones(of: call.region)
        element("subnetId", subnet.id.description)
        element("subnetArn", "arn:aws:ec2:\(call.region):\(subnet.owner):subnet/\(subnet.id)")
        element("state", "available")
        element("ownerId", subnet.owner.description)
        element("vpcId", subnet.vpc.description)
        element("cidrBlock", subnet.block.description)
        list("ipv6CidrBlockAssociationSet", [String]())
        element("availableIpAddressCount", subnet.freeAddresses)
        element("availabilityZone", subnet.zone)
        element("availabilityZoneId", ifPresent: zones.first { $0.name == subnet.zone }?.id)
        element("defaultForAz", subnet.isDefault)
        element("mapPublicIpOnLaunch", subnet.mapsPublicAddresses)
        element("assignIpv6AddressOnCreation", false)
        element("mapCustomerOwnedIpOnLaunch", false)
        element("enableDns64", false)
        element("ipv6Native", false)
        element("privateDnsNameOptionsOnLaunch") { xml in
            xml.element("hostnameType", "ip-name")
            xml.element("enableResourceNameDnsARecord", false)
            xml.element("enableResourceNameDnsAAAARecord", false)
        }
        tags(subnet.tags)
    }
}
