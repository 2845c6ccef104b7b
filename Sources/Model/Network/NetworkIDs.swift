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
