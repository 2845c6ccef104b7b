import Cloud
import Model

/// The instances of the account, by the requests that made them.
struct DescribeInstances: EC2Action {
    private let ids: [InstanceID]
    private let filters: [ResourceFilter]
    private let limit: Int?
    private let token: PageToken?

    init(_ input: QueryInput) throws(APIError) {
        ids = try input.instanceIDs()
        filters = try input.filters()
        limit = try input.limit()
        token = try input.pageToken()
        if !ids.isEmpty, limit != nil {
            throw APIError(
                "InvalidParameterCombination", "The parameter instancesSet cannot be used with the parameter maxResults")
        }
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let all = try call.instances(ids)
        let names = try call.groupNames()
        let shown = try all.kept { instance throws(APIError) in
            try filters.accept(instance.filterValues(call.region, names), tags: instance.tags)
        }
        let page = shown.page(after: token, limit: limit)
        var reservations: [[InstanceRecord]] = []
        for instance in page.items {
            if reservations.last?.first?.reservation == instance.reservation {
                reservations[reservations.count - 1].append(instance)
            } else {
                reservations.append([instance])
            }
        }
        answer.list("reservationSet", reservations) { instances, xml in xml.reservation(instances, call, names) }
        answer.element("nextToken", ifPresent: page.next?.description)
    }
}

/// The states of the instances that run, or of all.
struct DescribeInstanceStatus: EC2Action {
    private let ids: [InstanceID]
    private let filters: [ResourceFilter]
    private let includesAll: Bool

    init(_ input: QueryInput) throws(APIError) {
        ids = try input.instanceIDs()
        filters = try input.filters()
        includesAll = try input.bool("IncludeAllInstances") ?? false
        _ = try input.limit()
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let all = try call.instances(ids)
        let shown = try all.kept { instance throws(APIError) in
            guard includesAll || instance.state == .running else { return false }
            return try filters.accept(
                [
                    "availability-zone": [instance.subnet.zone], "instance-state-name": [instance.state.rawValue],
                    "instance-state-code": [String(instance.state.code)], "instance-status.status": [Self.status(instance)],
                    "system-status.status": [Self.status(instance)],
                ], tags: instance.tags)
        }
        answer.list("instanceStatusSet", shown) { instance, xml in
            xml.element("instanceId", instance.id.description)
            xml.element("availabilityZone", instance.subnet.zone)
            xml.element("instanceState") { $0.state(instance.state) }
            for name in ["systemStatus", "instanceStatus"] {
                xml.element(name) { $0.element("status", Self.status(instance)) }
            }
        }
    }

    private static func status(_ instance: InstanceRecord) -> String { instance.state == .running ? "ok" : "not-applicable" }
}

extension Call {
    /// The account's instances of these ids, each of which must be there, or all.
    fileprivate func instances(_ ids: [InstanceID]) throws(APIError) -> [InstanceRecord] {
        let found = try asking { () throws(Failure) in try actions.instances(ids.isEmpty ? nil : ids) }
        let there = Set(found.map(\.id))
        let missing = ids.filter { !there.contains($0) }
        guard missing.isEmpty else { throw APIError(.notFound(instances: missing)) }
        return found
    }
}

extension QueryInput {
    func instanceIDs() throws(APIError) -> [InstanceID] {
        try strings("InstanceId").map { text throws(APIError) in try InstanceID(asked: text) }
    }
}

extension InstanceID {
    init(asked text: String) throws(APIError) {
        do throws(Failure) { try self.init(parsing: text) } catch {
            guard text.hasPrefix("i-") else {
                throw APIError("InvalidInstanceID.Malformed", "Invalid id: \"\(text.prefix(100))\" (expecting \"i-...\")")
            }
            throw APIError("InvalidInstanceID.NotFound", "The instance ID '\(text.prefix(100))' does not exist")
        }
    }
}

extension InstanceRecord {
    /// What EC2's filters find it by.
    fileprivate func filterValues(_ region: RegionName, _ names: [SecurityGroupID: String]) -> [String: [String]] {
        let attached = volumes.compactMap(\.attachment)
        let groupIDs = groups.map(\.description)
        let groupNames = groups.compactMap { names[$0] }
        return [
            "instance-id": [id.description], "image-id": [image.description], "instance-state-name": [state.rawValue],
            "instance-state-code": [String(state.code)], "instance-type": [type.name], "key-name": keyName.map { [$0] } ?? [],
            "availability-zone": [subnet.zone], "subnet-id": [subnet.id.description], "vpc-id": [subnet.vpc.description],
            "network-interface.network-interface-id": interfaces.map(\.id.description),
            "network-interface.attachment.attachment-id": interfaces.compactMap(\.attachment?.id.description),
            "network-interface.attachment.device-index": interfaces.compactMap { $0.attachment.map { String($0.device) } },
            "network-interface.subnet-id": interfaces.map(\.subnet.description),
            "network-interface.vpc-id": interfaces.map(\.vpc.description),
            "network-interface.description": interfaces.map(\.description),
            "network-interface.mac-address": interfaces.map(\.mac), "network-interface.status": interfaces.map { _ in "in-use" },
            "network-interface.owner-id": interfaces.map(\.owner.description),
            "network-interface.availability-zone": interfaces.map(\.zone),
            "network-interface.group-id": interfaces.flatMap { $0.groups.map(\.description) },
            "network-interface.group-name": interfaces.flatMap { $0.groups.compactMap { names[$0] } },
            "network-interface.source-dest-check": interfaces.map { String($0.checksAddresses) },
            "network-interface.private-dns-name": interfaces.map { NetworkInterface.name(of: $0.address, in: region) },
            "network-interface.addresses.private-ip-address": interfaces.flatMap(\.addresses),
            "network-interface.addresses.association.public-ip": interfaces.flatMap { $0.elastic.values.map(\.address) },
            "network-interface.association.allocation-id": interfaces.flatMap { $0.elastic.values.map(\.id.description) },
            "network-interface.ipv6-addresses.ipv6-address": interfaces.flatMap { $0.ipv6.map(\.description) },
            "source-dest-check": [String(checksAddresses)], "reason": [reasonText], "platform": [],
            "platform-details": ["Linux/UNIX"], "hibernation-options.configured": ["false"],
            "ebs-optimized": [String(isEBSOptimized)], "instance-lifecycle": [], "usage-operation": ["RunInstances"],
            "metadata-options.http-tokens": [metadata.tokensWord], "metadata-options.http-endpoint": [metadata.endpointWord],
            "metadata-options.instance-metadata-tags": [metadata.tagsWord],
            "iam-instance-profile.arn": profile.map { [$0.arn] } ?? [], "iam-instance-profile.id": profile.map { [$0.id] } ?? [],
            "iam-instance-profile.name": profile.map { [$0.name] } ?? [],
            "network-interface.requester-managed": interfaces.map { _ in "false" },
            "private-ip-address": [address], "private-dns-name": [privateName(in: region)],
            "dns-name": publicAddress.map { [$0] } ?? [],
            "ip-address": publicAddress.map { [$0] } ?? [],
            "owner-id": [owner.description], "reservation-id": [reservation.description],
            "launch-time": [launched.withMilliseconds], "architecture": [architecture.rawValue],
            "root-device-type": [isInstanceStore ? "instance-store" : "ebs"],
            "root-device-name": [rootDeviceName], "group-id": groupIDs, "instance.group-id": groupIDs, "group-name": groupNames,
            "instance.group-name": groupNames, "client-token": clientToken.map { [$0] } ?? [], "hypervisor": ["xen"],
            "virtualization-type": ["hvm"], "launch-index": [String(index)],
            "monitoring-state": [isMonitored ? "enabled" : "disabled"],
            "tenancy": ["default"], "state-reason-code": stateReason.map { [$0.code] } ?? [],
            "block-device-mapping.volume-id": volumes.map(\.id.description),
            "block-device-mapping.device-name": attached.map(\.device),
            "product-code": products.map(\.code), "product-code.type": products.map(\.kind.rawValue),
            "block-device-mapping.status": attached.map { _ in "attached" },
            "block-device-mapping.delete-on-termination": attached.map { String($0.isDeletedOnTermination) },
            "block-device-mapping.attach-time": attached.map(\.attached.withMilliseconds),
        ]
    }
}
