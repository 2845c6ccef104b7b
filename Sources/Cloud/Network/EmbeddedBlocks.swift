import Model
import Records
import SQLite

// Further blocks of VPCs and subnets.
extension EmbeddedActions {
    package func associate(_ request: VPCBlockRequest, with id: VPCID) throws(Failure) -> VPCBlock {
        try writeNetwork("give \(id) another block") { session, account in
            let vpc = try vpc(id, session, account)
            let block: NetworkBlock
            switch request {
            case .ipv4(let asked): block = .ipv4(try Self.checked(asked, for: vpc))
            case .amazonIPv6: block = .ipv6(try amazonBlock(for: vpc, session))
            }
            let made = VPCBlock(id: try region.newID(), vpc: id, block: block)
            try session.insert(made)
            return made
        }
    }

    private static func checked(_ block: AddressBlock, for vpc: VPC) throws -> AddressBlock {
        guard vpc.blocks4.count < NetworkBlockLimit.mostOfVPC else { throw tooMany(vpc, NetworkBlockLimit.mostOfVPC) }
        guard AddressBlock.networkPrefixes ~= block.prefix else {
            throw Failure(PlaneError(.invalidVPCRange, "The CIDR '\(block)' is invalid."))
        }
        guard !vpc.blocks4.contains(where: { $0.overlaps(block) }) else {
            throw Failure(PlaneError(.cidrConflict, "The CIDR '\(block)' conflicts with a CIDR of the network '\(vpc.id)'"))
        }
        return block
    }

    /// A block that no VPC of the region has, out of a part of Amazon's addresses.
    func amazonBlock(for vpc: VPC, _ session: Session) throws -> AddressBlock6 {
        guard vpc.blocks6.count < NetworkBlockLimit.mostIPv6OfVPC else {
            throw Self.tooMany(vpc, NetworkBlockLimit.mostIPv6OfVPC)
        }
        while true {
            let middle = try region.random(4).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            let block = AddressBlock6(
                base: AddressBlock6.Address(high: 0x2600_1F << 40 | middle << 8, low: 0), prefix: NetworkBlockLimit.vpcPrefix6)
            if try !session.isGiven(.ipv6(block)) { return block }
        }
    }

    private static func tooMany(_ vpc: VPC, _ most: Int) -> Failure {
        Failure(
            PlaneError(.cidrLimitExceeded, "This network \(vpc.id) has met its maximum number of allowed CIDRs: \(most)"))
    }

    package func disassociate(_ id: VPCBlockID) throws(Failure) -> VPCBlock {
        try writeNetwork("take the block of \(id) away") { session, account in
            let vpcs = try session.vpcs(of: account)
            if let vpc = vpcs.first(where: { $0.firstBlock == id }) {
                throw Failure(
                    PlaneError(
                        .operationNotPermitted,
                        """
                        The vpc CIDR block with association ID \(id) may not be disassociated. It is the primary IPv4 CIDR block of \
                        the VPC
                        """), hint: "delete \(vpc.id)")
            }
            guard let block = vpcs.flatMap(\.blocks).first(where: { $0.id == id }) else {
                throw Failure(
                    PlaneError(
                        .invalidVPCBlockNotFound, "The vpc CIDR block association ID '\(id)' does not exist"))
            }
            let subnets = try session.subnets(of: account).filter { $0.vpc == block.vpc }
            let isUsed = subnets.contains { subnet in
                switch block.block {
                case .ipv4(let whole): whole.contains(subnet.block)
                case .ipv6(let whole): subnet.blocks.contains { whole.contains($0.block) }
                }
            }
            if isUsed {
                throw Failure(
                    PlaneError(
                        .dependencyViolation,
                        "The vpc CIDR block '\(block.block)' has dependencies and cannot be disassociated."))
            }
            try session.run("DELETE FROM network_blocks WHERE id = ?", id)
            return block
        }
    }

    package func associate(_ block: AddressBlock6, with id: SubnetID) throws(Failure) -> SubnetBlock {
        try writeNetwork("give \(id) a block of IPv6 addresses") { session, account in
            let subnet = try subnet(id, session, account)
            guard subnet.blocks.isEmpty else {
                throw Failure(
                    PlaneError(
                        .cidrLimitExceeded, "This subnet \(id) has met its maximum number of allowed IPv6 CIDRs: 1"))
            }
            return try insert(block, subnet, try vpc(subnet.vpc, session, account), session, account)
        }
    }

    /// Within the VPC's block, and beside those of its other subnets.
    @discardableResult
    func insert(
        _ block: AddressBlock6, _ subnet: Subnet, _ vpc: VPC, _ session: Session, _ account: AccountID
    ) throws -> SubnetBlock {
        guard NetworkBlockLimit.subnetPrefixes6.contains(block.prefix), vpc.blocks6.contains(where: { $0.contains(block) })
        else { throw Failure(PlaneError(.invalidSubnetRange, "The CIDR '\(block)' is invalid.")) }
        let others = try session.subnets(of: account).filter { $0.vpc == vpc.id }.flatMap(\.blocks)
        guard !others.contains(where: { $0.block.overlaps(block) }) else {
            throw Failure(PlaneError(.invalidSubnetConflict, "The CIDR '\(block)' conflicts with another subnet"))
        }
        let made = SubnetBlock(id: try region.newID(), subnet: subnet.id, block: block)
        try session.insert(made)
        return made
    }

    package func disassociate(_ id: SubnetBlockID) throws(Failure) -> SubnetBlock {
        try writeNetwork("take the block of \(id) away") { session, account in
            guard let block = try session.subnets(of: account).flatMap(\.blocks).first(where: { $0.id == id }) else {
                throw Failure(
                    PlaneError(
                        .invalidSubnetBlockNotFound, "The subnet CIDR block association ID '\(id)' does not exist"))
            }
            guard try !session.hasInterfaces(in: block.subnet, withIPv6: true) else {
                throw Failure(
                    PlaneError(
                        .dependencyViolation,
                        "The subnet CIDR block '\(block.block)' has dependencies and cannot be disassociated."))
            }
            try session.run("DELETE FROM network_blocks WHERE id = ?", id)
            try session.run("UPDATE subnets SET ipv6_addresses = 0 WHERE id = ?", block.subnet)
            return block
        }
    }
}
