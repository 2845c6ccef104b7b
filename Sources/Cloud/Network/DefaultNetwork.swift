import Model
import Records
import SQLite

// The default VPC of an account: made when the account first looks at networks, and then the same for ever.
extension EmbeddedActions {
    /// Reads networks, of which there is at least the default one.
    func readNetwork<T: Sendable>(_ task: String, _ body: (Session, AccountID) throws -> T) throws(Failure) -> T {
        let account = try account
        let hasNetwork = try region.database.read(task) { session in try !session.vpcs(of: account).isEmpty }
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
        guard try session.vpcs(of: owner).isEmpty else { return }
        let block = try AddressBlock(parsing: "172.31.0.0/16")
        let vpc: VPCID = try region.newID()
        try session.run("INSERT INTO vpcs VALUES (?, ?, ?, ?)", vpc, owner, block, true)
        for (index, zone) in plane.settings.zones(of: region.name).enumerated() {
            let subnet: SubnetID = try region.newID()
            try session.run(
                "INSERT INTO subnets VALUES (?, ?, ?, ?, ?, ?)", subnet, vpc, owner, block.block(index, prefix: 20), zone.name,
                true)
        }
        let group = try insertGroup(
            SecurityGroup.defaultName, "default VPC security group", vpc: vpc, owner: owner, session)
        // Within the default group everything is allowed.
        let inside = SecurityGroupRule.Traffic(proto: "-1", fromPort: nil, toPort: nil, peer: .group(group))
        try session.insert(
            SecurityGroupRule(
                id: try region.newID(), group: group, isEgress: false, traffic: inside, description: nil))
    }

    /// A group that lets everything out.
    func insertGroup(
        _ name: String, _ description: String, vpc: VPCID, owner: AccountID, _ session: Session
    ) throws -> SecurityGroupID {
        let id: SecurityGroupID = try region.newID()
        try session.run("INSERT INTO security_groups VALUES (?, ?, ?, ?, ?)", id, owner, vpc, name, description)
        let out = SecurityGroupRule.Traffic(proto: "-1", fromPort: nil, toPort: nil, peer: .ipv4("0.0.0.0/0"))
        try session.insert(
            SecurityGroupRule(id: try region.newID(), group: id, isEgress: true, traffic: out, description: nil))
        return id
    }
}
