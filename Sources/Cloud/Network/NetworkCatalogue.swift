import Model
import Records
import SQLite

/// The schema of networks and key pairs.
enum NetworkCatalogue {
    static let migration = Migration(
        """
        CREATE TABLE vpcs (
            id TEXT PRIMARY KEY,
            owner TEXT NOT NULL,
            block TEXT NOT NULL,
            is_default INTEGER NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX default_vpcs ON vpcs (owner) WHERE is_default;

        CREATE TABLE subnets (
            id TEXT PRIMARY KEY,
            vpc TEXT NOT NULL REFERENCES vpcs (id),
            owner TEXT NOT NULL,
            block TEXT NOT NULL,
            zone TEXT NOT NULL,
            is_default INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX subnets_by_owner ON subnets (owner);

        CREATE TABLE security_groups (
            id TEXT PRIMARY KEY,
            owner TEXT NOT NULL,
            vpc TEXT NOT NULL REFERENCES vpcs (id),
            name TEXT NOT NULL,
            description TEXT NOT NULL,
            UNIQUE (vpc, name)
        ) STRICT;
        CREATE INDEX security_groups_by_owner ON security_groups (owner);

        CREATE TABLE security_group_rules (
            id TEXT PRIMARY KEY,
            security_group TEXT NOT NULL REFERENCES security_groups (id) ON DELETE CASCADE,
            egress INTEGER NOT NULL,
            protocol TEXT NOT NULL,
            from_port INTEGER,
            to_port INTEGER,
            peer_kind TEXT NOT NULL CHECK (peer_kind IN ('ipv4', 'ipv6', 'prefix-list', 'group')),
            peer TEXT NOT NULL,
            description TEXT
        ) STRICT;
        CREATE INDEX security_group_rules_by_group ON security_group_rules (security_group);

        CREATE TABLE key_pairs (
            id TEXT PRIMARY KEY,
            owner TEXT NOT NULL,
            name TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('rsa', 'ed25519')),
            fingerprint TEXT NOT NULL,
            public_key TEXT NOT NULL,
            created INTEGER NOT NULL,
            UNIQUE (owner, name)
        ) STRICT;
        """)
}

extension AddressBlock: Bindable {
    package var sqliteValue: Value { .text(description) }
}

// Reading.
extension Session {
    func vpcs(of owner: AccountID) throws -> [VPC] {
        try rows("SELECT * FROM vpcs WHERE owner = ? ORDER BY rowid", owner) { row in
            VPC(
                id: try row.parsed("id"), owner: owner, block: try row.parsed("block"), isDefault: try row.bool("is_default"),
                tenancy: try row.text("tenancy"),
                attributes: VPC.Attributes(
                    supportsDNS: try row.bool("dns_support"), givesHostnames: try row.bool("dns_hostnames"),
                    measuresAddressUse: try row.bool("address_metrics")),
                blocks: try blocks(of: try row.parsed("id", as: VPCID.self)),
                dhcpOptions: try row.parsedIfPresent("dhcp_options"), tags: try tags(of: try row.text("id")))
        }
    }

    func subnets(of owner: AccountID) throws -> [Subnet] {
        try rows("SELECT * FROM subnets WHERE owner = ? ORDER BY rowid", owner) { row in
            Subnet(
                id: try row.parsed("id"), vpc: try row.parsed("vpc"), owner: owner, block: try row.parsed("block"),
                zone: try row.text("zone"), isDefault: try row.bool("is_default"),
                attributes: Subnet.Attributes(
                    mapsPublicAddresses: try row.bool("public_addresses"), assignsIPv6: try row.bool("ipv6_addresses"),
                    namesByResource: try row.bool("names_by_resource"), answersA: try row.bool("dns_a"),
                    answersAAAA: try row.bool("dns_aaaa"), translatesDNS: try row.bool("dns64")),
                blocks: try blocks(of: try row.parsed("id", as: SubnetID.self)), tags: try tags(of: try row.text("id")))
        }
    }

    func securityGroups(of owner: AccountID) throws -> [SecurityGroup] {
        let ids: [SecurityGroupID] = try rows("SELECT id FROM security_groups WHERE owner = ?", owner) { try $0.parsed("id") }
        let rules = try rules(of: ids)
        let tags = try tags(of: ids)
        return try rows("SELECT * FROM security_groups WHERE owner = ? ORDER BY rowid", owner) { row in
            let id: SecurityGroupID = try row.parsed("id")
            return SecurityGroup(
                id: id, owner: owner, vpc: try row.parsed("vpc"), name: try row.text("name"),
                description: try row.text("description"), rules: rules[id.description] ?? [],
                tags: tags[id.description] ?? TagSet())
        }
    }

    /// By their groups.
    private func rules(of groups: [SecurityGroupID]) throws -> [String: [SecurityGroupRule]] {
        var found = try grouped("security_group_rules", by: "security_group", groups, order: "rowid") { row in
            let traffic = SecurityGroupRule.Traffic(
                proto: try row.text("protocol"), fromPort: try row.intIfPresent("from_port"),
                toPort: try row.intIfPresent("to_port"),
                peer: try SecurityGroupRule.Peer(try row.text("peer_kind"), try row.text("peer")))
            return SecurityGroupRule(
                id: try row.parsed("id"), group: try row.parsed("security_group"), isEgress: try row.bool("egress"),
                traffic: traffic, description: try row.textIfPresent("description"), tags: TagSet())
        }
        let tags = try tags(of: found.values.flatMap { $0.map(\.id) })
        for (group, rules) in found {
            found[group] = rules.map { rule in
                var rule = rule
                rule.tags = tags[rule.id.description] ?? TagSet()
                return rule
            }
        }
        return found
    }

    func keyPairs(of owner: AccountID) throws -> [KeyPair] {
        try rows("SELECT * FROM key_pairs WHERE owner = ? ORDER BY rowid", owner) { row in
            KeyPair(
                id: try row.parsed("id"), owner: owner, name: try row.text("name"), kind: try row.named("kind"),
                fingerprint: try row.text("fingerprint"), publicKey: try row.text("public_key"),
                created: try row.instant("created"), tags: try tags(of: try row.text("id")))
        }
    }
}

// Writing.
extension Session {
    func insert(_ rule: SecurityGroupRule) throws {
        let (kind, peer) = rule.traffic.peer.stored
        try run(
            "INSERT INTO security_group_rules VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rule.id, rule.group, rule.isEgress,
            rule.traffic.proto, rule.traffic.fromPort, rule.traffic.toPort, kind, peer, rule.description)
        try setTags(rule.tags, of: rule.id.description)
    }

    /// What a rule allows, and its description.
    func update(_ rule: SecurityGroupRule) throws {
        let (kind, peer) = rule.traffic.peer.stored
        try run(
            """
            UPDATE security_group_rules SET protocol = ?, from_port = ?, to_port = ?, peer_kind = ?, peer = ?, description = ?
            WHERE id = ?
            """, rule.traffic.proto, rule.traffic.fromPort, rule.traffic.toPort, kind, peer, rule.description, rule.id)
    }

    func insert(_ pair: KeyPair) throws {
        try run(
            "INSERT INTO key_pairs VALUES (?, ?, ?, ?, ?, ?, ?)", pair.id, pair.owner, pair.name, pair.kind.rawValue,
            pair.fingerprint, pair.publicKey, pair.created)
        try setTags(pair.tags, of: pair.id.description)
    }
}

extension SecurityGroupRule.Peer {
    /// As the catalogue keeps it.
    fileprivate var stored: (kind: String, text: String) {
        switch self {
        case .ipv4(let text): ("ipv4", text)
        case .ipv6(let text): ("ipv6", text)
        case .prefixList(let text): ("prefix-list", text)
        case .group(let id): ("group", id.description)
        }
    }

    fileprivate init(_ kind: String, _ text: String) throws(Failure) {
        switch kind {
        case "ipv4": self = .ipv4(text)
        case "ipv6": self = .ipv6(text)
        case "prefix-list": self = .prefixList(text)
        default: self = .group(try SecurityGroupID(parsing: text))
        }
    }
}
