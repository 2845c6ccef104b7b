import Model

/// What can have tags.
package enum TaggedResource: Sendable, Hashable, CustomStringConvertible {
    case image(ImageID)
    case snapshot(SnapshotID)
    case volume(VolumeID)
    /// What belongs to one account alone, with its id.
    case owned(OwnedKind, String)

    package var description: String {
        switch self {
        case .image(let id): id.description
        case .snapshot(let id): id.description
        case .volume(let id): id.description
        case .owned(_, let id): id
        }
    }

    /// EC2's word for what it is.
    package var kind: String {
        switch self {
        case .image: "image"
        case .snapshot: "snapshot"
        case .volume: "volume"
        case .owned(let kind, _): kind.rawValue
        }
    }

    /// Tells by the prefix what an id is of.
    package init(parsing text: String) throws(Failure) {
        let prefix = text.lastIndex(of: "-").map { String(text[..<$0]) }
        switch prefix {
        case ImageKind.prefix: self = .image(try ImageID(parsing: text))
        case SnapshotKind.prefix: self = .snapshot(try SnapshotID(parsing: text))
        case VolumeKind.prefix: self = .volume(try VolumeID(parsing: text))
        default:
            guard let kind = OwnedKind.allCases.first(where: { $0.prefix == prefix }) else {
                throw Failure(PlaneError(.invalidID, "The ID '\(text.prefix(100))' is not valid"))
            }
            self = .owned(kind, text)
        }
    }
}

/// Resources that are shared with nobody, by EC2's word for them. Each has a table whose rows have `id` and `owner`.
package enum OwnedKind: String, Sendable, CaseIterable {
    case instance
    case keyPair = "key-pair"
    case vpc, subnet
    case securityGroup = "security-group"
    case securityGroupRule = "security-group-rule"
    case routeTable = "route-table"
    case internetGateway = "internet-gateway"
    case networkInterface = "network-interface"
    case elasticAddress = "elastic-ip"
    case dhcpOptions = "dhcp-options"
    case launchTemplate = "launch-template"
    case importImageTask = "import-image-task"
    case importSnapshotTask = "import-snapshot-task"
    case exportImageTask = "export-image-task"

    /// Of its ids.
    var prefix: String {
        switch self {
        case .instance: InstanceKind.prefix
        case .keyPair: KeyPairKind.prefix
        case .vpc: VPCKind.prefix
        case .subnet: SubnetKind.prefix
        case .securityGroup: SecurityGroupKind.prefix
        case .securityGroupRule: SecurityGroupRuleKind.prefix
        case .routeTable: RouteTableKind.prefix
        case .internetGateway: InternetGatewayKind.prefix
        case .networkInterface: NetworkInterfaceKind.prefix
        case .elasticAddress: AddressAllocationKind.prefix
        case .dhcpOptions: DHCPOptionsKind.prefix
        case .launchTemplate: LaunchTemplateKind.prefix
        case .importImageTask: ImportImageTaskKind.prefix
        case .importSnapshotTask: ImportSnapshotTaskKind.prefix
        case .exportImageTask: ExportImageTaskKind.prefix
        }
    }

    /// Selects the ids of all that an account owns.
    var ofOwner: String {
        switch self {
        case .instance: "SELECT id FROM instances WHERE owner = ?"
        case .keyPair: "SELECT id FROM key_pairs WHERE owner = ?"
        case .vpc: "SELECT id FROM vpcs WHERE owner = ?"
        case .subnet: "SELECT id FROM subnets WHERE owner = ?"
        case .securityGroup: "SELECT id FROM security_groups WHERE owner = ?"
        case .securityGroupRule:
            """
            SELECT id FROM security_group_rules WHERE security_group IN (SELECT id FROM security_groups WHERE owner = ?)
            """
        case .routeTable: "SELECT id FROM route_tables WHERE owner = ?"
        case .internetGateway: "SELECT id FROM internet_gateways WHERE owner = ?"
        case .networkInterface: "SELECT id FROM network_interfaces WHERE owner = ?"
        case .elasticAddress: "SELECT id FROM elastic_addresses WHERE owner = ?"
        case .dhcpOptions: "SELECT id FROM dhcp_options WHERE owner = ?"
        case .launchTemplate: "SELECT id FROM launch_templates WHERE owner = ?"
        case .importImageTask, .importSnapshotTask, .exportImageTask:
            "SELECT id FROM conversion_tasks WHERE kind = '\(rawValue)' AND owner = ?"
        }
    }

    func notFound(_ id: String) -> PlaneError {
        switch self {
        case .instance: PlaneError(.invalidInstanceIDNotFound, "The instance ID '\(id)' does not exist")
        case .keyPair: PlaneError(.invalidKeyPairNotFound, "The key pair ID '\(id)' does not exist")
        case .vpc: PlaneError(.invalidVPCNotFound, "The vpc ID '\(id)' does not exist")
        case .subnet: .notFound(subnet: id)
        case .securityGroup: .notFound(securityGroup: id)
        case .securityGroupRule: .notFound(securityGroupRule: id)
        case .routeTable: .notFound(routeTable: id)
        case .internetGateway: .notFound(internetGateway: id)
        case .networkInterface: .notFound(networkInterface: id)
        case .elasticAddress: .notFound(allocation: id)
        case .dhcpOptions: .notFound(dhcpOptions: id)
        case .launchTemplate: .notFound(launchTemplate: id)
        case .importImageTask, .importSnapshotTask, .exportImageTask: .notFound(conversion: id)
        }
    }
}
