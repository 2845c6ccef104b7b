/// A block that a VPC or a subnet has got after it was made, of either protocol.
package enum NetworkBlock: TextValue {
    case ipv4(AddressBlock)
    case ipv6(AddressBlock6)

    package init(parsing text: String) throws(Failure) {
        self = text.contains(":") ? .ipv6(try AddressBlock6(parsing: text)) : .ipv4(try AddressBlock(parsing: text))
    }

    package var description: String {
        switch self {
        case .ipv4(let block): block.description
        case .ipv6(let block): block.description
        }
    }
}

/// EC2's bounds on the blocks of one network.
package enum NetworkBlockLimit {
    /// IPv4 blocks of a VPC, with the first.
    package static let mostOfVPC = 5
    /// IPv6 blocks that Amazon gives a VPC.
    package static let mostIPv6OfVPC = 1
    /// Bits of the prefix of an IPv6 block that Amazon gives a VPC.
    package static let vpcPrefix6 = 56
    /// Bits of the prefix of the IPv6 block of a subnet: a multiple of four.
    package static let subnetPrefixes6 = Array(stride(from: 44, through: 64, by: 4))
}
