import Model
import Records
import SQLite

// The default VPC of an account: made when the account first looks at networks, and then the same for ever.
extension EmbeddedActions {
    /// Reads networks, after the account has got its default VPC.
    func readNetwork<T: Sendable>(_ task: String, _ body: (Session, AccountID) throws -> T) throws(Failure) -> T {
        let account = try account
        let hasNetwork = try region.database.read(task) { session in try session.hasNetwork(account) }
        if !hasNetwork { try region.database.write("make the default VPC") { try makeDefaultNetwork(account, $0) } }
        return try read(task) { try body($0, account) }
    }

    func writeNetwork<T: Sendable>(_ task: String, _ body: (Session, AccountID) throws -> T) throws(Failure) -> T {
        let account = try account
        return try write(task) { session in
            try makeDefaultNetwork(account, session)
            return try body(session, account)
        }
    }

    private func makeDefaultNetwork(_ owner: AccountID, _ session: Session) throws {
        guard try !session.hasNetwork(owner) else { return }
        try session.run("INSERT INTO network_owners VALUES (?)", owner)
        try insertDefaultVPC(owner, session)
    }

    /// With a subnet in each zone and a way to the internet.
    @discardableResult
    func insertDefaultVPC(_ owner: AccountID, _ session: Session) throws -> VPCID {
        let block = try AddressBlock(parsing: "172.31.0.0/16")
        let vpc = try insertVPC(block, isDefault: true, tenancy: "default", owner: owner, session)
        for (index, zone) in plane.settings.zones(of: region.name).enumerated() {
            _ = try insertSubnet(
                block.block(index, prefix: 20), zone: zone.name, of: vpc, isDefault: true, owner: owner, session)
        }
        let gateway = InternetGatewayID(of: vpc)
        try session.run("INSERT INTO internet_gateways VALUES (?, ?, ?)", gateway, owner, vpc)
        try session.run(
            "INSERT INTO routes VALUES (?, ?, ?)", RouteTableID(of: vpc), AddressBlock(base: 0, prefix: 0), gateway)
        return vpc
    }

    /// With its default group and its main route table.
    func insertVPC(
        _ block: AddressBlock, isDefault: Bool, tenancy: String, owner: AccountID, _ session: Session
    ) throws -> VPCID {
        let vpc: VPCID = try region.newID()
        try session.run(
            """
            INSERT INTO vpcs (id, owner, block, is_default, tenancy, dns_support, dns_hostnames, address_metrics)
            VALUES (?, ?, ?, ?, ?, 1, ?, 0)
            """, vpc, owner, block, isDefault, tenancy, isDefault)
        try session.run("INSERT INTO route_tables VALUES (?, ?, ?, ?)", RouteTableID(of: vpc), vpc, owner, true)
        let group = try insertGroup(
            SecurityGroup.defaultName, "default VPC security group", vpc: vpc, owner: owner, session)
        // Within the default group everything is allowed.
        let inside = SecurityGroupRule.Traffic(proto: "-1", fromPort: nil, toPort: nil, peer: .group(group))
        try session.insert(
            SecurityGroupRule(
                id: try region.newID(), group: group, isEgress: false, traffic: inside, description: nil))
        return vpc
    }

    func insertSubnet(
        _ block: AddressBlock, zone: String, of vpc: VPCID, isDefault: Bool, owner: AccountID, _ session: Session
    ) throws -> SubnetID {
        let subnet: SubnetID = try region.newID()
        try session.run(
            """
            INSERT INTO subnets (id, vpc, owner, block, zone, is_default, public_addresses) VALUES (?, ?, ?, ?, ?, ?, ?)
            """, subnet, vpc, owner, block, zone, isDefault, isDefault)
        return subnet
    }

    /// A group that lets everything out, also over IPv6 where the VPC has that.
    func insertGroup(
        _ name: String, _ description: String, vpc: VPCID, owner: AccountID, _ session: Session
    ) throws -> SecurityGroupID {
        let id: SecurityGroupID = try region.newID()
        try session.run("INSERT INTO security_groups VALUES (?, ?, ?, ?, ?)", id, owner, vpc, name, description)
        let out = SecurityGroupRule.Traffic(proto: "-1", fromPort: nil, toPort: nil, peer: .ipv4("0.0.0.0/0"))
        try session.insert(
            SecurityGroupRule(id: try region.newID(), group: id, isEgress: true, traffic: out, description: nil))
        if try session.blocks(of: vpc).contains(where: { if case .ipv6 = $0.block { true } else { false } }) {
            let out6 = SecurityGroupRule.Traffic(proto: "-1", fromPort: nil, toPort: nil, peer: .ipv6("::/0"))
            try session.insert(
                SecurityGroupRule(id: try region.newID(), group: id, isEgress: true, traffic: out6, description: nil))
        }
        return id
    }
}
