import Model

/// EC2's actions on networks and key pairs, as far as clients need them to build and launch. Every account has a default VPC with a subnet in
/// each zone.
package protocol NetworkActions: Sendable {
    func vpcs() throws(Failure) -> [VPC]
    func subnets() throws(Failure) -> [Subnet]
    /// How many addresses of the subnets network interfaces have; of those that are not in it none.
    func takenAddresses() throws(Failure) -> [SubnetID: Int]
    /// With `hasIPv6` it gets a block of Amazon's IPv6 addresses too.
    func createVPC(_ block: AddressBlock, hasIPv6: Bool, tenancy: String, tags: TagSet) throws(Failure) -> VPC
    /// Of an account that has none any more.
    func createDefaultVPC() throws(Failure) -> VPC
    /// Refused while something is in it.
    func deleteVPC(_ id: VPCID) throws(Failure)
    func modifyVPC(_ id: VPCID, _ change: VPCChange) throws(Failure)
    /// ModifyVpcTenancy, which knows this one way.
    func setDefaultTenancy(of id: VPCID) throws(Failure)
    func createSubnet(_ new: SubnetCreation) throws(Failure) -> Subnet
    func createDefaultSubnet(zone: String) throws(Failure) -> Subnet
    func deleteSubnet(_ id: SubnetID) throws(Failure)
    func modifySubnet(_ id: SubnetID, _ change: SubnetChange) throws(Failure)

    func routeTables() throws(Failure) -> [RouteTable]
    func createRouteTable(in vpc: VPCID, tags: TagSet) throws(Failure) -> RouteTable
    func deleteRouteTable(_ id: RouteTableID) throws(Failure)
    func associate(_ table: RouteTableID, with subnet: SubnetID) throws(Failure) -> RouteAssociationID
    func disassociate(_ id: RouteAssociationID) throws(Failure)
    /// What it is then.
    func replaceAssociation(_ id: RouteAssociationID, with table: RouteTableID) throws(Failure) -> RouteAssociationID
    func createRoute(to destination: NetworkBlock, by target: RouteRequestTarget, in table: RouteTableID) throws(Failure)
    func replaceRoute(to destination: NetworkBlock, by target: RouteRequestTarget, in table: RouteTableID) throws(Failure)
    func deleteRoute(to destination: NetworkBlock, in table: RouteTableID) throws(Failure)

    func internetGateways() throws(Failure) -> [InternetGateway]
    func createInternetGateway(tags: TagSet) throws(Failure) -> InternetGateway
    func attach(_ gateway: InternetGatewayID, to vpc: VPCID) throws(Failure)
    func detach(_ gateway: InternetGatewayID, from vpc: VPCID) throws(Failure)
    func deleteInternetGateway(_ id: InternetGatewayID) throws(Failure)

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
    /// Puts others in the place of rules; their direction stays.
    func replace(
        _ rules: [SecurityGroupRuleID: NewSecurityGroupRule], in group: SecurityGroupID
    ) throws(Failure)
    /// Gives the rules that allow the same the description that comes with it.
    func describe(_ rules: [NewSecurityGroupRule], isEgress: Bool, in group: SecurityGroupID) throws(Failure)
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
