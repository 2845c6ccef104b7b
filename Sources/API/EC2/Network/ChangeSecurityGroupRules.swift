import Cloud
import Model

/// The rules of the account's security groups, one by one.
struct DescribeSecurityGroupRules: EC2Action {
    private let ids: [String]
    private let filters: [ResourceFilter]

    init(_ input: QueryInput) throws(APIError) {
        ids = try input.strings("SecurityGroupRuleId")
        filters = try input.filters()
        for group in filters.filter({ $0.name == "group-id" }).flatMap({ $0.literals ?? [] }) where !group.hasPrefix("sg-") {
            throw APIError("InvalidGroupId.Malformed", "The security group ID '\(group.prefix(60))' is malformed")
        }
        _ = try input.limit()
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let all = try asking { () throws(Failure) in try call.actions.securityGroups() }.flatMap(\.rules)
        let named = try all.named(ids, by: \.id.description) { APIError(.notFound(securityGroupRule: $0)) }
        let shown = try named.kept { rule throws(APIError) in
            try filters.accept(
                ["group-id": [rule.group.description], "security-group-rule-id": [rule.id.description]], tags: rule.tags)
        }
        answer.list("securityGroupRuleSet", shown) { rule, xml in xml.rule(rule, call) }
    }
}

/// Puts other rules in the place of some.
struct ModifySecurityGroupRules: EC2Action {
    private let group: SecurityGroupID
    private let rules: [SecurityGroupRuleID: NewSecurityGroupRule]

    init(_ input: QueryInput) throws(APIError) {
        let text = try input.required("GroupId")
        do throws(Failure) { group = try SecurityGroupID(parsing: text) } catch {
            throw APIError(.notFound(securityGroup: String(text.prefix(60))))
        }
        var rules: [SecurityGroupRuleID: NewSecurityGroupRule] = [:]
        for entry in try input.structures("SecurityGroupRule") {
            let id = try SecurityGroupRuleID(asked: try entry.required("SecurityGroupRuleId"))
            guard let rule = entry.structure("SecurityGroupRule") else { throw .missing("SecurityGroupRule") }
            rules[id] = try Self.rule(rule)
        }
        guard !rules.isEmpty else { throw .missing("SecurityGroupRule") }
        self.rules = rules
    }

    private static func rule(_ input: QueryInput) throws(APIError) -> NewSecurityGroupRule {
        guard input.string("IpProtocol") != nil else {
            throw APIError(
                "InvalidParameterValue",
                "Invalid value 'null' for protocol. VPC security group rules must specify protocols explicitly.")
        }
        let peers = try peers(input)
        guard let peer = peers.first else {
            throw APIError(
                "MissingParameter",
                "The request must contain exactly one of: cidrIp, cidrIpv6, prefixListId, or referencedGroupId")
        }
        guard peers.count == 1 else {
            throw APIError(
                "InvalidParameterCombination",
                "Only one of cidrIp, cidrIpv6, prefixListId, or referencedGroupId can be specified")
        }
        return try RuleRequest.single(input, peer)
    }

    private static func peers(_ input: QueryInput) throws(APIError) -> [SecurityGroupRule.Peer] {
        var peers: [SecurityGroupRule.Peer] = []
        if let text = input.string("CidrIpv4") { peers.append(.ipv4(try AddressBlock(asked: text).description)) }
        if let text = input.string("CidrIpv6") { peers.append(.ipv6(text)) }
        if let text = input.string("PrefixListId") { peers.append(.prefixList(text)) }
        if let text = input.string("ReferencedGroupId") {
            do throws(Failure) { peers.append(.group(try SecurityGroupID(parsing: text))) } catch {
                throw APIError(.notFound(securityGroup: String(text.prefix(60))))
            }
        }
        return peers
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.replace(rules, in: group) }
        answer.done()
    }
}

struct UpdateSecurityGroupRuleDescriptionsIngress: RuleDescribing {
    static let isEgress = false
    let change: RuleDescriptions
}

struct UpdateSecurityGroupRuleDescriptionsEgress: RuleDescribing {
    static let isEgress = true
    let change: RuleDescriptions
}

/// A group, and the descriptions that its rules get: by what the rules allow, or by their ids.
struct RuleDescriptions {
    let reference: SecurityGroupReference
    let rules: [RuleRequest]
    let byID: [(id: SecurityGroupRuleID, description: String?)]

    init(_ input: QueryInput) throws(APIError) {
        reference = try SecurityGroupReference(input)
        rules = try RuleRequest.all(in: input)
        byID = try input.structures("SecurityGroupRuleDescription").map { entry throws(APIError) in
            (try SecurityGroupRuleID(asked: try entry.required("SecurityGroupRuleId")), entry.string("Description"))
        }
        guard rules.isEmpty != byID.isEmpty else {
            throw APIError(
                "InvalidParameterCombination", "Specify either ipPermissions or securityGroupRuleDescriptions, and not both")
        }
    }
}

protocol RuleDescribing: EC2Action {
    static var isEgress: Bool { get }
    var change: RuleDescriptions { get }
    init(change: RuleDescriptions)
}

extension RuleDescribing {
    init(_ input: QueryInput) throws(APIError) { self.init(change: try RuleDescriptions(input)) }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let groups = try asking { () throws(Failure) in try call.withoutDryRun.actions.securityGroups() }
        let group = try change.reference.find(call)
        var rules = try change.rules.map { rule throws(APIError) in
            NewSecurityGroupRule(traffic: try rule.traffic(groups), description: rule.description)
        }
        for (id, description) in change.byID {
            guard let rule = group.rules.first(where: { $0.id == id }) else {
                throw APIError(.notFound(securityGroupRule: id.description))
            }
            rules.append(NewSecurityGroupRule(traffic: rule.traffic, description: description))
        }
        try asking { () throws(Failure) in try call.actions.describe(rules, isEgress: Self.isEgress, in: group.id) }
        answer.done()
    }
}

extension SecurityGroupRuleID {
    init(asked text: String) throws(APIError) {
        do throws(Failure) { try self.init(parsing: text) } catch {
            throw APIError(.notFound(securityGroupRule: String(text.prefix(60))))
        }
    }
}

extension XMLWriter {
    /// The members of one rule.
    mutating func rule(_ rule: SecurityGroupRule, _ call: Call) {
        element("securityGroupRuleId", rule.id.description)
        element("groupId", rule.group.description)
        element("groupOwnerId", call.account.description)
        element("isEgress", rule.isEgress)
        traffic(of: rule) { id, xml in
            xml.element("referencedGroupInfo") { xml in
                xml.element("groupId", id.description)
                xml.element("userId", call.account.description)
            }
        }
        element("description", ifPresent: rule.description)
        tags(rule.tags)
        element(
            "securityGroupRuleArn", ARN("ec2", in: call.region, of: call.account, "security-group-rule/\(rule.id)").description)
    }
}
