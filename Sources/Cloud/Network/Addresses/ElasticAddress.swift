import Model
import Records
import SQLite

/// An address that an account keeps, and puts before one of its interfaces. On the machine of the server it is one of its loopback addresses.
package struct ElasticAddress: Hashable, Sendable {
    package let id: AddressAllocationID
    package let owner: AccountID
    /// `127.200.13.7`
    package let address: String
    package var association: Association?
    package var tags: TagSet

    /// What it leads to.
    package struct Association: Hashable, Sendable {
        package let id: AddressAssociationID
        package let interface: NetworkInterfaceID
        package let privateAddress: String
    }
}

/// Which elastic address is meant, or which association.
package enum ElasticAddressReference: Hashable, Sendable {
    case allocation(AddressAllocationID)
    case address(String)
    case association(AddressAssociationID)
}

/// What an elastic address is put before.
package struct ElasticAddressTarget: Hashable, Sendable {
    /// The interface itself, or the one that an instance always has.
    package enum Place: Hashable, Sendable {
        case interface(NetworkInterfaceID)
        case instance(InstanceID)
    }

    package var place: Place
    /// Nil for the primary address.
    package var privateAddress: String?
    /// Whether it is taken from where it is.
    package var takesOver: Bool

    package init(_ place: Place, privateAddress: String?, takesOver: Bool) {
        self.place = place
        self.privateAddress = privateAddress
        self.takesOver = takesOver
    }
}

/// EC2's actions on elastic addresses.
package protocol ElasticAddressActions: Sendable {
    func elasticAddresses() throws(Failure) -> [ElasticAddress]
    func allocateAddress(tags: TagSet) throws(Failure) -> ElasticAddress
    /// What stands before an interface of the default VPC is taken from there; elsewhere that must be done before.
    func releaseAddress(_ reference: ElasticAddressReference) throws(Failure)
    func associateAddress(
        _ reference: ElasticAddressReference, with target: ElasticAddressTarget
    ) throws(Failure) -> AddressAssociationID
    func disassociateAddress(_ reference: ElasticAddressReference) throws(Failure)
}

/// The schema of elastic addresses.
enum ElasticAddressCatalogue {
    static let migration = Migration(
        """
        CREATE TABLE elastic_addresses (
            id TEXT PRIMARY KEY,
            owner TEXT NOT NULL,
            address TEXT NOT NULL UNIQUE,
            association TEXT UNIQUE,
            interface TEXT REFERENCES network_interfaces (id),
            private_address TEXT,
            CHECK ((interface IS NULL) = (association IS NULL))
        ) STRICT;
        CREATE INDEX elastic_addresses_by_owner ON elastic_addresses (owner);
        CREATE INDEX elastic_addresses_by_interface ON elastic_addresses (interface);
        """)
}

extension Session {
    func elasticAddresses(of owner: AccountID) throws -> [ElasticAddress] {
        try elasticAddresses("owner = ?", owner)
    }

    /// By the private addresses that they lead to.
    func elasticAddresses(of interface: NetworkInterfaceID) throws -> [String: ElasticAddress] {
        try elasticAddresses(of: [interface])[interface.description] ?? [:]
    }

    /// By the interfaces, and for each by the private addresses that they lead to.
    func elasticAddresses(of interfaces: [NetworkInterfaceID]) throws -> [String: [String: ElasticAddress]] {
        if interfaces.isEmpty { return [:] }
        let (condition, value) = Self.among(interfaces)
        var found: [String: [String: ElasticAddress]] = [:]
        for address in try elasticAddresses("interface \(condition)", value) {
            guard let association = address.association else { continue }
            found[association.interface.description, default: [:]][association.privateAddress] = address
        }
        return found
    }

    private func elasticAddresses(_ condition: String, _ value: any Bindable) throws -> [ElasticAddress] {
        var found = try rows("SELECT * FROM elastic_addresses WHERE \(condition) ORDER BY rowid", value) { row in
            let association: AddressAssociationID? = try row.parsedIfPresent("association")
            return ElasticAddress(
                id: try row.parsed("id"), owner: try row.parsed("owner"), address: try row.text("address"),
                association: try association.map { id in
                    ElasticAddress.Association(
                        id: id, interface: try row.parsed("interface"), privateAddress: try row.text("private_address"))
                }, tags: TagSet())
        }
        let tags = try tags(of: found.map(\.id))
        for index in found.indices { found[index].tags = tags[found[index].id.description] ?? TagSet() }
        return found
    }

    /// It leads nowhere then.
    func release(_ address: ElasticAddress) throws {
        try run(
            "UPDATE elastic_addresses SET association = NULL, interface = NULL, private_address = NULL WHERE id = ?",
            address.id)
    }

    /// With the private address that it leads to; the association stays the same.
    func moveElasticAddress(at address: String, from old: NetworkInterfaceID, to new: NetworkInterfaceID) throws {
        // One that was left there when the private address went alone.
        if let other = try elasticAddresses(of: new)[address] { try release(other) }
        try run(
            "UPDATE elastic_addresses SET interface = ? WHERE interface = ? AND private_address = ?", new, old, address)
    }

    func releaseElasticAddresses(of interface: NetworkInterfaceID) throws {
        try run(
            "UPDATE elastic_addresses SET association = NULL, interface = NULL, private_address = NULL WHERE interface = ?",
            interface)
    }
}
