import Model

/// A network interface: addresses in a subnet, which an instance has or which wait for one.
package struct NetworkInterface: Hashable, Sendable {
    package let id: NetworkInterfaceID
    package let owner: AccountID
    package let subnet: SubnetID
    package let vpc: VPCID
    package let zone: String
    /// Private ones; the first is the primary one, and stays.
    package var addresses: [String]
    package var ipv6: [AddressBlock6.Address]
    package var groups: [SecurityGroupID]
    package var description: String
    /// Whether it takes only what is for it.
    package var checksAddresses: Bool
    package let created: Instant
    package var attachment: Attachment?
    /// Elastic ones, by the private addresses that they lead to.
    package var elastic: [String: ElasticAddress]
    package var tags: TagSet

    package struct Attachment: Hashable, Sendable {
        package let id: NetworkAttachmentID
        package let instance: InstanceID
        /// 0 for the one that an instance always has.
        package let device: Int
        package let attached: Instant
        /// Whether it goes when its instance does.
        package var isDeletedOnTermination: Bool
    }

    package var address: String { addresses.first ?? "" }

    /// Of addresses that their owner gives out himself, by its own id: `0e:49:…`.
    package var mac: String {
        let digits = String(id.description.suffix(8))
        let pairs = stride(from: 0, to: 8, by: 2).map { digits.dropFirst($0).prefix(2) }
        return (["0e", "49"] + pairs).joined(separator: ":")
    }

    /// The private name of an address: `ip-172-31-0-4.ec2.internal`.
    package static func name(of address: String, in region: RegionName) -> String {
        let name = "ip-" + address.map { $0 == "." ? "-" : String($0) }.joined()
        return region.description == "us-east-1" ? "\(name).ec2.internal" : "\(name).\(region).compute.internal"
    }
}

/// What addresses somebody asks for: some by name, or so many.
package struct AddressRequest: Hashable, Sendable, Encodable {
    package var named: [String]
    package var count: Int

    package init(named: [String] = [], count: Int = 0) {
        self.named = named
        self.count = count
    }

    /// Refuses fewer than none.
    package func check() throws(Failure) {
        guard count >= 0 else {
            throw Failure(PlaneError(.invalidParameterValue, "Invalid value '\(count)' for a number of addresses."))
        }
    }
}

/// An interface that is to be made: by itself, or with an instance.
package struct InterfaceRequest: Hashable, Sendable, Encodable {
    /// Where an instance has it.
    package var device = 0
    /// One that is there; nothing else is said of it then.
    package var existing: NetworkInterfaceID?
    package var subnet: SubnetID?
    package var groups: [SecurityGroupID] = []
    package var address: String?
    /// Beside the primary one.
    package var others = AddressRequest()
    /// In the form of RFC 5952.
    package var ipv6 = AddressRequest()
    package var description = ""
    /// Nil for what is usual: true for one that is made with an instance.
    package var isDeletedOnTermination: Bool?

    /// How many private addresses it will have.
    var addresses: Int {
        Set(others.named + (address.map { [$0] } ?? [])).count + (address == nil ? 1 : 0) + others.count
    }

    /// Security groups that an interface can be in.
    package static let mostGroups = 5

    package init() {}
}

/// CreateNetworkInterface.
package struct InterfaceCreation: Hashable, Sendable, Encodable {
    package var interface: InterfaceRequest
    package var tags: TagSet
    package var clientToken: String?

    package init(_ interface: InterfaceRequest, tags: TagSet, clientToken: String?) {
        self.interface = interface
        self.tags = tags
        self.clientToken = clientToken
    }
}

/// ModifyNetworkInterfaceAttribute: one of these.
package enum InterfaceModification: Hashable, Sendable {
    case description(String)
    case groups([SecurityGroupID])
    case checksAddresses(Bool)
    case deletesOnTermination(Bool, attachment: NetworkAttachmentID)
}

/// EC2's actions on network interfaces.
package protocol NetworkInterfaceActions: Sendable {
    func networkInterfaces() throws(Failure) -> [NetworkInterface]
    func createNetworkInterface(_ new: InterfaceCreation) throws(Failure) -> NetworkInterface
    /// Refused while an instance has it.
    func deleteNetworkInterface(_ id: NetworkInterfaceID) throws(Failure)
    func attachNetworkInterface(
        _ id: NetworkInterfaceID, to instance: InstanceID, device: Int
    ) throws(Failure) -> NetworkAttachmentID
    /// The first one of an instance stays.
    func detachNetworkInterface(_ id: NetworkAttachmentID) throws(Failure)
    func modifyNetworkInterface(_ id: NetworkInterfaceID, _ change: InterfaceModification) throws(Failure)
    /// Further private addresses; those that are new. One that another interface has is refused, or taken from it.
    func assignAddresses(
        _ request: AddressRequest, to id: NetworkInterfaceID, takingOver: Bool
    ) throws(Failure) -> [String]
    func unassignAddresses(_ addresses: [String], from id: NetworkInterfaceID) throws(Failure)
    func assignIPv6Addresses(
        _ request: AddressRequest, to id: NetworkInterfaceID
    ) throws(Failure) -> [AddressBlock6.Address]
    func unassignIPv6Addresses(_ addresses: [String], from id: NetworkInterfaceID) throws(Failure)
}
