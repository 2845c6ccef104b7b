import Crypto
import Model
import Records
import SQLite

extension EmbeddedActions {
    package func elasticAddresses() throws(Failure) -> [ElasticAddress] {
        try settle()
        return try readNetwork("list the elastic addresses") { session, account in try session.elasticAddresses(of: account) }
    }

    package func allocateAddress(tags: TagSet) throws(Failure) -> ElasticAddress {
        let id: AddressAllocationID = try region.newID()
        return try writeNetwork("allocate an address") { session, account in
            let own = try session.elasticAddresses(of: account)
            guard own.count < plane.settings.limits.elasticAddresses else {
                throw Failure(
                    PlaneError(.addressLimitExceeded, "The maximum number of addresses has been reached."))
            }
            let address = try unusedAddress(for: id, session)
            try session.run(
                "INSERT INTO elastic_addresses (id, owner, address) VALUES (?, ?, ?)", id, account, address)
            try session.setTags(tags, of: id.description)
            return ElasticAddress(id: id, owner: account, address: address, association: nil, tags: tags)
        }
    }

    /// Between 127.192.0.1 and 127.223.255.254, by region and id: other addresses than those that instances have of themselves.
    private func unusedAddress(for id: AddressAllocationID, _ session: Session) throws -> String {
        var attempt = 0
        while true {
            let bytes = SHA256.digest(of: "\(region.name)/\(id)/\(attempt)").bytes
            let address = "127.\(192 + bytes[0] % 32).\(bytes[1]).\(1 + bytes[2] % 254)"
            let isTaken = try session.first("SELECT 1 AS one FROM elastic_addresses WHERE address = ?", address) { _ in true }
            guard isTaken ?? false else { return address }
            attempt += 1
        }
    }

    package func releaseAddress(_ reference: ElasticAddressReference) throws(Failure) {
        let moved = try writeNetwork("release an address") { session, account in
            let address = try address(reference, session, account)
            let holder = try address.association.map { try self.interface($0.interface, session, account) }
            if let holder, try !vpc(holder.vpc, session, account).isDefault {
                throw Failure(PlaneError(.invalidIPAddressInUse, "Address \(address.address) is in use."))
            }
            try session.setTags(TagSet(), of: address.id.description)
            try session.run("DELETE FROM elastic_addresses WHERE id = ?", address.id)
            return Self.holders([holder])
        }
        tellHost(moved)
    }

    package func associateAddress(
        _ reference: ElasticAddressReference, with target: ElasticAddressTarget
    ) throws(Failure) -> AddressAssociationID {
        try settle()
        let made: AddressAssociationID = try region.newID()
        let (id, moved) = try writeNetwork("associate an address") { session, account -> (AddressAssociationID, [InstanceID]) in
            let address = try address(reference, session, account)
            let interface = try interface(target.place, session, account)
            let place = target.privateAddress ?? interface.address
            guard interface.addresses.contains(place) else {
                throw Failure(
                    PlaneError(
                        .invalidParameterValue, "The private address \(place.prefix(60)) is not one of \(interface.id)"))
            }
            let old = address.association
            if let old, old.interface == interface.id, old.privateAddress == place {
                return (old.id, [])
            }
            guard old == nil || target.takesOver else {
                throw Failure(
                    PlaneError(
                        .alreadyAssociated,
                        "resource \(address.id) is already associated with associate-id \(old.map(\.id.description) ?? "")"))
            }
            let before = try old.map { try self.interface($0.interface, session, account) }
            // What stood there stays allocated.
            if let other = interface.elastic[place] { try session.release(other) }
            try session.run(
                "UPDATE elastic_addresses SET association = ?, interface = ?, private_address = ? WHERE id = ?", made,
                interface.id, place, address.id)
            return (made, Self.holders([before, interface]))
        }
        tellHost(moved)
        return id
    }

    package func disassociateAddress(_ reference: ElasticAddressReference) throws(Failure) {
        let moved = try writeNetwork("take an address away") { session, account in
            let address = try address(reference, session, account)
            guard let association = address.association else {
                throw Failure(
                    PlaneError(
                        .invalidAssociationNotFound, "The address \(address.address) is not associated with anything"))
            }
            try session.release(address)
            return Self.holders([try interface(association.interface, session, account)])
        }
        tellHost(moved)
    }

    static func holders(_ interfaces: [NetworkInterface?]) -> [InstanceID] {
        interfaces.compactMap { $0?.attachment?.instance }
    }

    /// Whoever runs the instances takes what comes to their addresses.
    func tellHost(_ instances: [InstanceID]) {
        if isDryRun { return }
        // Where it stood gives it back first.
        for id in instances { plane.host?.addressesChanged(of: id, in: region.name) }
    }

    // MARK: Looking

    private func address(
        _ reference: ElasticAddressReference, _ session: Session, _ account: AccountID
    ) throws -> ElasticAddress {
        let all = try session.elasticAddresses(of: account)
        switch reference {
        case .allocation(let id):
            if let known = all.first(where: { $0.id == id }) { return known }
            throw Failure(.notFound(allocation: id.description))
        case .address(let text):
            if let known = all.first(where: { $0.address == text }) { return known }
            throw Failure(.notFound(address: String(text.prefix(60))))
        case .association(let id):
            if let known = all.first(where: { $0.association?.id == id }) { return known }
            throw Failure(PlaneError(.invalidAssociationNotFound, "The association ID '\(id)' does not exist"))
        }
    }

    private func interface(
        _ place: ElasticAddressTarget.Place, _ session: Session, _ account: AccountID
    ) throws -> NetworkInterface {
        switch place {
        case .interface(let id): return try interface(id, session, account)
        case .instance(let id):
            guard let instance = try session.instances(of: account, only: id).first, instance.state != .terminated else {
                throw Failure(.notFound(instances: [id]))
            }
            guard let interface = instance.interfaces.first else {
                throw Failure(
                    PlaneError(.incorrectInstanceState, "The instance '\(id)' has no network interface"))
            }
            return interface
        }
    }
}
