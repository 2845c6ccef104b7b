import Model

// Interfaces of a launch: each by itself, or one by what stands beside the other parameters.
extension InstanceLaunch {
    mutating func readNetwork(_ parameters: LaunchParameters) throws(Failure) {
        subnet = try parameters.string("SubnetId").map { text throws(Failure) in try SubnetID(requested: text) }
        groups = try parameters.strings("SecurityGroupId").map { text throws(Failure) in try SecurityGroupID(requested: text) }
        groupNames = parameters.strings("SecurityGroup")
        var usual = InterfaceRequest()
        usual.address = parameters.string("PrivateIpAddress")
        usual.ipv6 = AddressRequest(
            named: try parameters.structures("Ipv6Address").map { address throws(Failure) in try address.required("Ipv6Address")
            },
            count: try parameters.int("Ipv6AddressCount") ?? 0)
        try usual.ipv6.check()
        interfaces = try parameters.structures("NetworkInterface").map { entry throws(Failure) in try Self.interface(entry) }
        if interfaces.isEmpty {
            interfaces = [usual]
            return
        }
        guard subnet == nil, groups.isEmpty, groupNames.isEmpty, usual == InterfaceRequest() else {
            let what = subnet != nil ? "subnet ID" : !groups.isEmpty || !groupNames.isEmpty ? "security groups" : "address"
            throw Failure(
                PlaneError(
                    .invalidParameterCombination,
                    "Network interfaces and an instance-level \(what) may not be specified on the same request"))
        }
        try checkInterfaces()
    }

    private func checkInterfaces() throws(Failure) {
        let devices = interfaces.map(\.device)
        guard devices.contains(0) else {
            throw Failure(
                PlaneError(
                    .invalidParameterCombination, "When specifying network interfaces, you must include a device at index 0."))
        }
        guard Set(devices).count == devices.count else {
            throw Failure(
                PlaneError(.invalidParameterCombination, "Each network interface requires a device index of its own."))
        }
        var known: Set<NetworkInterfaceID> = []
        for id in interfaces.compactMap(\.existing) where !known.insert(id).inserted {
            throw Failure(PlaneError(.invalidNetworkInterfaceInUse, "Network interface '\(id)' is currently in use."))
        }
    }

    private static func interface(_ parameters: LaunchParameters) throws(Failure) -> InterfaceRequest {
        var request = InterfaceRequest()
        request.device = try parameters.int("DeviceIndex") ?? 0
        request.existing = try parameters.string("NetworkInterfaceId").map { text throws(Failure) in
            try NetworkInterfaceID(requested: text)
        }
        try request.read(parameters, groups: "SecurityGroupId", ipv6: "Ipv6Addresses", ipv4: "PrivateIpAddresses")
        request.isDeletedOnTermination = try parameters.bool("DeleteOnTermination")
        // There are no public addresses of that kind: what listens on this machine is reached as it is.
        _ = try parameters.bool("AssociatePublicIpAddress")
        guard try parameters.int("NetworkCardIndex") ?? 0 == 0, parameters.string("InterfaceType") ?? "interface" == "interface"
        else { throw Failure(PlaneError(.unsupportedOperation, "Instances have one network card with plain interfaces here.")) }
        if request.existing != nil, request.subnet != nil || !request.groups.isEmpty || request.address != nil {
            throw Failure(
                PlaneError(
                    .invalidParameterCombination,
                    "A network interface may not specify a network interface ID and a subnet, groups or addresses"))
        }
        return request
    }
}

extension InterfaceRequest {
    /// The members that CreateNetworkInterface has too, where lists have other names.
    package mutating func read(
        _ parameters: LaunchParameters, groups groupList: String, ipv6 list6: String, ipv4 list4: String
    ) throws(Failure) {
        subnet = try parameters.string("SubnetId").map { text throws(Failure) in try SubnetID(requested: text) }
        groups = try parameters.strings(groupList).map { text throws(Failure) in try SecurityGroupID(requested: text) }
        address = parameters.string("PrivateIpAddress")
        description = parameters.string("Description") ?? ""
        others.count = try parameters.int("SecondaryPrivateIpAddressCount") ?? 0
        ipv6.count = try parameters.int("Ipv6AddressCount") ?? 0
        ipv6.named = try parameters.structures(list6).map { address throws(Failure) in try address.required("Ipv6Address") }
        for entry in parameters.structures(list4) {
            let text = try entry.required("PrivateIpAddress")
            guard try entry.bool("Primary") ?? false else {
                others.named.append(text)
                continue
            }
            guard address == nil || address == text else {
                throw Failure(
                    PlaneError(.invalidParameterCombination, "Only one primary private IP address can be specified."))
            }
            address = text
        }
        try others.check()
        try ipv6.check()
        guard others.count == 0 || others.named.isEmpty, ipv6.count == 0 || ipv6.named.isEmpty else {
            throw Failure(
                PlaneError(.invalidParameterCombination, "Addresses can be named or counted, and not both."))
        }
    }
}

// Ids in EC2's words where they are none.
extension ResourceID<SubnetKind> {
    package init(requested text: String) throws(Failure) {
        do throws(Failure) { try self.init(parsing: text) } catch { throw Failure(.notFound(subnet: String(text.prefix(60)))) }
    }
}

extension ResourceID<SecurityGroupKind> {
    package init(requested text: String) throws(Failure) {
        do throws(Failure) { try self.init(parsing: text) } catch {
            throw Failure(.notFound(securityGroup: String(text.prefix(60))))
        }
    }
}

extension ResourceID<NetworkInterfaceKind> {
    package init(requested text: String) throws(Failure) {
        do throws(Failure) { try self.init(parsing: text) } catch {
            throw Failure(.notFound(networkInterface: String(text.prefix(60))))
        }
    }
}

extension ResourceID<ImageKind> {
    /// What has not even the form of one is told from one that does not exist.
    package init(requested text: String) throws(Failure) {
        do throws(Failure) { try self.init(parsing: text) } catch {
            guard text.hasPrefix("ami-") else { throw Failure(.malformed(imageID: String(text.prefix(100)))) }
            throw Failure(PlaneError(.invalidAMIIDNotFound, "The image id '[\(text.prefix(100))]' does not exist"))
        }
    }
}

extension ResourceID<SnapshotKind> {
    package init(requested text: String) throws(Failure) {
        do throws(Failure) { try self.init(parsing: text) } catch {
            guard text.hasPrefix("snap-") else { throw Failure(.malformed(snapshotID: String(text.prefix(100)))) }
            throw Failure(
                PlaneError(.invalidSnapshotNotFound, "The snapshot '\(text.prefix(100))' does not exist."))
        }
    }
}
