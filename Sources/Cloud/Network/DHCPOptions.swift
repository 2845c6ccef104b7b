import FoundationEssentials
import Model
import Records
import SQLite

/// What the instances of a VPC are told by DHCP: kept for clients that read and write it, and told to nobody here.
package struct DHCPOptions: Hashable, Sendable {
    package let id: DHCPOptionsID
    package let owner: AccountID
    package let configurations: [Configuration]
    package var tags: TagSet

    package struct Configuration: Hashable, Sendable, Codable {
        /// `domain-name-servers`
        package let key: String
        package let values: [String]

        package init(key: String, values: [String]) {
            self.key = key
            self.values = values
        }
    }

    /// What stands for those that Amazon has.
    package static let standard = "default"
    private static let keys = [
        "domain-name-servers", "domain-name", "ntp-servers", "netbios-name-servers", "netbios-node-type",
        "ipv6-address-preferred-lease-time",
    ]
    private static let mostServers = 4

    /// EC2's bounds.
    package static func check(_ configurations: [Configuration]) -> PlaneError? {
        for configuration in configurations {
            let values = configuration.values
            guard keys.contains(configuration.key) else {
                return PlaneError(
                    .invalidParameterValue,
                    "Value (\(configuration.key.prefix(60))) for parameter name is invalid. Unknown DHCP option")
            }
            let isKnown =
                switch configuration.key {
                case "netbios-node-type": values.allSatisfy { ["1", "2", "4", "8"].contains($0) }
                case "ntp-servers", "netbios-name-servers", "domain-name-servers": values.count <= mostServers
                default: true
                }
            guard !values.isEmpty, isKnown else {
                return PlaneError(
                    .invalidParameterValue,
                    "Value (\(values.joined(separator: ", ").prefix(100))) for parameter value is invalid. Invalid DHCP option value."
                )
            }
        }
        guard !configurations.isEmpty, Set(configurations.map(\.key)).count == configurations.count else {
            return PlaneError(.invalidParameterValue, "Each DHCP option is given once, and one at least.")
        }
        return nil
    }
}

/// EC2's actions on DHCP options.
package protocol DHCPOptionsActions: Sendable {
    func dhcpOptions() throws(Failure) -> [DHCPOptions]
    func createDHCPOptions(_ configurations: [DHCPOptions.Configuration], tags: TagSet) throws(Failure) -> DHCPOptions
    /// Refused while a VPC has them.
    func deleteDHCPOptions(_ id: DHCPOptionsID) throws(Failure)
    /// Nil for those that Amazon has.
    func associate(_ options: DHCPOptionsID?, with vpc: VPCID) throws(Failure)
}

/// The schema of DHCP options.
enum DHCPOptionsCatalogue {
    static let migration = Migration(
        """
        CREATE TABLE dhcp_options (
            id TEXT PRIMARY KEY,
            owner TEXT NOT NULL,
            configurations TEXT NOT NULL
        ) STRICT;
        ALTER TABLE vpcs ADD COLUMN dhcp_options TEXT REFERENCES dhcp_options (id);
        """)
}

extension Session {
    func dhcpOptions(of owner: AccountID) throws -> [DHCPOptions] {
        try rows("SELECT * FROM dhcp_options WHERE owner = ? ORDER BY rowid", owner) { row in
            DHCPOptions(
                id: try row.parsed("id"), owner: owner,
                configurations: try JSONDecoder().decode(
                    [DHCPOptions.Configuration].self, from: Data(try row.text("configurations").utf8)),
                tags: try tags(of: try row.text("id")))
        }
    }
}

extension EmbeddedActions {
    package func dhcpOptions() throws(Failure) -> [DHCPOptions] {
        try readNetwork("list the DHCP options") { session, account in try session.dhcpOptions(of: account) }
    }

    package func createDHCPOptions(
        _ configurations: [DHCPOptions.Configuration], tags: TagSet
    ) throws(Failure) -> DHCPOptions {
        if let error = DHCPOptions.check(configurations) { throw Failure(error) }
        let id: DHCPOptionsID = try region.newID()
        return try writeNetwork("make DHCP options") { session, account in
            try session.run(
                "INSERT INTO dhcp_options VALUES (?, ?, ?)", id, account, try CanonicalJSON.text(of: configurations))
            try session.setTags(tags, of: id.description)
            return try options(id, session, account)
        }
    }

    package func deleteDHCPOptions(_ id: DHCPOptionsID) throws(Failure) {
        try writeNetwork("delete the DHCP options \(id)") { session, account in
            _ = try options(id, session, account)
            guard try !session.vpcs(of: account).contains(where: { $0.dhcpOptions == id }) else {
                throw Failure(.hasDependencies("dhcpOptions", id.description))
            }
            try session.setTags(TagSet(), of: id.description)
            try session.run("DELETE FROM dhcp_options WHERE id = ?", id)
        }
    }

    package func associate(_ id: DHCPOptionsID?, with vpcID: VPCID) throws(Failure) {
        try writeNetwork("give DHCP options to \(vpcID)") { session, account in
            if let id { _ = try options(id, session, account) }
            _ = try vpc(vpcID, session, account)
            try session.run("UPDATE vpcs SET dhcp_options = ? WHERE id = ?", id, vpcID)
        }
    }

    private func options(_ id: DHCPOptionsID, _ session: Session, _ account: AccountID) throws -> DHCPOptions {
        guard let options = try session.dhcpOptions(of: account).first(where: { $0.id == id }) else {
            throw Failure(.notFound(dhcpOptions: id.description))
        }
        return options
    }
}
