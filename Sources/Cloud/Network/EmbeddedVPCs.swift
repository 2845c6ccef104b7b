import Model
import Records
import SQLite

// VPCs and subnets that somebody makes.
extension EmbeddedActions {
    package func createVPC(
        _ block: AddressBlock, hasIPv6: Bool, tenancy: String, tags: TagSet
    ) throws(Failure) -> VPC {
        guard AddressBlock.networkPrefixes ~= block.prefix else {
            throw Failure(PlaneError(.invalidVPCRange, "The CIDR '\(block)' is invalid."))
        }
        return try writeNetwork("make a VPC of \(block)") { session, account in
            let id = try insertVPC(block, isDefault: false, tenancy: tenancy, owner: account, session)
            try session.setTags(tags, of: id.description)
            if hasIPv6 {
                let block = try amazonBlock(for: try vpc(id, session, account), session)
                try session.insert(VPCBlock(id: try region.newID(), vpc: id, block: .ipv6(block)))
            }
            return try vpc(id, session, account)
        }
    }

    package func createDefaultVPC() throws(Failure) -> VPC {
        try writeNetwork("make the default VPC") { session, account in
            guard try !session.vpcs(of: account).contains(where: \.isDefault) else {
                throw Failure(
                    PlaneError(.defaultVPCExists, "A Default VPC already exists for this account in this region."))
            }
            return try vpc(try insertDefaultVPC(account, session), session, account)
        }
    }

    /// Its default group, main route table and network ACL go with it; everything else must be gone.
    package func deleteVPC(_ id: VPCID) throws(Failure) {
        try writeNetwork("delete the VPC \(id)") { session, account in
            _ = try vpc(id, session, account)
            let isUsed =
                try session.subnets(of: account).contains { $0.vpc == id }
                || session.internetGateways(of: account).contains { $0.vpc == id }
                || session.routeTables(of: account).contains { $0.vpc == id && !$0.isMain }
                || session.securityGroups(of: account).contains { $0.vpc == id && $0.name != SecurityGroup.defaultName }
            if isUsed { throw Failure(.hasDependencies("vpc", id.description)) }
            for table in try session.routeTables(of: account) where table.vpc == id {
                try session.setTags(TagSet(), of: table.id.description)
            }
            for group in try session.securityGroups(of: account) where group.vpc == id {
                try session.setTags(TagSet(), of: group.id.description)
            }
            try session.setTags(TagSet(), of: id.description)
            try session.run("DELETE FROM network_blocks WHERE network = ?", id)
            try session.run("DELETE FROM route_tables WHERE vpc = ?", id)
            try session.run("DELETE FROM security_groups WHERE vpc = ?", id)
            try session.run("DELETE FROM vpcs WHERE id = ?", id)
        }
    }

    package func modifyVPC(_ id: VPCID, _ change: VPCChange) throws(Failure) {
        try writeNetwork("change the VPC \(id)") { session, account in
            let old = try vpc(id, session, account).attributes
            try session.run(
                "UPDATE vpcs SET dns_support = ?, dns_hostnames = ?, address_metrics = ? WHERE id = ?",
                change.supportsDNS ?? old.supportsDNS, change.givesHostnames ?? old.givesHostnames,
                change.measuresAddressUse ?? old.measuresAddressUse, id)
        }
    }

    package func setDefaultTenancy(of id: VPCID) throws(Failure) {
        try writeNetwork("change the VPC \(id)") { session, account in
            _ = try vpc(id, session, account)
            try session.run("UPDATE vpcs SET tenancy = 'default' WHERE id = ?", id)
        }
    }

    package func createSubnet(_ new: SubnetCreation) throws(Failure) -> Subnet {
        let zone = try zone(new.zone)
        return try writeNetwork("make a subnet of \(new.block)") { session, account in
            let vpc = try vpc(new.vpc, session, account)
            guard AddressBlock.networkPrefixes ~= new.block.prefix, vpc.blocks4.contains(where: { $0.contains(new.block) })
            else {
                throw Failure(PlaneError(.invalidSubnetRange, "The CIDR '\(new.block)' is invalid."))
            }
            let others = try session.subnets(of: account).filter { $0.vpc == vpc.id }
            guard !others.contains(where: { $0.block.overlaps(new.block) }) else {
                throw Failure(PlaneError(.invalidSubnetConflict, "The CIDR '\(new.block)' conflicts with another subnet"))
            }
            let id = try insertSubnet(new.block, zone: zone, of: vpc.id, isDefault: false, owner: account, session)
            try session.setTags(new.tags, of: id.description)
            if let block = new.block6 { try insert(block, try subnet(id, session, account), vpc, session, account) }
            return try subnet(id, session, account)
        }
    }

    package func createDefaultSubnet(zone name: String) throws(Failure) -> Subnet {
        let zone = try zone(name)
        return try writeNetwork("make the default subnet of \(zone)") { session, account in
            guard let vpc = try session.vpcs(of: account).first(where: \.isDefault) else {
                throw Failure(
                    PlaneError(.defaultVPCNotFound, "No default VPC exists for this account in this region."))
            }
            let others = try session.subnets(of: account).filter { $0.vpc == vpc.id }
            if let known = others.first(where: { $0.isDefault && $0.zone == zone }) {
                throw Failure(PlaneError(.defaultSubnetExists, "'\(known.id)' is already the default subnet in \(zone)."))
            }
            let free = (0..<16).map { vpc.block.block($0, prefix: 20) }.first { block in
                !others.contains { $0.block.overlaps(block) }
            }
            guard let free else {
                throw Failure(PlaneError(.invalidSubnetConflict, "The default VPC has no room for another default subnet"))
            }
            let id = try insertSubnet(free, zone: zone, of: vpc.id, isDefault: true, owner: account, session)
            return try subnet(id, session, account)
        }
    }

    package func deleteSubnet(_ id: SubnetID) throws(Failure) {
        try settle()
        try writeNetwork("delete the subnet \(id)") { session, account in
            _ = try subnet(id, session, account)
            guard try !session.hasInterfaces(in: id) else {
                throw Failure(.hasDependencies("subnet", id.description))
            }
            try session.run("DELETE FROM instances WHERE subnet = ? AND state = 'terminated'", id)
            try session.setTags(TagSet(), of: id.description)
            try session.run("DELETE FROM network_blocks WHERE network = ?", id)
            try session.run("DELETE FROM subnets WHERE id = ?", id)
        }
    }

    package func modifySubnet(_ id: SubnetID, _ change: SubnetChange) throws(Failure) {
        try writeNetwork("change the subnet \(id)") { session, account in
            let subnet = try subnet(id, session, account)
            if change.assignsIPv6 ?? false || change.answersAAAA ?? false || change.translatesDNS ?? false,
                subnet.blocks.isEmpty
            {
                throw Failure(
                    PlaneError(.invalidParameterValue, "The subnet '\(id)' does not have an IPv6 CIDR block associated."))
            }
            let old = subnet.attributes
            try session.run(
                """
                UPDATE subnets SET public_addresses = ?, ipv6_addresses = ?, names_by_resource = ?, dns_a = ?, dns_aaaa = ?,
                    dns64 = ? WHERE id = ?
                """,
                change.mapsPublicAddresses ?? old.mapsPublicAddresses, change.assignsIPv6 ?? old.assignsIPv6,
                change.namesByResource ?? old.namesByResource, change.answersA ?? old.answersA,
                change.answersAAAA ?? old.answersAAAA, change.translatesDNS ?? old.translatesDNS, id)
        }
    }
}

// One of the caller's own.
extension EmbeddedActions {
    func vpc(_ id: VPCID, _ session: Session, _ account: AccountID) throws -> VPC {
        guard let vpc = try session.vpcs(of: account).first(where: { $0.id == id }) else { throw Failure(.notFound(vpc: id)) }
        return vpc
    }

    func subnet(_ id: SubnetID, _ session: Session, _ account: AccountID) throws -> Subnet {
        guard let subnet = try session.subnets(of: account).first(where: { $0.id == id }) else {
            throw Failure(.notFound(subnet: id.description))
        }
        return subnet
    }

    private func zone(_ name: String?) throws(Failure) -> String {
        let zones = plane.settings.zones(of: region.name).map(\.name)
        guard let name else { return zones.first ?? "\(region.name)a" }
        guard zones.contains(name) else {
            throw Failure(
                PlaneError(
                    .invalidParameterValue,
                    """
                    Value (\(name.prefix(60))) for parameter availabilityZone is invalid. Subnets can currently only be created in \
                    the following availability zones: \(zones.joined(separator: ", ")).
                    """))
        }
        return name
    }
}
