import Cloud
import Model

/// The network interfaces of the account: each instance has one.
struct DescribeNetworkInterfaces: EC2Action {
    private let ids: [String]
    private let filters: [ResourceFilter]

    init(_ input: QueryInput) throws(APIError) {
        ids = try input.strings("NetworkInterfaceId")
        filters = try input.filters()
        _ = try input.limit()
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let instances = try asking { () throws(Failure) in try call.actions.instances() }.filter { $0.state != .terminated }
        let named = try instances.named(ids, by: \.networkInterface.description) { id in
            APIError(.invalidNetworkInterfaceNotFound, "The networkInterface ID '\(id)' does not exist")
        }
        let names = try call.groupNames()
        let shown = try named.kept { instance throws(APIError) in
            try filters.accept(Self.values(of: instance, call, names), tags: TagSet())
        }
        answer.list("networkInterfaceSet", shown) { instance, xml in xml.networkInterface(instance, call, names) }
    }

    private static func values(
        of instance: InstanceRecord, _ call: Call, _ names: [SecurityGroupID: String]
    ) -> [String: [String]] {
        [
            "network-interface-id": [instance.networkInterface.description], "status": ["in-use"],
            "subnet-id": [instance.subnet.id.description], "vpc-id": [instance.subnet.vpc.description],
            "availability-zone": [instance.subnet.zone], "owner-id": [instance.owner.description],
            "attachment.instance-id": [instance.id.description], "attachment.status": ["attached"],
            "attachment.device-index": ["0"], "private-ip-address": [instance.address],
            "addresses.private-ip-address": [instance.address], "group-id": instance.groups.map(\.description),
            "group-name": instance.groups.compactMap { names[$0] }, "description": [""], "interface-type": ["interface"],
            "private-dns-name": [instance.privateName(in: call.region)], "requester-managed": ["false"],
            "source-dest-check": ["true"],
        ]
    }
}

/// The network ACLs of the account: each VPC has one, which lets all through.
struct DescribeNetworkAcls: EC2Action {
    private let ids: [String]
    private let filters: [ResourceFilter]

    init(_ input: QueryInput) throws(APIError) {
        ids = try input.strings("NetworkAclId")
        filters = try input.filters()
        _ = try input.limit()
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let (vpcs, subnets) = try asking { () throws(Failure) in (try call.actions.vpcs(), try call.actions.subnets()) }
        let named = try vpcs.named(ids, by: \.networkACL.description) { id in
            APIError("InvalidNetworkAclID.NotFound", "The networkAcl ID '\(id)' does not exist")
        }
        let shown = try named.kept { vpc throws(APIError) in
            try filters.accept(
                [
                    "network-acl-id": [vpc.networkACL.description], "vpc-id": [vpc.id.description], "default": ["true"],
                    "owner-id": [vpc.owner.description],
                    "association.network-acl-id": [vpc.networkACL.description],
                    "association.subnet-id": subnets.filter { $0.vpc == vpc.id }.map(\.id.description),
                ], tags: TagSet())
        }
        answer.list("networkAclSet", shown) { vpc, xml in xml.networkACL(vpc, subnets.filter { $0.vpc == vpc.id }) }
    }
}

extension InstanceRecord {
    /// Its one network interface.
    var networkInterface: NetworkInterfaceID { NetworkInterfaceID(of: id) }

    fileprivate var networkAttachment: String { "eni-attach\(id.description.dropFirst(1))" }
}

extension XMLWriter {
    fileprivate mutating func networkInterface(
        _ instance: InstanceRecord, _ call: Call, _ names: [SecurityGroupID: String]
    ) {
        element("networkInterfaceId", instance.networkInterface.description)
        element("subnetId", instance.subnet.id.description)
        element("vpcId", instance.subnet.vpc.description)
        element("availabilityZone", instance.subnet.zone)
        element("description", "")
        element("ownerId", instance.owner.description)
        element("requesterManaged", false)
        element("status", "in-use")
        element("privateIpAddress", instance.address)
        element("privateDnsName", instance.privateName(in: call.region))
        element("sourceDestCheck", true)
        element("interfaceType", "interface")
        list("groupSet", instance.groups) { group, xml in
            xml.element("groupId", group.description)
            xml.element("groupName", names[group] ?? "")
        }
        element("attachment") { xml in
            xml.element("attachmentId", instance.networkAttachment)
            xml.element("instanceId", instance.id.description)
            xml.element("instanceOwnerId", instance.owner.description)
            xml.element("deviceIndex", 0)
            xml.element("status", "attached")
            xml.element("attachTime", instance.launched.withMilliseconds)
            xml.element("deleteOnTermination", true)
        }
        list("privateIpAddressesSet", [instance.address]) { address, xml in
            xml.element("privateIpAddress", address)
            xml.element("privateDnsName", instance.privateName(in: call.region))
            xml.element("primary", true)
        }
    }

    fileprivate mutating func networkACL(_ vpc: VPC, _ subnets: [Subnet]) {
        let id = vpc.networkACL.description
        element("networkAclId", id)
        element("vpcId", vpc.id.description)
        element("ownerId", vpc.owner.description)
        element("default", true)
        let entries = [(100, "allow", true), (32_767, "deny", true), (100, "allow", false), (32_767, "deny", false)]
        list("entrySet", entries) { entry, xml in
            xml.element("ruleNumber", entry.0)
            xml.element("protocol", "-1")
            xml.element("ruleAction", entry.1)
            xml.element("egress", entry.2)
            xml.element("cidrBlock", "0.0.0.0/0")
        }
        list("associationSet", subnets) { subnet, xml in
            xml.element("networkAclAssociationId", "aclassoc\(subnet.id.description.dropFirst(6))")
            xml.element("networkAclId", id)
            xml.element("subnetId", subnet.id.description)
        }
    }
}
