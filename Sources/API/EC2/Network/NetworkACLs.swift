import Cloud
import Model

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

extension XMLWriter {
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
