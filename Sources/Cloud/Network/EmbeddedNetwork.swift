import Model
import Records
import SQLite

extension EmbeddedActions {
    package func vpcs() throws(Failure) -> [VPC] {
        try readNetwork("list the VPCs") { session, account in try session.vpcs(of: account) }
    }

    package func subnets() throws(Failure) -> [Subnet] {
        try readNetwork("list the subnets") { session, account in try session.subnets(of: account) }
    }

    package func takenAddresses() throws(Failure) -> [SubnetID: Int] {
        try settle()
        return try readNetwork("count addresses") { session, account in try session.takenAddresses(of: account) }
    }

    package func securityGroups() throws(Failure) -> [SecurityGroup] {
        try readNetwork("list the security groups") { session, account in try session.securityGroups(of: account) }
    }

    package func createSecurityGroup(
        _ name: String, description: String, vpc: VPCID?, tags: TagSet
    ) throws(Failure) -> SecurityGroup {
        try writeNetwork("make the security group \(name)") { session, account in
            let known = try session.vpcs(of: account)
            let place = vpc.map { id in known.first { $0.id == id } } ?? known.first { $0.isDefault }
            guard let place else {
                throw Failure(vpc.map { .notFound(vpc: $0) } ?? PlaneError(.vpcIDNotSpecified, "No default VPC for this user"))
            }
            let groups = try session.securityGroups(of: account).filter { $0.vpc == place.id }
            guard !groups.contains(where: { $0.name == name }) else {
                throw Failure(
                    PlaneError(
                        .invalidGroupDuplicate, "The security group '\(name)' already exists for VPC '\(place.id)'"))
            }
            let id = try insertGroup(name, description, vpc: place.id, owner: account, session)
            try session.setTags(tags, of: id.description)
            return try group(id, session, account)
        }
    }

    package func deleteSecurityGroup(_ id: SecurityGroupID) throws(Failure) {
        try settle()
        try writeNetwork("delete the security group \(id)") { session, account in
            let group = try group(id, session, account)
            guard group.name != SecurityGroup.defaultName else {
                throw Failure(
                    PlaneError(
                        .cannotDelete, "the specified group: \"\(id)\" name: \"\(group.name)\" cannot be deleted by a user"))
            }
            let isReferred = try session.securityGroups(of: account).contains { other in
                other.id != id && other.rules.contains { $0.traffic.peer == .group(id) }
            }
            let isUsed = try session.hasInterfaces(in: id, of: account)
            guard !isReferred, !isUsed else {
                throw Failure(PlaneError(.dependencyViolation, "resource \(id) has a dependent object"))
            }
            try session.run("DELETE FROM security_groups WHERE id = ?", id)
            try session.setTags(TagSet(), of: id.description)
        }
    }

    package func allow(
        _ rules: [NewSecurityGroupRule], isEgress: Bool, in id: SecurityGroupID
    ) throws(Failure) -> [SecurityGroupRule] {
        try writeNetwork("change the security group \(id)") { session, account in
            var known = Set(try group(id, session, account).rules.filter { $0.isEgress == isEgress }.map(\.traffic))
            guard known.count + rules.count <= SecurityGroupRule.mostOfGroup else {
                throw Failure(
                    PlaneError(
                        .rulesPerGroupExceeded, "The maximum number of rules per security group has been reached."))
            }
            return try rules.map { rule in
                guard known.insert(rule.traffic).inserted else {
                    throw Failure(Self.duplicate(rule.traffic))
                }
                let made = SecurityGroupRule(
                    id: try region.newID(), group: id, isEgress: isEgress, traffic: rule.traffic,
                    description: rule.description, tags: rule.tags)
                try session.insert(made)
                return made
            }
        }
    }

    package func replace(
        _ rules: [SecurityGroupRuleID: NewSecurityGroupRule], in id: SecurityGroupID
    ) throws(Failure) {
        try writeNetwork("change the security group \(id)") { session, account in
            let known = try group(id, session, account).rules
            for (rule, new) in rules.sorted(by: { $0.key < $1.key }) {
                guard let old = known.first(where: { $0.id == rule }) else {
                    throw Failure(.notFound(securityGroupRule: rule.description))
                }
                let clashes = known.contains { other in
                    rules[other.id] == nil && other.isEgress == old.isEgress && other.traffic == new.traffic
                }
                if clashes { throw Failure(Self.duplicate(new.traffic)) }
                try session.update(
                    SecurityGroupRule(
                        id: rule, group: id, isEgress: old.isEgress, traffic: new.traffic, description: new.description))
            }
        }
    }

    package func describe(
        _ rules: [NewSecurityGroupRule], isEgress: Bool, in id: SecurityGroupID
    ) throws(Failure) {
        try writeNetwork("change the security group \(id)") { session, account in
            let known = try group(id, session, account).rules.filter { $0.isEgress == isEgress }
            for rule in rules {
                let old = try Self.first(known) { $0.traffic == rule.traffic }
                try session.run("UPDATE security_group_rules SET description = ? WHERE id = ?", rule.description, old.id)
            }
        }
    }

    private static func duplicate(_ traffic: SecurityGroupRule.Traffic) -> PlaneError {
        PlaneError(.invalidPermissionDuplicate, "the specified rule \"\(traffic.words)\" already exists")
    }

    package func forbid(
        _ traffic: [SecurityGroupRule.Traffic], rules: [SecurityGroupRuleID], isEgress: Bool, in id: SecurityGroupID
    ) throws(Failure) -> [SecurityGroupRule] {
        try writeNetwork("change the security group \(id)") { session, account in
            let known = try group(id, session, account).rules.filter { $0.isEgress == isEgress }
            let named = try traffic.map { traffic in try Self.first(known) { $0.traffic == traffic } }
            let removed = try named + rules.map { rule in try Self.first(known) { $0.id == rule } }
            for rule in removed {
                try session.setTags(TagSet(), of: rule.id.description)
                try session.run("DELETE FROM security_group_rules WHERE id = ?", rule.id)
            }
            return removed
        }
    }

    private static func first(
        _ rules: [SecurityGroupRule], where condition: (SecurityGroupRule) -> Bool
    ) throws -> SecurityGroupRule {
        if let rule = rules.first(where: condition) { return rule }
        throw Failure(
            PlaneError(.invalidPermissionNotFound, "The specified rule does not exist in this security group."))
    }

    private func group(_ id: SecurityGroupID, _ session: Session, _ account: AccountID) throws -> SecurityGroup {
        guard let group = try session.securityGroups(of: account).first(where: { $0.id == id }) else {
            throw Failure(.notFound(securityGroup: id.description))
        }
        return group
    }
}

extension SecurityGroupRule.Traffic {
    /// As EC2 words it: `peer: 0.0.0.0/0, TCP, from port: 22, to port: 22, ALLOW`.
    fileprivate var words: String {
        let peer =
            switch peer {
            case .ipv4(let text), .ipv6(let text), .prefixList(let text): text
            case .group(let id): id.description
            }
        let ports = fromPort.map { ", from port: \($0), to port: \(toPort ?? $0)" } ?? ""
        return "peer: \(peer), \(proto == "-1" ? "ALL" : proto.uppercased())\(ports), ALLOW"
    }
}
