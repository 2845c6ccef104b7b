import Cloud
import Model

struct AllocateAddress: EC2Action {
    private let tags: TagSet

    init(_ input: QueryInput) throws(APIError) {
        // Every address is one for VPCs.
        _ = input.string("Domain")
        if let pool = input.string("PublicIpv4Pool"), pool != Self.pool { throw .invalid(pool, of: "publicIpv4Pool") }
        if let address = input.string("Address") { throw APIError(.notFound(address: String(address.prefix(60)))) }
        tags = try input.tagSpecifications("elastic-ip")["elastic-ip"] ?? TagSet()
    }

    /// Amazon's own.
    static let pool = "amazon"

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let made = try asking { () throws(Failure) in try call.actions.allocateAddress(tags: tags) }
        answer.element("allocationId", made.id.description)
        answer.element("publicIpv4Pool", Self.pool)
        answer.element("networkBorderGroup", call.region.description)
        answer.element("domain", "vpc")
        answer.element("publicIp", made.address)
    }
}

struct ReleaseAddress: EC2Action {
    private let reference: ElasticAddressReference

    init(_ input: QueryInput) throws(APIError) {
        reference = try input.elasticAddress()
        _ = input.string("NetworkBorderGroup")
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.releaseAddress(reference) }
        answer.done()
    }
}

/// Puts an address before an interface, or before the first one of an instance.
struct AssociateAddress: EC2Action {
    private let reference: ElasticAddressReference
    private let target: ElasticAddressTarget

    init(_ input: QueryInput) throws(APIError) {
        let instance = input.string("InstanceId")
        let place: ElasticAddressTarget.Place
        if input.string("NetworkInterfaceId") != nil {
            guard instance == nil else {
                throw APIError(
                    "InvalidParameterCombination", "You may specify either instanceId or networkInterfaceId, and not both")
            }
            place = .interface(try input.networkInterface())
        } else if let instance {
            place = .instance(try InstanceID(asked: instance))
        } else {
            throw APIError("MissingParameter", "Invalid request, expect InstanceId/NetworkId parameter.")
        }
        reference = try input.elasticAddress()
        target = ElasticAddressTarget(
            place, privateAddress: input.string("PrivateIpAddress"), takesOver: try input.bool("AllowReassociation") ?? true)
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let id = try asking { () throws(Failure) in try call.actions.associateAddress(reference, with: target) }
        answer.done()
        answer.element("associationId", id.description)
    }
}

struct DisassociateAddress: EC2Action {
    private let reference: ElasticAddressReference

    init(_ input: QueryInput) throws(APIError) {
        if let text = input.string("AssociationId") {
            do throws(Failure) { reference = .association(try AddressAssociationID(parsing: text)) } catch {
                throw APIError(.invalidAssociationNotFound, "The association ID '\(text.prefix(60))' does not exist")
            }
        } else if let text = input.string("PublicIp") {
            reference = .address(text)
        } else {
            throw APIError("MissingParameter", "Invalid request, expect PublicIp/AssociationId parameter.")
        }
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.disassociateAddress(reference) }
        answer.done()
    }
}

extension QueryInput {
    /// One that is allocated, by its id or by itself.
    fileprivate func elasticAddress() throws(APIError) -> ElasticAddressReference {
        let address = string("PublicIp")
        guard let text = string("AllocationId") else {
            guard let address else {
                throw APIError("MissingParameter", "Invalid request, expect PublicIp/AllocationId parameter.")
            }
            return .address(address)
        }
        guard address == nil else {
            throw APIError(
                "InvalidParameterCombination", "You may specify public IP or allocation id, but not both in the same call")
        }
        do throws(Failure) { return .allocation(try AddressAllocationID(parsing: text)) } catch {
            throw APIError(.notFound(allocation: String(text.prefix(60))))
        }
    }
}
