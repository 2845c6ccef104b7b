import Model
import Records
import SQLite

// Which addresses an interface gets.
extension EmbeddedActions {
    /// Enters an interface with all its addresses; a request that names no subnet is for `subnet`.
    func insertInterface(
        _ request: InterfaceRequest, in subnet: Subnet, groups: [SecurityGroupID],
        attachment: NetworkInterface.Attachment? = nil, _ session: Session
    ) throws -> NetworkInterfaceID {
        let id: NetworkInterfaceID = try region.newID()
        let ipv6 = request.ipv6
        let wanted = ipv6.named.isEmpty && ipv6.count == 0 && subnet.attributes.assignsIPv6 ? AddressRequest(count: 1) : ipv6
        try session.insert(
            NetworkInterface(
                id: id, owner: subnet.owner, subnet: subnet.id, vpc: subnet.vpc, zone: subnet.zone, addresses: [],
                ipv6: try newIPv6Addresses(wanted, in: subnet, session), groups: groups, description: request.description,
                checksAddresses: true, created: now, attachment: attachment, elastic: [:], tags: TagSet()))
        let primary = AddressRequest(named: request.address.map { [$0] } ?? [], count: request.address == nil ? 1 : 0)
        try assign(primary, to: id, in: subnet, session)
        try assign(request.others, to: id, in: subnet, session)
        return id
    }

    /// Numbers of the addresses that are new. `most` is what the interface can have with them.
    @discardableResult
    func assign(
        _ request: AddressRequest, to id: NetworkInterfaceID, in subnet: Subnet, takingOver: Bool = false,
        most: Int = InstanceType.mostAddressesPerInterface, _ session: Session
    ) throws -> [Int] {
        let room = max(0, most - (try session.numbers(of: id).count))
        var made: [Int] = []
        for text in request.named {
            let number = try Self.number(of: text, in: subnet)
            if let other = try session.holder(of: number, in: subnet.id) {
                if other.interface == id { continue }
                guard takingOver, !other.isPrimary else {
                    throw Failure(PlaneError(.invalidIPAddressInUse, "Address \(text.prefix(60)) is in use."))
                }
                try session.run("DELETE FROM interface_addresses WHERE subnet = ? AND number = ?", subnet.id, number)
                try session.moveElasticAddress(at: subnet.block.address(number), from: other.interface, to: id)
            }
            try Self.check(made.count + 1, fitInto: room)
            try session.insertAddress(number, of: id, in: subnet.id)
            made.append(number)
        }
        try request.check()
        try Self.check(made.count + request.count, fitInto: room)
        for _ in 0..<request.count {
            let number = try session.nextAddress(in: subnet)
            try session.insertAddress(number, of: id, in: subnet.id)
            made.append(number)
        }
        return made
    }

    /// What an interface can have is what its instance's type allows.
    static func check(_ addresses: Int, fitInto most: Int) throws {
        guard addresses <= most else {
            throw Failure(PlaneError(.privateAddressLimitExceeded, "Number of private addresses will exceed limit."))
        }
    }

    private static func number(of text: String, in subnet: Subnet) throws -> Int {
        guard let number = subnet.block.index(of: text), subnet.numbers ~= number else {
            throw Failure(
                PlaneError(.invalidParameterValue, "Address \(text.prefix(60)) does not fall within the subnet's address range"))
        }
        return number
    }

    fileprivate static func noneFree(_ subnet: Subnet) -> Failure {
        Failure(
            PlaneError(
                .insufficientFreeAddresses,
                "There are not enough free addresses in subnet '\(subnet.id)' to satisfy the request"))
    }

    /// Those that are named, and so many others, of the subnet's block. `room` is for how many more the interface has place.
    func newIPv6Addresses(
        _ request: AddressRequest, in subnet: Subnet, room: Int = InstanceType.mostAddressesPerInterface, _ session: Session
    ) throws -> [AddressBlock6.Address] {
        try request.check()
        guard !request.named.isEmpty || request.count > 0 else { return [] }
        guard let block = subnet.blocks.first?.block else {
            throw Failure(
                PlaneError(.invalidParameterValue, "The subnet '\(subnet.id)' does not have an IPv6 CIDR block associated."))
        }
        try Self.check(request.named.count + request.count, fitInto: room)
        var taken = Set(try session.ipv6Addresses(in: subnet.id))
        var made: [AddressBlock6.Address] = []
        for text in request.named {
            guard let address = AddressBlock6.Address(text), block.contains(address) else {
                throw Failure(
                    PlaneError(
                        .invalidParameterValue, "Address \(text.prefix(60)) does not fall within the subnet's address range"))
            }
            guard taken.insert(address).inserted else {
                throw Failure(PlaneError(.invalidIPAddressInUse, "Address \(text.prefix(60)) is in use."))
            }
            made.append(address)
        }
        while made.count < request.named.count + request.count {
            let low = try region.random(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            let address = AddressBlock6.Address(high: block.base.high, low: low)
            if taken.insert(address).inserted { made.append(address) }
        }
        return made
    }
}

extension NetworkInterface {
    /// Refuses one with more addresses than it can have at an instance of the type.
    func check(for type: InstanceType) throws {
        for count in [addresses.count, ipv6.count] { try EmbeddedActions.check(count, fitInto: type.addressesPerInterface) }
    }
}

extension Subnet {
    /// Of the addresses that can be given out: AWS keeps the first four for itself and the last one.
    package var numbers: ClosedRange<Int> { 4...Swift.max(4, block.count - 2) }
}

extension Session {
    fileprivate func holder(of number: Int, in subnet: SubnetID) throws -> (interface: NetworkInterfaceID, isPrimary: Bool)? {
        try first("SELECT interface, position FROM interface_addresses WHERE subnet = ? AND number = ?", subnet, number) { row in
            (interface: try row.parsed("interface"), isPrimary: try row.int("position") == 0)
        }
    }

    /// The number of the next address of a subnet: the one behind the last, and at the end of the block the first that nobody has.
    fileprivate func nextAddress(in subnet: Subnet) throws -> Int {
        let numbers = subnet.numbers
        let last = try first("SELECT max(number) AS last FROM interface_addresses WHERE subnet = ?", subnet.id) { row in
            try row.intIfPresent("last")
        }
        let next = max(numbers.lowerBound, ((last ?? nil) ?? 3) + 1)
        if numbers.contains(next) { return next }
        let taken = Set(
            try rows("SELECT number FROM interface_addresses WHERE subnet = ?", [subnet.id]) { try $0.int("number") })
        guard let free = numbers.first(where: { !taken.contains($0) }) else { throw EmbeddedActions.noneFree(subnet) }
        return free
    }
}
