import Cloud
import Model

/// The VPCs of the account.
struct DescribeVpcs: EC2Action {
    private let ids: [String]
    private let filters: [ResourceFilter]

    init(_ input: QueryInput) throws(APIError) {
        ids = try input.strings("VpcId")
        filters = try input.filters()
        // All fit into one page.
        _ = try input.limit()
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let all = try asking { () throws(Failure) in try call.actions.vpcs() }
        if let unknown = ids.first(where: { id in !all.contains { $0.id.description == id } }) {
            throw APIError("InvalidVpcID.NotFound", "The vpc ID '\(unknown.prefix(60))' does not exist")
        }
        let shown = try all.kept { vpc throws(APIError) in
            guard ids.isEmpty || ids.contains(vpc.id.description) else { return false }
            return try filters.accept(
                [
                    "vpc-id": [vpc.id.description], "cidr": [vpc.block.description], "cidr-block": [vpc.block.description],
                    "cidr-block-association.cidr-block": [vpc.block.description], "isDefault": [String(vpc.isDefault)],
                    "is-default": [String(vpc.isDefault)], "owner-id": [vpc.owner.description], "state": ["available"],
                    "dhcp-options-id": ["default"],
                ], tags: vpc.tags)
        }
        answer.list("vpcSet", shown) { vpc, xml in
            xml.element("vpcId", vpc.id.description)
            xml.element("ownerId", vpc.owner.description)
            xml.element("state", "available")
            xml.element("cidrBlock", vpc.block.description)
            xml.element("dhcpOptionsId", "default")
            xml.element("instanceTenancy", "default")
            xml.element("isDefault", vpc.isDefault)
            xml.tags(vpc.tags)
        }
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
        if let unknown = ids.first(where: { id in !all.contains { $0.id.description == id } }) {
            throw APIError(.notFound(subnet: String(unknown.prefix(60))))
        }
        let zones = call.plane.settings.zones(of: call.region)
        let shown = try all.kept { subnet throws(APIError) in
            guard ids.isEmpty || ids.contains(subnet.id.description) else { return false }
            return try filters.accept(Self.values(of: subnet, zones), tags: subnet.tags)
        }
        answer.list("subnetSet", shown) { subnet, xml in
            xml.element("subnetId", subnet.id.description)
            xml.element("subnetArn", "arn:aws:ec2:\(call.region):\(subnet.owner):subnet/\(subnet.id)")
            xml.element("state", "available")
            xml.element("ownerId", subnet.owner.description)
            xml.element("vpcId", subnet.vpc.description)
            xml.element("cidrBlock", subnet.block.description)
            xml.element("availableIpAddressCount", Self.free(subnet))
            xml.element("availabilityZone", subnet.zone)
            xml.element("availabilityZoneId", ifPresent: zones.first { $0.name == subnet.zone }?.id)
            xml.element("defaultForAz", subnet.isDefault)
            xml.element("mapPublicIpOnLaunch", subnet.isDefault)
            xml.element("assignIpv6AddressOnCreation", false)
            xml.tags(subnet.tags)
        }
    }

    /// AWS keeps five addresses of each subnet for itself.
    private static func free(_ subnet: Subnet) -> Int { subnet.block.count - 5 }

    private static func values(of subnet: Subnet, _ zones: [AvailabilityZone]) -> [String: [String]] {
        let zoneID = zones.first { $0.name == subnet.zone }?.id ?? ""
        return [
            "subnet-id": [subnet.id.description], "vpc-id": [subnet.vpc.description], "owner-id": [subnet.owner.description],
            "cidr-block": [subnet.block.description], "cidr": [subnet.block.description],
            "cidrBlock": [subnet.block.description], "availability-zone": [subnet.zone], "availabilityZone": [subnet.zone],
            "availability-zone-id": [zoneID], "state": ["available"], "default-for-az": [String(subnet.isDefault)],
            "defaultForAz": [String(subnet.isDefault)], "map-public-ip-on-launch": [String(subnet.isDefault)],
            "available-ip-address-count": [String(free(subnet))],
        ]
    }
}
