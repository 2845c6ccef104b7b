import Model
import Records
import SQLite

extension EmbeddedActions {
    package func networkInterfaces() throws(Failure) -> [NetworkInterface] {
        try settle()
        return try readNetwork("list the network interfaces") { session, account in try session.interfaces(of: account) }
    }

    package func createNetworkInterface(_ new: InterfaceCreation) throws(Failure) -> NetworkInterface {
        guard let place = new.interface.subnet else { throw Failure(.missing("subnetId")) }
        return try writeNetwork("make a network interface in \(place)") { session, account in
            let subnet = try subnet(place, session, account)
            let groups = try interfaceGroups(new.interface.groups, in: subnet.vpc, session, account)
            let id = try once("CreateNetworkInterface", token: new.clientToken, request: new, session) {
                let id = try insertInterface(new.interface, in: subnet, groups: groups, session)
                try session.setTags(new.tags, of: id.description)
                return id
            }
            return try interface(id, session, account)
        }
    }

    package func deleteNetworkInterface(_ id: NetworkInterfaceID) throws(Failure) {
        try settle()
        try writeNetwork("delete the network interface \(id)") { session, account in
            if try interface(id, session, account).attachment != nil {
                throw Failure(
                    PlaneError(.invalidNetworkInterfaceInUse, "Network interface '\(id)' is currently in use."))
            }
            try session.deleteInterface(id)
        }
    }

    package func attachNetworkInterface(
        _ id: NetworkInterfaceID, to instanceID: InstanceID, device: Int
    ) throws(Failure) -> NetworkAttachmentID {
        try settle()
        let attachment: NetworkAttachmentID = try region.newID()
        let moved = try writeNetwork("attach \(id) to \(instanceID)") { session, account in
            let interface = try interface(id, session, account)
            guard interface.attachment == nil else {
                throw Failure(
                    PlaneError(.invalidNetworkInterfaceInUse, "Network interface '\(id)' is currently in use."))
            }
            guard let instance = try session.instances(of: account, only: instanceID).first else {
                throw Failure(.notFound(instances: [instanceID]))
            }
            guard instance.state == .running || instance.state == .stopped else {
                throw Failure(
                    PlaneError(
                        .incorrectState, "Instance '\(instanceID)' is not in a state that allows a network interface."))
            }
            try Self.check(device, of: instance.type, taken: instance.interfaces.compactMap(\.attachment?.device))
            try interface.check(for: instance.type)
            guard interface.zone == instance.subnet.zone else {
                throw Failure(
                    PlaneError(
                        .invalidParameterCombination,
                        "You may not attach a network interface to an instance if they are not in the same availability zone"))
            }
            try session.attach(
                id,
                NetworkInterface.Attachment(
                    id: attachment, instance: instanceID, device: device, attached: now, isDeletedOnTermination: false))
            return interface.elastic.isEmpty ? [] : [instanceID]
        }
        tellHost(moved)
        return attachment
    }

    /// Whether an instance of the type has that place, and it is free.
    static func check(_ device: Int, of type: InstanceType, taken: [Int]) throws {
        guard taken.count < type.networkInterfaces, 0..<type.networkInterfaces ~= device else {
            throw Failure(
                PlaneError(
                    .attachmentLimitExceeded,
                    "Interface count \(taken.count + 1) exceeds the limit for \(type.name)"))
        }
        guard !taken.contains(device) else {
            throw Failure(
                PlaneError(.invalidParameterValue, "Instance already has an interface attached at device index '\(device)'."))
        }
    }

    package func detachNetworkInterface(_ id: NetworkAttachmentID) throws(Failure) {
        try settle()
        let moved = try writeNetwork("take \(id) away") { session, account in
            let found = try session.interfaces(of: account).first { $0.attachment?.id == id }
            guard let found, let attachment = found.attachment else {
                throw Failure(
                    PlaneError(.invalidAttachmentIDNotFound, "The attachment with ID '\(id)' does not exist"))
            }
            guard attachment.device > 0 else {
                throw Failure(
                    PlaneError(
                        .operationNotPermitted,
                        "The network interface at device index 0 and networkCard index 0 cannot be detached."))
            }
            try session.detach(found.id)
            return found.elastic.isEmpty ? [] : [attachment.instance]
        }
        tellHost(moved)
    }

    package func modifyNetworkInterface(
        _ id: NetworkInterfaceID, _ change: InterfaceModification
    ) throws(Failure) {
        try settle()
        try writeNetwork("change the network interface \(id)") { session, account in
            let interface = try interface(id, session, account)
            func set(_ column: String, _ value: any Bindable) throws {
                try session.run("UPDATE network_interfaces SET \(column) = ? WHERE id = ?", value, id)
            }
            switch change {
            case .description(let text): try set("description", text)
            case .groups(let groups):
                try set("groups", Session.words(try interfaceGroups(groups, in: interface.vpc, session, account)))
            case .checksAddresses(let isOn): try set("source_check", isOn)
            case .deletesOnTermination(let isOn, let attachment):
                guard interface.attachment?.id == attachment else {
                    throw Failure(
                        PlaneError(
                            .invalidAttachmentIDNotFound, "The attachment with ID '\(attachment)' does not exist"))
                }
                try set("delete_on_termination", isOn)
            }
        }
    }

    // MARK: Addresses

    package func assignAddresses(
        _ request: AddressRequest, to id: NetworkInterfaceID, takingOver: Bool
    ) throws(Failure) -> [String] {
        let (made, moved) = try writeNetwork("give \(id) more addresses") { session, account -> ([String], [InstanceID]) in
            let before = try interface(id, session, account)
            let subnet = try subnet(before.subnet, session, account)
            // Those whose elastic addresses move along.
            let named = Set(takingOver ? request.named.compactMap { subnet.block.index(of: $0).map(subnet.block.address) } : [])
            let givers =
                named.isEmpty
                ? []
                : try session.interfaces(of: account).filter { $0.id != id && !named.isDisjoint(with: $0.elastic.keys) }
            let most = try mostAddresses(of: before, session, account)
            let numbers = try assign(request, to: id, in: subnet, takingOver: takingOver, most: most, session)
            return (
                numbers.map { subnet.block.address($0) }, Self.holders(givers.isEmpty ? [] : givers + [before])
            )
        }
        tellHost(moved)
        return made
    }

    package func unassignAddresses(_ addresses: [String], from id: NetworkInterfaceID) throws(Failure) {
        let moved = try writeNetwork("take addresses of \(id) away") { session, account in
            let interface = try interface(id, session, account)
            let subnet = try subnet(interface.subnet, session, account)
            for address in addresses {
                guard interface.addresses.dropFirst().contains(address), let number = subnet.block.index(of: address) else {
                    throw Failure(
                        PlaneError(
                            .invalidParameterValue,
                            "Some of the specified addresses are not assigned to interface \(id)"))
                }
                if let elastic = interface.elastic[address] { try session.release(elastic) }
                try session.run(
                    "DELETE FROM interface_addresses WHERE subnet = ? AND number = ? AND interface = ?", subnet.id, number, id)
            }
            return Self.holders(addresses.contains { interface.elastic[$0] != nil } ? [interface] : [])
        }
        tellHost(moved)
    }

    package func assignIPv6Addresses(
        _ request: AddressRequest, to id: NetworkInterfaceID
    ) throws(Failure) -> [AddressBlock6.Address] {
        try writeNetwork("give \(id) more IPv6 addresses") { session, account in
            let interface = try interface(id, session, account)
            let room = try mostAddresses(of: interface, session, account) - interface.ipv6.count
            let made = try newIPv6Addresses(
                request, in: try subnet(interface.subnet, session, account), room: room, session)
            try session.run(
                "UPDATE network_interfaces SET ipv6 = ? WHERE id = ?", Session.words(interface.ipv6 + made), id)
            return made
        }
    }

    package func unassignIPv6Addresses(_ addresses: [String], from id: NetworkInterfaceID) throws(Failure) {
        try writeNetwork("take IPv6 addresses of \(id) away") { session, account in
            let interface = try interface(id, session, account)
            let gone = Set(addresses.compactMap { AddressBlock6.Address($0) })
            guard gone.count == addresses.count, gone.isSubset(of: interface.ipv6) else {
                throw Failure(
                    PlaneError(
                        .invalidParameterValue, "Some of the specified addresses are not assigned to interface \(id)"))
            }
            let kept = interface.ipv6.filter { !gone.contains($0) }
            try session.run("UPDATE network_interfaces SET ipv6 = ? WHERE id = ?", Session.words(kept), id)
        }
    }

    /// Of one protocol; what the type of its instance allows, where it has one.
    private func mostAddresses(
        of interface: NetworkInterface, _ session: Session, _ account: AccountID
    ) throws -> Int {
        let instance = try interface.attachment.flatMap { try session.instances(of: account, only: $0.instance).first }
        return instance?.type.addressesPerInterface ?? InstanceType.mostAddressesPerInterface
    }

    // MARK: Looking

    func interface(
        _ id: NetworkInterfaceID, _ session: Session, _ account: AccountID
    ) throws -> NetworkInterface {
        guard let interface = try session.interface(id, of: account) else {
            throw Failure(.notFound(networkInterface: id.description))
        }
        return interface
    }

    /// Those that are named, which must be of the VPC, else its default one.
    func interfaceGroups(
        _ asked: [SecurityGroupID], in vpc: VPCID, _ session: Session, _ account: AccountID
    ) throws -> [SecurityGroupID] {
        let known = try session.securityGroups(of: account).filter { $0.vpc == vpc }
        if asked.isEmpty { return known.filter { $0.name == SecurityGroup.defaultName }.map(\.id) }
        for id in asked where !known.contains(where: { $0.id == id }) {
            throw Failure(.notFound(securityGroup: id.description))
        }
        guard Set(asked).count <= InterfaceRequest.mostGroups else {
            throw Failure(
                PlaneError(
                    .groupsPerInterfaceExceeded,
                    "The maximum number of security groups per interface has been reached."))
        }
        return asked
    }
}
