package enum VPCKind: ResourceKind {
    package static let prefix = "vpc"
    package static let noun = "the id of a VPC"
}

package enum SubnetKind: ResourceKind {
    package static let prefix = "subnet"
    package static let noun = "the id of a subnet"
}

package enum SecurityGroupKind: ResourceKind {
    package static let prefix = "sg"
    package static let noun = "the id of a security group"
}

package enum SecurityGroupRuleKind: ResourceKind {
    package static let prefix = "sgr"
    package static let noun = "the id of a rule of a security group"
}

package enum KeyPairKind: ResourceKind {
    package static let prefix = "key"
    package static let noun = "the id of a key pair"
}

package enum RouteTableKind: ResourceKind {
    package static let prefix = "rtb"
    package static let noun = "the id of a route table"
}

package enum RouteAssociationKind: ResourceKind {
    package static let prefix = "rtbassoc"
    package static let noun = "the id of an association of a route table"
}

package enum InternetGatewayKind: ResourceKind {
    package static let prefix = "igw"
    package static let noun = "the id of an internet gateway"
}

package enum NetworkInterfaceKind: ResourceKind {
    package static let prefix = "eni"
    package static let noun = "the id of a network interface"
}

package enum NetworkACLKind: ResourceKind {
    package static let prefix = "acl"
    package static let noun = "the id of a network ACL"
}

package enum VPCBlockKind: ResourceKind {
    package static let prefix = "vpc-cidr-assoc"
    package static let noun = "the id of an association of a block with a VPC"
}

package enum SubnetBlockKind: ResourceKind {
    package static let prefix = "subnet-cidr-assoc"
    package static let noun = "the id of an association of a block with a subnet"
}

package enum NetworkAttachmentKind: ResourceKind {
    package static let prefix = "eni-attach"
    package static let noun = "the id of an attachment of a network interface"
}

package enum DHCPOptionsKind: ResourceKind {
    package static let prefix = "dopt"
    package static let noun = "the id of DHCP options"
}

package enum AddressAllocationKind: ResourceKind {
    package static let prefix = "eipalloc"
    package static let noun = "the id of an allocation of an address"
}

package enum AddressAssociationKind: ResourceKind {
    package static let prefix = "eipassoc"
    package static let noun = "the id of an association of an address"
}

/// `vpc-0abcdef1234567890`
package typealias VPCID = ResourceID<VPCKind>
/// `subnet-0abcdef1234567890`
package typealias SubnetID = ResourceID<SubnetKind>
/// `sg-0abcdef1234567890`
package typealias SecurityGroupID = ResourceID<SecurityGroupKind>
/// `sgr-0abcdef1234567890`
package typealias SecurityGroupRuleID = ResourceID<SecurityGroupRuleKind>
/// `key-0abcdef1234567890`
package typealias KeyPairID = ResourceID<KeyPairKind>
/// `rtb-0abcdef1234567890`
package typealias RouteTableID = ResourceID<RouteTableKind>
/// `rtbassoc-0abcdef1234567890`
package typealias RouteAssociationID = ResourceID<RouteAssociationKind>
/// `igw-0abcdef1234567890`
package typealias InternetGatewayID = ResourceID<InternetGatewayKind>
/// `eni-0abcdef1234567890`
package typealias NetworkInterfaceID = ResourceID<NetworkInterfaceKind>
/// `acl-0abcdef1234567890`
package typealias NetworkACLID = ResourceID<NetworkACLKind>
/// `vpc-cidr-assoc-0abcdef1234567890`
package typealias VPCBlockID = ResourceID<VPCBlockKind>
/// `subnet-cidr-assoc-0abcdef1234567890`
package typealias SubnetBlockID = ResourceID<SubnetBlockKind>
/// `eni-attach-0abcdef1234567890`
package typealias NetworkAttachmentID = ResourceID<NetworkAttachmentKind>
/// `dopt-0abcdef1234567890`
package typealias DHCPOptionsID = ResourceID<DHCPOptionsKind>
/// `eipalloc-0abcdef1234567890`
package typealias AddressAllocationID = ResourceID<AddressAllocationKind>
/// `eipassoc-0abcdef1234567890`
package typealias AddressAssociationID = ResourceID<AddressAssociationKind>

extension ResourceID {
    /// The id of something that each resource of another kind has one of: the same digits behind its own prefix.
    package init<Other: ResourceKind>(of other: ResourceID<Other>) {
        self.init(trusted: Kind.prefix + other.description.dropFirst(Other.prefix.count))
    }
}
