import Model

/// A virtual private cloud.
package struct VPC: Hashable, Sendable {
    package let id: VPCID
    package let owner: AccountID
    package let block: AddressBlock
    package let isDefault: Bool
    /// `default` or `dedicated`: on which machines its instances are.
    package var tenancy: String
    package var attributes: Attributes
    /// Those that it has beside `block`.
    package var blocks: [VPCBlock]
    /// Nil for those that Amazon has.
    package var dhcpOptions: DHCPOptionsID?
    package var tags: TagSet

    /// What ModifyVpcAttribute changes.
    package struct Attributes: Hashable, Sendable {
        package var supportsDNS: Bool
        package var givesHostnames: Bool
        package var measuresAddressUse: Bool
    }

    /// The association with `block`, which never ends.
    package var firstBlock: VPCBlockID { VPCBlockID(of: id) }

    package var blocks4: [AddressBlock] {
        [block] + blocks.compactMap { block in if case .ipv4(let one) = block.block { one } else { nil } }
    }

    package var blocks6: [AddressBlock6] {
        blocks.compactMap { block in if case .ipv6(let one) = block.block { one } else { nil } }
    }

    /// Every VPC has one network ACL that lets all through.
    package var networkACL: NetworkACLID { NetworkACLID(of: id) }
}

/// A subnet, in one zone.
package struct Subnet: Hashable, Sendable {
    package let id: SubnetID
    package let vpc: VPCID
    package let owner: AccountID
    package let block: AddressBlock
    /// `us-east-1a`
    package let zone: String
    /// Whether it is the one that instances of its zone get where no other is named.
    package let isDefault: Bool
    package let attributes: Attributes
    /// Its IPv6 block, of which there is one at most.
    package var blocks: [SubnetBlock]
    package var tags: TagSet

    /// What ModifySubnetAttribute changes: what new instances get there.
    package struct Attributes: Hashable, Sendable {
        /// What clients see of it: there are no public addresses here.
        package var mapsPublicAddresses: Bool
        package var assignsIPv6: Bool
        /// Private names are made of the instance's id and not of its address.
        package var namesByResource: Bool
        package var answersA: Bool
        package var answersAAAA: Bool
        package var translatesDNS: Bool
    }
}

/// Who may talk to the instances in it.
package struct SecurityGroup: Hashable, Sendable {
    package let id: SecurityGroupID
    package let owner: AccountID
    package let vpc: VPCID
    package let name: String
    package let description: String
    package var rules: [SecurityGroupRule]
    package var tags: TagSet

    /// The name of the group that each VPC begins with.
    package static let defaultName = "default"
}

/// One rule of a security group.
package struct SecurityGroupRule: Hashable, Sendable {
    package let id: SecurityGroupRuleID
    package let group: SecurityGroupID
    package let isEgress: Bool
    package let traffic: Traffic
    package let description: String?
    package var tags = TagSet()

    /// The rules that a group has of each direction at most.
    package static let mostOfGroup = 60

    /// What a rule allows; two rules of a group never have the same.
    package struct Traffic: Hashable, Sendable {
        /// `tcp`, `udp`, `icmp`, or the number of a protocol; `-1` for all.
        package var proto: String
        /// Of ICMP the type and the code; nil for all.
        package var fromPort: Int?
        package var toPort: Int?
        package var peer: Peer

        package init(proto: String, fromPort: Int?, toPort: Int?, peer: Peer) {
            self.proto = proto
            self.fromPort = fromPort
            self.toPort = toPort
            self.peer = peer
        }
    }

    /// The other side.
    package enum Peer: Hashable, Sendable {
        case ipv4(String)
        case ipv6(String)
        case prefixList(String)
        case group(SecurityGroupID)
    }
}

/// What a caller says of a rule.
package struct NewSecurityGroupRule: Hashable, Sendable {
    package var traffic: SecurityGroupRule.Traffic
    package var description: String?
    package var tags: TagSet

    package init(traffic: SecurityGroupRule.Traffic, description: String?, tags: TagSet = TagSet()) {
        self.traffic = traffic
        self.description = description
        self.tags = tags
    }
}

/// A key pair, of which the plane keeps the public half.
package struct KeyPair: Hashable, Sendable {
    package let id: KeyPairID
    package let owner: AccountID
    package let name: String
    package let kind: Kind
    package let fingerprint: String
    /// A line as `authorized_keys` has them.
    package let publicKey: String
    package let created: Instant
    package var tags: TagSet

    package enum Kind: String, Sendable, CaseIterable {
        case rsa, ed25519
    }
}
