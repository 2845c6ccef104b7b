import Model
import Records
import SQLite

/// The schema of network interfaces. An instance has the addresses and groups of its first one.
enum InterfaceCatalogue {
    static let migration = Migration(
        """
        CREATE TABLE network_interfaces (
            id TEXT PRIMARY KEY,
            owner TEXT NOT NULL,
            subnet TEXT NOT NULL REFERENCES subnets (id),
            groups TEXT NOT NULL,
            description TEXT NOT NULL,
            source_check INTEGER NOT NULL,
            ipv6 TEXT NOT NULL,
            created INTEGER NOT NULL,
            attachment TEXT UNIQUE,
            instance TEXT,
            device INTEGER,
            attached INTEGER,
            delete_on_termination INTEGER NOT NULL,
            UNIQUE (instance, device),
            CHECK ((instance IS NULL) = (attachment IS NULL))
        ) STRICT;
        CREATE INDEX network_interfaces_by_owner ON network_interfaces (owner);
        CREATE INDEX network_interfaces_by_subnet ON network_interfaces (subnet);

        -- `number` counts from the first address of the subnet's block. The primary address has the position 0.
        CREATE TABLE interface_addresses (
            subnet TEXT NOT NULL REFERENCES subnets (id),
            number INTEGER NOT NULL,
            interface TEXT NOT NULL REFERENCES network_interfaces (id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            PRIMARY KEY (subnet, number)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX interface_addresses_by_interface ON interface_addresses (interface, position);

        INSERT INTO network_interfaces
            SELECT 'eni' || substr(id, 2), owner, subnet, groups, '', 1, '', launched, 'eni-attach' || substr(id, 2), id, 0,
                launched, 1
            FROM instances WHERE state <> 'terminated';
        INSERT INTO interface_addresses
            SELECT subnet, address_index, 'eni' || substr(id, 2), 0 FROM instances WHERE state <> 'terminated';
        DROP INDEX instances_by_subnet;
        CREATE INDEX instances_by_subnet ON instances (subnet);
        ALTER TABLE instances DROP COLUMN address_index;
        ALTER TABLE instances DROP COLUMN groups;
        ALTER TABLE instances ADD COLUMN monitored INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE instances ADD COLUMN credits TEXT;
        """)
}

// Reading.
extension Session {
    func interfaces(of owner: AccountID) throws -> [NetworkInterface] {
        try interfaces("network_interfaces.owner = ?", owner)
    }

    /// By their place on the instance.
    func interfaces(of instance: InstanceID) throws -> [NetworkInterface] {
        try interfaces("network_interfaces.instance = ?", instance, order: "device")
    }

    /// By the instances, and for each by their place on it.
    func interfaces(of instances: [InstanceID]) throws -> [String: [NetworkInterface]] {
        if instances.isEmpty { return [:] }
        let (condition, value) = Self.among(instances)
        let found = try interfaces("network_interfaces.instance \(condition)", value, order: "device")
        return Dictionary(grouping: found) { $0.attachment?.instance.description ?? "" }
    }

    func interface(_ id: NetworkInterfaceID, of owner: AccountID) throws -> NetworkInterface? {
        try interfaces("network_interfaces.id = ?", id).first { $0.owner == owner }
    }

    func hasInterfaces(in subnet: SubnetID, withIPv6: Bool = false) throws -> Bool {
        let condition = withIPv6 ? "subnet = ? AND ipv6 <> ''" : "subnet = ?"
        return try first("SELECT 1 AS one FROM network_interfaces WHERE \(condition)", subnet) { _ in true } ?? false
    }

    /// Whether an interface is in the group.
    func hasInterfaces(in group: SecurityGroupID, of owner: AccountID) throws -> Bool {
        let sql = "SELECT 1 AS one FROM network_interfaces WHERE owner = ? AND instr(groups, ?)"
        return try first(sql, owner, group) { _ in true } ?? false
    }

    /// Those that interfaces of the subnet have.
    func ipv6Addresses(in subnet: SubnetID) throws -> [AddressBlock6.Address] {
        try rows("SELECT ipv6 FROM network_interfaces WHERE subnet = ? AND ipv6 <> ''", subnet) { try $0.text("ipv6") }
            .flatMap { $0.split(separator: " ").compactMap { AddressBlock6.Address(String($0)) } }
    }

    private func interfaces(
        _ condition: String, _ value: any Bindable, order: String = "network_interfaces.rowid"
    ) throws -> [NetworkInterface] {
        let ids: [NetworkInterfaceID] = try rows("SELECT id FROM network_interfaces WHERE \(condition)", value) { row in
            try row.parsed("id")
        }
        if ids.isEmpty { return [] }
        let numbers = try grouped("interface_addresses", by: "interface", ids, order: "position") { try $0.int("number") }
        let elastic = try elasticAddresses(of: ids)
        let tags = try tags(of: ids)
        return try rows(
            """
            SELECT network_interfaces.*, subnets.vpc, subnets.zone, subnets.block
            FROM network_interfaces JOIN subnets ON subnets.id = network_interfaces.subnet
            WHERE \(condition) ORDER BY \(order)
            """, value
        ) { row in
            let id: NetworkInterfaceID = try row.parsed("id")
            let block: AddressBlock = try row.parsed("block")
            return NetworkInterface(
                id: id, owner: try row.parsed("owner"), subnet: try row.parsed("subnet"), vpc: try row.parsed("vpc"),
                zone: try row.text("zone"), addresses: (numbers[id.description] ?? []).map { block.address($0) },
                ipv6: try row.text("ipv6").split(separator: " ").compactMap { AddressBlock6.Address(String($0)) },
                groups: try row.text("groups").split(separator: " ").map { try SecurityGroupID(parsing: String($0)) },
                description: try row.text("description"), checksAddresses: try row.bool("source_check"),
                created: try row.instant("created"), attachment: try row.attachment(),
                elastic: elastic[id.description] ?? [:], tags: tags[id.description] ?? TagSet())
        }
    }

    /// Of its private addresses, the primary one first.
    func numbers(of id: NetworkInterfaceID) throws -> [Int] {
        try rows("SELECT number FROM interface_addresses WHERE interface = ? ORDER BY position", id) { try $0.int("number") }
    }

    /// How many addresses of the subnets are taken; of the others none.
    func takenAddresses(of owner: AccountID) throws -> [SubnetID: Int] {
        let counts = try rows(
            """
            SELECT subnets.id, count(*) AS taken FROM subnets JOIN interface_addresses ON interface_addresses.subnet = subnets.id
            WHERE subnets.owner = ? GROUP BY subnets.id
            """, owner
        ) { row in (try row.parsed("id", as: SubnetID.self), try row.int("taken")) }
        return Dictionary(uniqueKeysWithValues: counts)
    }
}

// Writing.
extension Session {
    /// Without its addresses and tags.
    func insert(_ interface: NetworkInterface) throws {
        try run(
            "INSERT INTO network_interfaces VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", interface.id, interface.owner,
            interface.subnet, Self.words(interface.groups), interface.description, interface.checksAddresses,
            Self.words(interface.ipv6), interface.created, interface.attachment?.id, interface.attachment?.instance,
            interface.attachment?.device, interface.attachment?.attached,
            interface.attachment?.isDeletedOnTermination ?? false)
    }

    static func words(_ texts: [some CustomStringConvertible]) -> String { texts.map(\.description).joined(separator: " ") }

    /// Behind those that the interface has.
    func insertAddress(_ number: Int, of id: NetworkInterfaceID, in subnet: SubnetID) throws {
        try run(
            """
            INSERT INTO interface_addresses
                SELECT ?, ?, ?, coalesce(max(position) + 1, 0) FROM interface_addresses WHERE interface = ?
            """, subnet, number, id, id)
    }

    func attach(_ id: NetworkInterfaceID, _ attachment: NetworkInterface.Attachment) throws {
        try run(
            """
            UPDATE network_interfaces SET attachment = ?, instance = ?, device = ?, attached = ?, delete_on_termination = ?
            WHERE id = ?
            """, attachment.id, attachment.instance, attachment.device, attachment.attached,
            attachment.isDeletedOnTermination, id)
    }

    func detach(_ id: NetworkInterfaceID) throws {
        try run(
            """
            UPDATE network_interfaces SET attachment = NULL, instance = NULL, device = NULL, attached = NULL,
                delete_on_termination = 0 WHERE id = ?
            """, id)
    }

    func deleteInterface(_ id: NetworkInterfaceID) throws {
        try releaseElasticAddresses(of: id)
        try setTags(TagSet(), of: id.description)
        try run("DELETE FROM network_interfaces WHERE id = ?", id)
    }

    /// At the end of an instance.
    func releaseInterfaces(of instance: InstanceID) throws {
        for interface in try interfaces(of: instance) {
            let goes = interface.attachment?.isDeletedOnTermination ?? true
            if goes { try deleteInterface(interface.id) } else { try detach(interface.id) }
        }
    }
}

extension Row {
    fileprivate func attachment() throws -> NetworkInterface.Attachment? {
        guard let id: NetworkAttachmentID = try parsedIfPresent("attachment") else { return nil }
        return NetworkInterface.Attachment(
            id: id, instance: try parsed("instance"), device: try int("device"), attached: try instant("attached"),
            isDeletedOnTermination: try bool("delete_on_termination"))
    }
}
