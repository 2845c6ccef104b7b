import Model
import Records
import SQLite

/// The schema of route tables and gateways, and what VPCs and subnets got with them.
enum RoutingCatalogue {
    static let migration = Migration(
        """
        ALTER TABLE vpcs ADD COLUMN tenancy TEXT NOT NULL DEFAULT 'default';
        ALTER TABLE vpcs ADD COLUMN dns_support INTEGER NOT NULL DEFAULT 1;
        ALTER TABLE vpcs ADD COLUMN dns_hostnames INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE vpcs ADD COLUMN address_metrics INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE subnets ADD COLUMN public_addresses INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX subnets_by_vpc ON subnets (vpc);
        UPDATE vpcs SET dns_hostnames = is_default;
        UPDATE subnets SET public_addresses = is_default;

        -- The accounts that have got their default VPC, so that one that was deleted does not come again.
        CREATE TABLE network_owners (account TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
        INSERT INTO network_owners SELECT DISTINCT owner FROM vpcs;

        CREATE TABLE internet_gateways (
            id TEXT PRIMARY KEY,
            owner TEXT NOT NULL,
            vpc TEXT UNIQUE REFERENCES vpcs (id)
        ) STRICT;

        CREATE TABLE route_tables (
            id TEXT PRIMARY KEY,
            vpc TEXT NOT NULL REFERENCES vpcs (id),
            owner TEXT NOT NULL,
            is_main INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX route_tables_by_vpc ON route_tables (vpc);

        CREATE TABLE routes (
            route_table TEXT NOT NULL REFERENCES route_tables (id) ON DELETE CASCADE,
            destination TEXT NOT NULL,
            gateway TEXT NOT NULL,
            PRIMARY KEY (route_table, destination)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE route_associations (
            id TEXT PRIMARY KEY,
            route_table TEXT NOT NULL REFERENCES route_tables (id) ON DELETE CASCADE,
            subnet TEXT NOT NULL UNIQUE REFERENCES subnets (id) ON DELETE CASCADE
        ) STRICT;

        INSERT INTO internet_gateways SELECT 'igw' || substr(id, 4), owner, id FROM vpcs WHERE is_default;
        INSERT INTO route_tables SELECT 'rtb' || substr(id, 4), id, owner, 1 FROM vpcs;
        INSERT INTO routes SELECT 'rtb' || substr(id, 4), '0.0.0.0/0', 'igw' || substr(id, 4) FROM vpcs WHERE is_default;
        """)
}

// Reading.
extension Session {
    /// Whether the account has got its default VPC, even if it is gone again.
    func hasNetwork(_ owner: AccountID) throws -> Bool {
        try first("SELECT 1 AS one FROM network_owners WHERE account = ?", owner) { _ in true } ?? false
    }

    func routeTables(of owner: AccountID) throws -> [RouteTable] {
        try rows(
            """
            SELECT route_tables.*, vpcs.block FROM route_tables JOIN vpcs ON vpcs.id = route_tables.vpc
            WHERE route_tables.owner = ? ORDER BY route_tables.rowid
            """, owner
        ) { row in
            let id: RouteTableID = try row.parsed("id")
            let isMain = try row.bool("is_main")
            let own = isMain ? [RouteAssociation(id: RouteAssociationID(of: id), subnet: nil)] : []
            return RouteTable(
                id: id, vpc: try row.parsed("vpc"), owner: owner, isMain: isMain, local: try row.parsed("block"),
                routes: try routes(of: id), associations: try own + associations(of: id), tags: try tags(of: id.description))
        }
    }

    private func routes(of table: RouteTableID) throws -> [Route] {
        try rows(
            """
            SELECT routes.destination, routes.gateway, network_interfaces.instance,
                coalesce(network_interfaces.instance, internet_gateways.vpc) AS leads
            FROM routes LEFT JOIN network_interfaces ON network_interfaces.id = routes.gateway
                LEFT JOIN internet_gateways ON internet_gateways.id = routes.gateway
            WHERE route_table = ? ORDER BY destination
            """, table
        ) { row in
            var route = Route(destination: try row.parsed("destination"), target: try row.parsed("gateway"))
            route.instance = try row.parsedIfPresent("instance")
            route.isActive = try row.textIfPresent("leads") != nil
            return route
        }
    }

    private func associations(of table: RouteTableID) throws -> [RouteAssociation] {
        try rows("SELECT * FROM route_associations WHERE route_table = ? ORDER BY rowid", table) { row in
            RouteAssociation(id: try row.parsed("id"), subnet: try row.parsed("subnet", as: SubnetID.self))
        }
    }

    func internetGateways(of owner: AccountID) throws -> [InternetGateway] {
        try rows("SELECT * FROM internet_gateways WHERE owner = ? ORDER BY rowid", owner) { row in
            InternetGateway(
                id: try row.parsed("id"), owner: owner, vpc: try row.parsedIfPresent("vpc"),
                tags: try tags(of: try row.text("id")))
        }
    }
}
