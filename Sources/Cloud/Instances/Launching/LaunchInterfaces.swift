import Model
import Records
import SQLite

/// An interface of a launch, with all that is found out before the first instance is made.
struct PlannedInterface {
    let request: InterfaceRequest
    let subnet: Subnet
    let groups: [SecurityGroupID]
}

extension EmbeddedActions {
    /// The interfaces of each instance, the one at device 0 first.
    func interfaces(
        of launch: InstanceLaunch, _ type: InstanceType, _ account: AccountID, _ session: Session
    ) throws -> [PlannedInterface] {
        var taken: [Int] = []
        let requests = launch.interfaces.sorted { $0.device < $1.device }
        let isForOne = requests.contains {
            $0.existing != nil || $0.address != nil || !$0.others.named.isEmpty || !$0.ipv6.named.isEmpty
        }
        guard launch.most == 1 || !isForOne else {
            throw Failure(
                PlaneError(
                    .invalidParameterCombination,
                    "Network interfaces and private IP addresses may be specified for the launch of one instance alone."))
        }
        let planned = try requests.map { request in
            try Self.check(request.device, of: type, taken: taken)
            taken.append(request.device)
            return try plan(request, launch, type, account, session)
        }
        guard Set(planned.map(\.subnet.zone)).count == 1 else {
            throw Failure(
                PlaneError(
                    .invalidParameterCombination, "The network interfaces of an instance are in one availability zone."))
        }
        return planned
    }

    private func plan(
        _ request: InterfaceRequest, _ launch: InstanceLaunch, _ type: InstanceType, _ account: AccountID, _ session: Session
    ) throws -> PlannedInterface {
        if let id = request.existing {
            let known = try interface(id, session, account)
            guard known.attachment == nil else {
                throw Failure(PlaneError(.invalidNetworkInterfaceInUse, "Network interface '\(id)' is currently in use."))
            }
            try known.check(for: type)
            return PlannedInterface(
                request: request, subnet: try subnet(known.subnet, session, account), groups: known.groups)
        }
        try Self.check(request.addresses, fitInto: type.addressesPerInterface)
        try Self.check(request.ipv6.named.count + request.ipv6.count, fitInto: type.addressesPerInterface)
        let subnet = try subnet(request.subnet ?? launch.subnet, launch, account, session)
        let named = try groups(named: launch.groupNames, launch, subnet, account, session)
        let asked = request.groups.isEmpty ? launch.groups + named : request.groups
        return PlannedInterface(
            request: request, subnet: subnet, groups: try interfaceGroups(asked, in: subnet.vpc, session, account))
    }

    private func groups(
        named names: [String], _ launch: InstanceLaunch, _ subnet: Subnet, _ account: AccountID, _ session: Session
    ) throws -> [SecurityGroupID] {
        if names.isEmpty { return [] }
        guard launch.subnet == nil else {
            throw Failure(
                PlaneError(
                    .invalidParameterCombination, "The parameter groupName cannot be used with the parameter subnet"))
        }
        let known = try session.securityGroups(of: account).filter { $0.vpc == subnet.vpc }
        return try names.map { name in
            guard let group = known.first(where: { $0.name == name }) else {
                throw Failure(.notFound(securityGroup: String(name.prefix(60))))
            }
            return group.id
        }
    }

    /// The one that is named, else the default one of the zone, else the first default one.
    private func subnet(
        _ id: SubnetID?, _ launch: InstanceLaunch, _ account: AccountID, _ session: Session
    ) throws -> Subnet {
        let zone = try zone(of: launch)
        if let id {
            let subnet = try subnet(id, session, account)
            guard zone == nil || zone == subnet.zone else {
                throw Failure(
                    PlaneError(
                        .invalidParameterValue, "The availability zone '\(zone ?? "")' is not that of the subnet '\(id)'"))
            }
            return subnet
        }
        guard let vpc = try session.vpcs(of: account).first(where: \.isDefault) else {
            throw Failure(
                PlaneError(
                    .vpcIDNotSpecified,
                    "No default VPC for this user. GroupName is only supported for EC2-Classic and default VPC."))
        }
        let defaults = try session.subnets(of: account).filter(\.isDefault)
        guard let zone else {
            if let first = defaults.first { return first }
            throw Failure(
                PlaneError(
                    .missingInput, "No subnets found for the default VPC '\(vpc.id)'. Please specify a subnet."))
        }
        guard let subnet = defaults.first(where: { $0.zone == zone }) else {
            throw Failure(
                PlaneError(.invalidInput, "No default subnet for availability zone: '\(zone.prefix(60))'."))
        }
        return subnet
    }

    /// Where it is to be, if that is said.
    private func zone(of launch: InstanceLaunch) throws -> String? {
        guard let asked = launch.zone ?? launch.zoneID else { return nil }
        let zones = plane.settings.zones(of: region.name)
        guard let zone = zones.first(where: { $0.name == launch.zone || $0.id == launch.zoneID }) else {
            throw Failure(PlaneError(.invalidParameterValue, "Invalid availability zone: [\(asked.prefix(60))]"))
        }
        return zone.name
    }

    /// Enters the interfaces of one instance.
    func place(
        _ interfaces: [PlannedInterface], on instance: InstanceID, tags: TagSet, _ session: Session
    ) throws {
        for planned in interfaces {
            let isNew = planned.request.existing == nil
            let attachment = NetworkInterface.Attachment(
                id: try region.newID(), instance: instance, device: planned.request.device, attached: now,
                isDeletedOnTermination: planned.request.isDeletedOnTermination ?? isNew)
            if let id = planned.request.existing {
                try session.attach(id, attachment)
            } else {
                let id = try insertInterface(
                    planned.request, in: planned.subnet, groups: planned.groups, attachment: attachment, session)
                try session.setTags(tags, of: id.description)
            }
        }
    }
}
