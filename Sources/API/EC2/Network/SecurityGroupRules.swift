import Cloud
import Model

struct AuthorizeSecurityGroupIngress: RuleAllowing {
    static let isEgress = false
    let change: RuleChange
}

struct AuthorizeSecurityGroupEgress: RuleAllowing {
    static let isEgress = true
    let change: RuleChange
}

struct RevokeSecurityGroupIngress: RuleForbidding {
    static let isEgress = false
    let change: RuleChange
}

struct RevokeSecurityGroupEgress: RuleForbidding {
    static let isEgress = true
    let change: RuleChange
}

/// A group, and the rules that are to be there or not.
struct RuleChange {
    let reference: SecurityGroupReference
    let rules: [RuleRequest]
    let ids: [SecurityGroupRuleID]
    /// Of the rules that are made.
    let tags: TagSet

    init(_ input: QueryInput) throws(APIError) {
        reference = try SecurityGroupReference(input)
        var rules = try RuleRequest.all(in: input)
        if input.string("IpProtocol") != nil || input.string("SourceSecurityGroupName") != nil {
            rules += try RuleRequest.flat(input)
        }
        self.rules = rules
        ids = try input.strings("SecurityGroupRuleId").map { text throws(APIError) in try SecurityGroupRuleID(asked: text) }
        tags = try input.tagSpecifications("security-group-rule")["security-group-rule"] ?? TagSet()
        guard !rules.isEmpty || !ids.isEmpty else { throw .missing("ipPermissions") }
    }
}

/// A rule as a request has it. A group can be named by its id or by its name.
struct RuleRequest {
    enum Peer {
        case ready(SecurityGroupRule.Peer)
        case groupName(String)
    }

    let proto: String
    let fromPort: Int?
    let toPort: Int?
    let peer: Peer
    let description: String?

    private init(_ input: QueryInput, _ peer: Peer, _ description: String?) throws(APIError) {
        let text = input.string("IpProtocol")?.lowercased() ?? "-1"
        proto = Self.numbers[text] ?? text
        let isAll = proto == "-1"
        // All protocols have all ports, whatever is said.
        fromPort = isAll ? nil : try input.int("FromPort")
        toPort = isAll ? nil : try input.int("ToPort")
        self.peer = peer
        self.description = description
        if isAll { _ = (try input.int("FromPort"), try input.int("ToPort")) }
        guard isAll || ["tcp", "udp", "icmp", "icmpv6"].contains(proto) || Int(proto).map({ 0...255 ~= $0 }) == true else {
            throw APIError(
                "InvalidPermission.Malformed", "Unsupported IP protocol \"\(text.prefix(20))\" - supported: [tcp, udp, icmp]")
        }
        if proto == "tcp" || proto == "udp" {
            guard let fromPort, let toPort, 0...65_535 ~= fromPort, 0...65_535 ~= toPort, fromPort <= toPort else {
                throw APIError(
                    "InvalidParameterValue", "Invalid value for portRange. Must specify both from and to ports with TCP/UDP.")
            }
        }
    }

    private static let numbers = ["6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6", "all": "-1"]

    /// A rule with one peer, which is known.
    static func single(_ input: QueryInput, _ peer: SecurityGroupRule.Peer) throws(APIError) -> NewSecurityGroupRule {
        let rule = try RuleRequest(input, .ready(peer), input.string("Description"))
        return NewSecurityGroupRule(traffic: try rule.traffic(nil), description: rule.description)
    }

    /// The rules of a request's permissions.
    static func all(in input: QueryInput) throws(APIError) -> [RuleRequest] {
        var rules: [RuleRequest] = []
        for permission in try input.structures("IpPermissions") { rules += try all(permission) }
        return rules
    }

    /// The rules that one permission stands for.
    private static func all(_ input: QueryInput) throws(APIError) -> [RuleRequest] {
        var result: [RuleRequest] = []
        for range in try input.structures("IpRanges") {
            let block = try AddressBlock(asked: try range.required("CidrIp"))
            result.append(try RuleRequest(input, .ready(.ipv4(block.description)), range.string("Description")))
        }
        for range in try input.structures("Ipv6Ranges") {
            result.append(try RuleRequest(input, .ready(.ipv6(try range.required("CidrIpv6"))), range.string("Description")))
        }
        for list in try input.structures("PrefixListIds") {
            result.append(
                try RuleRequest(input, .ready(.prefixList(try list.required("PrefixListId"))), list.string("Description")))
        }
        for group in try input.structures("Groups") {
            _ = (group.string("UserId"), group.string("VpcId"))
            result.append(try RuleRequest(input, try peer(group), group.string("Description")))
        }
        return result
    }

    /// By its id, else by its name.
    private static func peer(_ group: QueryInput) throws(APIError) -> Peer {
        let name = group.string("GroupName")
        guard let text = group.string("GroupId") else { return .groupName(name ?? "") }
        do throws(Failure) { return .ready(.group(try SecurityGroupID(parsing: text))) } catch {
            throw APIError("InvalidGroupId.Malformed", "The security group ID '\(text.prefix(60))' is malformed")
        }
    }

    /// The rule of the parameters that stand beside each other, without IpPermissions.
    static func flat(_ input: QueryInput) throws(APIError) -> [RuleRequest] {
        _ = input.string("SourceSecurityGroupOwnerId")
        if let block = input.string("CidrIp") {
            return [try RuleRequest(input, .ready(.ipv4(try AddressBlock(asked: block).description)), nil)]
        }
        return [try RuleRequest(input, .groupName(try input.required("SourceSecurityGroupName")), nil)]
    }

    /// With the groups of the account; nil where they need not be looked at.
    func traffic(_ groups: [SecurityGroup]?) throws(APIError) -> SecurityGroupRule.Traffic {
        let ready: SecurityGroupRule.Peer
        switch peer {
        case .ready(.group(let id)):
            guard groups?.contains(where: { $0.id == id }) ?? true else {
                throw APIError(.notFound(securityGroup: id.description))
            }
            ready = .group(id)
        case .ready(let peer): ready = peer
        case .groupName(let name):
            guard let group = groups?.first(where: { $0.name == name }) else {
                throw APIError(.notFound(securityGroup: String(name.prefix(60))))
            }
            ready = .group(group.id)
        }
        return SecurityGroupRule.Traffic(proto: proto, fromPort: fromPort, toPort: toPort, peer: ready)
    }
}

extension AddressBlock {
    init(asked text: String) throws(APIError) {
        do throws(Failure) { try self.init(parsing: text) } catch {
            throw APIError("InvalidParameterValue", "CIDR block \(text.prefix(60)) is malformed")
        }
    }
}

protocol RuleAllowing: EC2Action {
    static var isEgress: Bool { get }
    var change: RuleChange { get }
    init(change: RuleChange)
}

extension RuleAllowing {
    init(_ input: QueryInput) throws(APIError) { self.init(change: try RuleChange(input)) }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let group = try change.reference.find(call)
        let groups = try asking { () throws(Failure) in try call.withoutDryRun.actions.securityGroups() }
        let rules = try change.rules.map { rule throws(APIError) in
            NewSecurityGroupRule(traffic: try rule.traffic(groups), description: rule.description, tags: change.tags)
        }
        let made = try asking { () throws(Failure) in try call.actions.allow(rules, isEgress: Self.isEgress, in: group.id) }
        answer.done()
        answer.list("securityGroupRuleSet", made) { rule, xml in xml.rule(rule, call) }
    }
}

protocol RuleForbidding: EC2Action {
    static var isEgress: Bool { get }
    var change: RuleChange { get }
    init(change: RuleChange)
}

extension RuleForbidding {
    init(_ input: QueryInput) throws(APIError) { self.init(change: try RuleChange(input)) }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let group = try change.reference.find(call)
        let groups = try asking { () throws(Failure) in try call.withoutDryRun.actions.securityGroups() }
        let traffic = try change.rules.map { rule throws(APIError) in try rule.traffic(groups) }
        let gone = try asking { () throws(Failure) in
            try call.actions.forbid(traffic, rules: change.ids, isEgress: Self.isEgress, in: group.id)
        }
        answer.done()
        answer.list("revokedSecurityGroupRuleSet", gone) { rule, xml in xml.revoked(rule) }
    }
}

extension XMLWriter {
    /// A rule that is gone, as the answer to its removal names it.
    fileprivate mutating func revoked(_ rule: SecurityGroupRule) {
        element("securityGroupRuleId", rule.id.description)
        element("groupId", rule.group.description)
        element("isEgress", rule.isEgress)
        traffic(of: rule) { id, xml in xml.element("referencedGroupId", id.description) }
        element("description", ifPresent: rule.description)
    }

    /// What a rule lets through; a group as its peer is written by `group`.
    mutating func traffic(of rule: SecurityGroupRule, group: (SecurityGroupID, inout XMLWriter) -> Void) {
        element("ipProtocol", rule.traffic.proto)
        element("fromPort", rule.traffic.fromPort ?? -1)
        element("toPort", rule.traffic.toPort ?? -1)
        switch rule.traffic.peer {
        case .ipv4(let block): element("cidrIpv4", block)
        case .ipv6(let block): element("cidrIpv6", block)
        case .prefixList(let id): element("prefixListId", id)
        case .group(let id): group(id, &self)
        }
    }
}
