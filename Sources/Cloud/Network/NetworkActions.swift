import Model

/// EC2's actions on networks and key pairs, as far as clients need them to build and launch. Every account has a default VPC with a subnet in
/// each zone.
package protocol NetworkActions: Sendable {
    func vpcs() throws(Failure) -> [VPC]
    func subnets() throws(Failure) -> [Subnet]

    func securityGroups() throws(Failure) -> [SecurityGroup]
    /// In the default VPC, where none is named.
    func createSecurityGroup(
        _ name: String, description: String, vpc: VPCID?, tags: TagSet
    ) throws(Failure) -> SecurityGroup
    func deleteSecurityGroup(_ id: SecurityGroupID) throws(Failure)
    /// All of the rules, or none where one of them is there.
    func allow(
        _ rules: [NewSecurityGroupRule], isEgress: Bool, in group: SecurityGroupID
    ) throws(Failure) -> [SecurityGroupRule]
    /// All of the rules, or none where one of them is not there.
    func forbid(
        _ traffic: [SecurityGroupRule.Traffic], rules: [SecurityGroupRuleID], isEgress: Bool, in group: SecurityGroupID
    ) throws(Failure) -> [SecurityGroupRule]

    func keyPairs() throws(Failure) -> [KeyPair]
    /// The private half is in the answer, and nowhere else.
    func createKeyPair(_ name: String, _ kind: KeyPair.Kind, tags: TagSet) throws(Failure) -> (pair: KeyPair, material: String)
    /// `publicKey` is a line as `authorized_keys` has them.
    func importKeyPair(_ name: String, publicKey: String, tags: TagSet) throws(Failure) -> KeyPair
    /// One that is not there is no error.
    func deleteKeyPair(named name: String) throws(Failure) -> KeyPairID?
    func deleteKeyPair(_ id: KeyPairID) throws(Failure) -> KeyPairID?
}
