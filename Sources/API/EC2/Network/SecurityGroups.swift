import Cloud
import Model

struct CreateSecurityGroup: EC2Action {
    private let name: String
    private let description: String
    private let vpc: VPCID?
    private let tags: TagSet

    init(_ input: QueryInput) throws(APIError) {
        name = try input.required("GroupName")
        description = try input.required("GroupDescription")
        vpc = try input.string("VpcId").map { text throws(APIError) in try VPCID(asked: text) }
        tags = try input.tagSpecifications("security-group")["security-group"] ?? TagSet()
        guard name.utf8.count <= 255, description.utf8.count <= 255, !name.hasPrefix("sg-") else {
            throw .invalid(name, of: "groupName")
        }
        guard name != SecurityGroup.defaultName else {
            throw APIError("InvalidParameterValue", "Cannot use reserved security group name: default")
        }
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let group = try asking { () throws(Failure) in
            try call.actions.createSecurityGroup(name, description: description, vpc: vpc, tags: tags)
        }
        answer.done()
        answer.element("groupId", group.id.description)
        answer.element("securityGroupArn", group.arn(in: call.region))
        answer.tags(group.tags)
    }
}

struct DeleteSecurityGroup: EC2Action {
    private let reference: SecurityGroupReference

    init(_ input: QueryInput) throws(APIError) { reference = try SecurityGroupReference(input) }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let group = try reference.find(call)
        try asking { () throws(Failure) in try call.actions.deleteSecurityGroup(group.id) }
        answer.done()
        answer.element("groupId", group.id.description)
    }
}

struct DescribeSecurityGroups: EC2Action {
    private let ids: [String]
    private let names: [String]
    private let filters: [ResourceFilter]

    init(_ input: QueryInput) throws(APIError) {
        ids = try input.strings("GroupId")
        names = try input.strings("GroupName")
        filters = try input.filters()
        _ = try input.limit()
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let all = try asking { () throws(Failure) in try call.actions.securityGroups() }
        for id in ids where !all.contains(where: { $0.id.description == id }) {
            throw APIError(.notFound(securityGroup: String(id.prefix(60))))
        }
        for name in names where !all.contains(where: { $0.name == name }) {
            throw APIError(.notFound(securityGroup: String(name.prefix(60))))
        }
        let shown = try all.kept { group throws(APIError) in
            guard ids.isEmpty && names.isEmpty || ids.contains(group.id.description) || names.contains(group.name) else {
                return false
            }
            return try filters.accept(group.filterValues(all), tags: group.tags)
        }
        answer.list("securityGroupInfo", shown) { group, xml in
            xml.element("ownerId", group.owner.description)
            xml.element("groupId", group.id.description)
            xml.element("groupName", group.name)
            xml.element("groupDescription", group.description)
            xml.element("vpcId", group.vpc.description)
            xml.element("securityGroupArn", group.arn(in: call.region))
            xml.permissions("ipPermissions", group.rules.filter { !$0.isEgress }, call.account)
            xml.permissions("ipPermissionsEgress", group.rules.filter(\.isEgress), call.account)
            xml.tags(group.tags)
        }
    }
}

/// A group by its id, or by its name in the default VPC.
struct SecurityGroupReference {
    private let id: String?
    private let name: String?

    init(_ input: QueryInput) throws(APIError) {
        id = input.string("GroupId")
        name = input.string("GroupName")
        guard id != nil || name != nil else {
            throw APIError("MissingParameter", "The request must contain the parameter groupName or groupId")
        }
    }

    func find(_ call: Call) throws(APIError) -> SecurityGroup {
        // Looking is no dry run's end here: the action goes on.
        let groups = try asking { () throws(Failure) in try call.withoutDryRun.actions.securityGroups() }
        let group = groups.first { group in id.map { $0 == group.id.description } ?? (group.name == name) }
        guard let group else { throw APIError(.notFound(securityGroup: String((id ?? name ?? "").prefix(60)))) }
        return group
    }
}

extension SecurityGroup {
    fileprivate func filterValues(_ all: [SecurityGroup]) -> [String: [String]] {
        var values = [
            "group-id": [id.description], "group-name": [name], "description": [description],
            "owner-id": [owner.description], "vpc-id": [vpc.description],
        ]
        for (prefix, isEgress) in [("ip-permission", false), ("egress.ip-permission", true)] {
            let rules = rules.filter { $0.isEgress == isEgress }
            let peers = rules.map(\.traffic.peer)
            let groups = peers.compactMap { peer in if case .group(let id) = peer { id } else { nil } }
            values["\(prefix).cidr"] = peers.compactMap { peer in if case .ipv4(let block) = peer { block } else { nil } }
            values["\(prefix).ipv6-cidr"] = peers.compactMap { peer in if case .ipv6(let block) = peer { block } else { nil } }
            values["\(prefix).prefix-list-id"] = peers.compactMap { peer in
                if case .prefixList(let id) = peer { id } else { nil }
            }
            values["\(prefix).group-id"] = groups.map(\.description)
            values["\(prefix).group-name"] = groups.compactMap { id in all.first { $0.id == id }?.name }
            values["\(prefix).user-id"] = groups.map { _ in owner.description }
            values["\(prefix).protocol"] = rules.map(\.traffic.proto)
            values["\(prefix).from-port"] = rules.compactMap { $0.traffic.fromPort.map { String($0) } }
            values["\(prefix).to-port"] = rules.compactMap { $0.traffic.toPort.map { String($0) } }
        }
        return values
    }

    fileprivate func arn(in region: RegionName) -> String {
        ARN("ec2", in: region, of: owner, "security-group/\(id)").description
    }
}

extension XMLWriter {
    /// Rules as EC2 lists them: those of the same protocol and ports together.
    fileprivate mutating func permissions(_ name: String, _ rules: [SecurityGroupRule], _ account: AccountID) {
        struct Ports: Hashable {
            let proto: String
            let from: Int?
            let to: Int?
        }
        var order: [Ports] = []
        var grouped: [Ports: [SecurityGroupRule]] = [:]
        for rule in rules {
            let ports = Ports(proto: rule.traffic.proto, from: rule.traffic.fromPort, to: rule.traffic.toPort)
            if grouped[ports] == nil { order.append(ports) }
            grouped[ports, default: []].append(rule)
        }
        list(name, order) { ports, xml in
            xml.element("ipProtocol", ports.proto)
            xml.element("fromPort", ifPresent: ports.from)
            xml.element("toPort", ifPresent: ports.to)
            let rules = grouped[ports] ?? []
            xml.peers("groups", rules) { peer, xml in
                guard case .group(let id) = peer else { return false }
                xml.element("userId", account.description)
                xml.element("groupId", id.description)
                return true
            }
            xml.peers("ipRanges", rules) { peer, xml in
                guard case .ipv4(let block) = peer else { return false }
                xml.element("cidrIp", block)
                return true
            }
            xml.peers("ipv6Ranges", rules) { peer, xml in
                guard case .ipv6(let block) = peer else { return false }
                xml.element("cidrIpv6", block)
                return true
            }
            xml.peers("prefixListIds", rules) { peer, xml in
                guard case .prefixList(let id) = peer else { return false }
                xml.element("prefixListId", id)
                return true
            }
        }
    }

    /// The rules whose peer `content` writes.
    private mutating func peers(
        _ name: String, _ rules: [SecurityGroupRule], _ content: (SecurityGroupRule.Peer, inout XMLWriter) -> Bool
    ) {
        open(name)
        for rule in rules {
            var item = XMLWriter(empty: ())
            guard content(rule.traffic.peer, &item) else { continue }
            open("item")
            append(item)
            element("description", ifPresent: rule.description)
            close("item")
        }
        close(name)
    }
}
