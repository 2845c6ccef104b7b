import Cloud
import Model

/// Further private addresses of a network interface.
struct AssignPrivateIpAddresses: EC2Action {
    private let id: NetworkInterfaceID
    private let request: AddressRequest
    private let takesOver: Bool

    init(_ input: QueryInput) throws(APIError) {
        id = try input.networkInterface()
        request = try input.addresses("PrivateIpAddress", count: "SecondaryPrivateIpAddressCount")
        takesOver = try input.bool("AllowReassignment") ?? false
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let made = try asking { () throws(Failure) in
            try call.actions.assignAddresses(request, to: id, takingOver: takesOver)
        }
        answer.done()
        answer.element("networkInterfaceId", id.description)
        answer.list("assignedPrivateIpAddressesSet", made) { address, xml in xml.element("privateIpAddress", address) }
    }
}

struct UnassignPrivateIpAddresses: EC2Action {
    private let id: NetworkInterfaceID
    private let addresses: [String]

    init(_ input: QueryInput) throws(APIError) {
        id = try input.networkInterface()
        addresses = try input.strings("PrivateIpAddress")
        guard !addresses.isEmpty else { throw .missing("privateIpAddress") }
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.unassignAddresses(addresses, from: id) }
        answer.done()
    }
}

/// IPv6 addresses of a network interface, of its subnet's block.
struct AssignIpv6Addresses: EC2Action {
    private let id: NetworkInterfaceID
    private let request: AddressRequest

    init(_ input: QueryInput) throws(APIError) {
        id = try input.networkInterface()
        request = try input.addresses("Ipv6Addresses", count: "Ipv6AddressCount")
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let made = try asking { () throws(Failure) in try call.actions.assignIPv6Addresses(request, to: id) }
        answer.element("networkInterfaceId", id.description)
        answer.list("assignedIpv6Addresses", made.map(\.description))
    }
}

struct UnassignIpv6Addresses: EC2Action {
    private let id: NetworkInterfaceID
    private let addresses: [String]

    init(_ input: QueryInput) throws(APIError) {
        id = try input.networkInterface()
        addresses = try input.strings("Ipv6Addresses")
        guard !addresses.isEmpty else { throw .missing("ipv6Addresses") }
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.unassignIPv6Addresses(addresses, from: id) }
        answer.element("networkInterfaceId", id.description)
        answer.list("unassignedIpv6Addresses", addresses)
    }
}

extension QueryInput {
    /// Addresses by name, or so many.
    fileprivate func addresses(_ list: String, count: String) throws(APIError) -> AddressRequest {
        let request = AddressRequest(named: try strings(list), count: try int(count) ?? 0)
        guard request.count >= 0 else { throw .invalid(String(request.count), of: count) }
        guard request.named.isEmpty != (request.count == 0) else {
            throw APIError("InvalidParameterCombination", "Specify either addresses or a number of them, and not both")
        }
        return request
    }
}
