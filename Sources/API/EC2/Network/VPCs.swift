import Cloud
import Model

struct CreateVpc: EC2Action {
    private let block: AddressBlock
    private let tenancy: String
    private let tags: TagSet

    init(_ input: QueryInput) throws(APIError) {
        block = try AddressBlock(asked: try input.required("CidrBlock"), of: "cidrBlock")
        tenancy = input.string("InstanceTenancy") ?? "default"
        guard ["default", "dedicated"].contains(tenancy) else { throw .invalid(tenancy, of: "instanceTenancy") }
        tags = try input.tagSpecifications("vpc")["vpc"] ?? TagSet()
        if try input.bool("AmazonProvidedIpv6CidrBlock") ?? false {
            throw APIError("UnsupportedOperation", "Networks have IPv4 addresses alone here.")
        }
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let vpc = try asking { () throws(Failure) in try call.actions.createVPC(block, tenancy: tenancy, tags: tags) }
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

    init(_ input: QueryInput) throws(APIError) {
        ids = try input.strings("VpcId")
        filters = try input.filters()
        // All fit into one page.
        _ = try input.limit()
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
                    "cidr-block-association.cidr-block": [vpc.block.description],
                    "cidr-block-association.association-id": [vpc.blockAssociation],
                    "cidr-block-association.state": ["associated"], "isDefault": [String(vpc.isDefault)],
                    "is-default": [String(vpc.isDefault)], "owner-id": [vpc.owner.description], "state": ["available"],
                    "dhcp-options-id": ["default"],
                ], tags: vpc.tags)
        }
        answer.list("vpcSet", shown) { vpc, xml in xml.vpc(vpc) }
    }
}

extension VPC {
    /// The id of the association with its block, of which there is one.
    fileprivate var blockAssociation: String { "vpc-cidr-assoc\(id.description.dropFirst(3))" }
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
        list("cidrBlockAssociationSet", [vpc]) { vpc, xml in
            xml.element("cidrBlock", vpc.block.description)
            xml.element("associationId", vpc.blockAssociation)
            xml.element("cidrBlockState") { $0.element("state", "associated") }
        }
        list("ipv6CidrBlockAssociationSet", [String]())
        element("dhcpOptionsId", "default")
        element("instanceTenancy", vpc.tenancy)
        element("isDefault", vpc.isDefault)
        tags(vpc.tags)
    }
}
