import Cloud
import Model

struct CreateVpc: EC2Action {
    private let block: AddressBlock
    private let tenancy: String
    private let hasIPv6: Bool
    private let tags: TagSet

    init(_ input: QueryInput) throws(APIError) {
        block = try AddressBlock(asked: try input.required("CidrBlock"), of: "cidrBlock")
        tenancy = input.string("InstanceTenancy") ?? "default"
        guard ["default", "dedicated"].contains(tenancy) else { throw .invalid(tenancy, of: "instanceTenancy") }
        tags = try input.tagSpecifications("vpc")["vpc"] ?? TagSet()
        hasIPv6 = try input.bool("AmazonProvidedIpv6CidrBlock") ?? false
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let vpc = try asking { () throws(Failure) in
            try call.actions.createVPC(block, hasIPv6: hasIPv6, tenancy: tenancy, tags: tags)
        }
        answer.element("vpc") { $0.vpc(vpc) }
    }
}

struct CreateDefaultVpc: EC2Action {
    init(_ input: QueryInput) {}

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let vpc = try asking { () throws(Failure) in try call.actions.createDefaultVPC() }
        answer.element("vpc") { $0.vpc(vpc) }
    }
}

struct DeleteVpc: EC2Action {
    private let id: VPCID

    init(_ input: QueryInput) throws(APIError) { id = try VPCID(asked: try input.required("VpcId")) }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.deleteVPC(id) }
        answer.done()
    }
}

/// The VPCs of the account.
struct DescribeVpcs: EC2Action {
    private let ids: [String]
    private let filters: [ResourceFilter]

    private let limit: Int?
    private let token: PageToken?

    init(_ input: QueryInput) throws(APIError) {
        ids = try input.strings("VpcId")
        filters = try input.filters()
        limit = try input.limit()
        token = try input.pageToken()
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let all = try asking { () throws(Failure) in try call.actions.vpcs() }
        let named = try all.named(ids, by: \.id.description) { id in
            APIError("InvalidVpcID.NotFound", "The vpc ID '\(id)' does not exist")
        }
        let shown = try named.kept { vpc throws(APIError) in
            try filters.accept(
                [
                    "vpc-id": [vpc.id.description], "cidr": [vpc.block.description], "cidr-block": [vpc.block.description],
                    "cidr-block-association.cidr-block": vpc.shownBlocks4.map(\.block.description),
                    "cidr-block-association.association-id": vpc.shownBlocks4.map(\.id.description),
                    "cidr-block-association.state": ["associated"],
                    "ipv6-cidr-block-association.ipv6-cidr-block": vpc.shownBlocks6.map(\.block.description),
                    "ipv6-cidr-block-association.association-id": vpc.shownBlocks6.map(\.id.description),
                    "ipv6-cidr-block-association.ipv6-pool": vpc.shownBlocks6.map { _ in "Amazon" },
                    "ipv6-cidr-block-association.state": vpc.shownBlocks6.map { _ in "associated" },
                    "isDefault": [String(vpc.isDefault)],
                    "is-default": [String(vpc.isDefault)], "owner-id": [vpc.owner.description], "state": ["available"],
                    "dhcp-options-id": [vpc.dhcpOptions?.description ?? DHCPOptions.standard],
                    "instance-tenancy": [vpc.tenancy],
                ], tags: vpc.tags)
        }
        let page = shown.page(after: token, limit: limit)
        answer.list("vpcSet", page.items) { vpc, xml in xml.vpc(vpc) }
        answer.element("nextToken", ifPresent: page.next?.description)
    }
}

extension VPC {
    /// Those that it has with the one that it was made of.
    fileprivate var shownBlocks4: [(id: VPCBlockID, block: AddressBlock)] {
        [(firstBlock, block)]
            + blocks.compactMap { block in if case .ipv4(let one) = block.block { (block.id, one) } else { nil } }
    }

    fileprivate var shownBlocks6: [(id: VPCBlockID, block: AddressBlock6)] {
        blocks.compactMap { block in if case .ipv6(let one) = block.block { (block.id, one) } else { nil } }
    }
}

extension VPCID {
    init(asked text: String) throws(APIError) {
        do throws(Failure) { try self.init(parsing: text) } catch {
            throw APIError("InvalidVpcID.NotFound", "The vpc ID '\(text.prefix(60))' does not exist")
        }
    }
}

extension AddressBlock {
    /// A block in a parameter of a request, in EC2's words where it is none.
    init(asked text: String, of parameter: String) throws(APIError) {
        do throws(Failure) { try self.init(parsing: text) } catch {
            throw APIError(
                "InvalidParameterValue",
                "Value (\(text.prefix(60))) for parameter \(parameter) is invalid. This is not a valid CIDR block.")
        }
    }
}

extension XMLWriter {
    /// The members of one VPC.
    fileprivate mutating func vpc(_ vpc: VPC) {
        element("vpcId", vpc.id.description)
        element("ownerId", vpc.owner.description)
        element("state", "available")
        element("cidrBlock", vpc.block.description)
        list("cidrBlockAssociationSet", vpc.shownBlocks4) { item, xml in
            xml.block4(item.block, item.id, state: "associated")
        }
        list("ipv6CidrBlockAssociationSet", vpc.shownBlocks6) { item, xml in
            xml.block6(item.block, item.id, state: "associated")
        }
        element("dhcpOptionsId", vpc.dhcpOptions?.description ?? DHCPOptions.standard)
        element("instanceTenancy", vpc.tenancy)
        element("isDefault", vpc.isDefault)
        tagList(vpc.tags)
    }
}
