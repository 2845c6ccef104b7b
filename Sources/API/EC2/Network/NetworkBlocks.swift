import Cloud
import Model

/// Another block for a VPC: an IPv4 block that is named, or one of Amazon's IPv6 addresses.
struct AssociateVpcCidrBlock: EC2Action {
    private let vpc: VPCID
    private let request: VPCBlockRequest

    init(_ input: QueryInput) throws(APIError) {
        vpc = try VPCID(asked: try input.required("VpcId"))
        let block = input.string("CidrBlock")
        let hasIPv6 = try input.bool("AmazonProvidedIpv6CidrBlock") ?? false
        guard (block != nil) != hasIPv6 else {
            throw APIError(
                "InvalidParameterCombination", "Specify either cidrBlock or amazonProvidedIpv6CidrBlock, and not both")
        }
        request = try block.map { text throws(APIError) in .ipv4(try AddressBlock(asked: text, of: "cidrBlock")) } ?? .amazonIPv6
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let made = try asking { () throws(Failure) in try call.actions.associate(request, with: vpc) }
        answer.association(made, state: "associating")
        answer.element("vpcId", vpc.description)
    }
}

struct DisassociateVpcCidrBlock: EC2Action {
    private let id: VPCBlockID

    init(_ input: QueryInput) throws(APIError) {
        let text = try input.required("AssociationId")
        do throws(Failure) { id = try VPCBlockID(parsing: text) } catch {
            throw APIError(
                .invalidVPCBlockNotFound, "The vpc CIDR block association ID '\(text.prefix(60))' does not exist")
        }
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let gone = try asking { () throws(Failure) in try call.actions.disassociate(id) }
        answer.association(gone, state: "disassociating")
        answer.element("vpcId", gone.vpc.description)
    }
}

/// The IPv6 block of a subnet, out of that of its VPC.
struct AssociateSubnetCidrBlock: EC2Action {
    private let subnet: SubnetID
    private let block: AddressBlock6

    init(_ input: QueryInput) throws(APIError) {
        subnet = try SubnetID(asked: try input.required("SubnetId"))
        block = try AddressBlock6(asked: try input.required("Ipv6CidrBlock"))
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let made = try asking { () throws(Failure) in try call.actions.associate(block, with: subnet) }
        answer.element("ipv6CidrBlockAssociation") { $0.block(made, state: "associating") }
        answer.element("subnetId", subnet.description)
    }
}

struct DisassociateSubnetCidrBlock: EC2Action {
    private let id: SubnetBlockID

    init(_ input: QueryInput) throws(APIError) {
        let text = try input.required("AssociationId")
        do throws(Failure) { id = try SubnetBlockID(parsing: text) } catch {
            throw APIError(
                .invalidSubnetBlockNotFound, "The subnet CIDR block association ID '\(text.prefix(60))' does not exist")
        }
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let gone = try asking { () throws(Failure) in try call.actions.disassociate(id) }
        answer.element("ipv6CidrBlockAssociation") { $0.block(gone, state: "disassociating") }
        answer.element("subnetId", gone.subnet.description)
    }
}

extension AddressBlock6 {
    init(asked text: String, of parameter: String = "ipv6CidrBlock") throws(APIError) {
        do throws(Failure) { try self.init(parsing: text) } catch {
            throw APIError(
                "InvalidParameterValue",
                "Value (\(text.prefix(60))) for parameter \(parameter) is invalid. This is not a valid IPv6 CIDR block.")
        }
    }
}

extension XMLWriter {
    /// Of either protocol, each in an element of its own.
    fileprivate mutating func association(_ block: VPCBlock, state: String) {
        switch block.block {
        case .ipv4(let one): element("cidrBlockAssociation") { $0.block4(one, block.id, state: state) }
        case .ipv6(let one): element("ipv6CidrBlockAssociation") { $0.block6(one, block.id, state: state) }
        }
    }

    /// The members of an association of an IPv4 block.
    mutating func block4(_ block: AddressBlock, _ id: VPCBlockID, state: String) {
        element("associationId", id.description)
        element("cidrBlock", block.description)
        element("cidrBlockState") { $0.element("state", state) }
    }

    /// The members of an association of Amazon's IPv6 addresses.
    mutating func block6(_ block: AddressBlock6, _ id: VPCBlockID, state: String) {
        element("associationId", id.description)
        element("ipv6CidrBlock", block.description)
        element("ipv6CidrBlockState") { $0.element("state", state) }
        element("ipv6Pool", "Amazon")
        element("ipv6AddressAttribute", "public")
        element("ipSource", "amazon")
    }

    /// The members of an association of a subnet's block.
    mutating func block(_ block: SubnetBlock, state: String) {
        element("associationId", block.id.description)
        element("ipv6CidrBlock", block.block.description)
        element("ipv6CidrBlockState") { $0.element("state", state) }
        element("ipv6AddressAttribute", "public")
        element("ipSource", "amazon")
    }
}
