import Model

/// Where a VPC's traffic goes: kept for clients that read and write it, and followed by nothing here.
package struct RouteTable: Hashable, Sendable {
    package let id: RouteTableID
    package let vpc: VPCID
    package let owner: AccountID
    /// Whether it is the table of the subnets that are associated with no other.
    package let isMain: Bool
    /// Of the VPC, which the route to itself is about.
    package let local: AddressBlock
    package var routes: [Route]
    package var associations: [RouteAssociation]
    package var tags: TagSet
}

/// A route that somebody made.
package struct Route: Hashable, Sendable {
    package let destination: AddressBlock
    package let target: InternetGatewayID

    package init(destination: AddressBlock, target: InternetGatewayID) {
        self.destination = destination
        self.target = target
    }
}

/// A route table and what it is for.
package struct RouteAssociation: Hashable, Sendable {
    package let id: RouteAssociationID
    /// Nil for the association that makes a table the main one.
    package let subnet: SubnetID?
}

/// The way of a VPC to the internet, in name.
package struct InternetGateway: Hashable, Sendable {
    package let id: InternetGatewayID
    package let owner: AccountID
    package var vpc: VPCID?
    package var tags: TagSet
}

/// CreateSubnet.
package struct SubnetCreation: Hashable, Sendable {
    package var vpc: VPCID
    package var block: AddressBlock
    /// Nil for the first one of the region.
    package var zone: String?
    package var tags: TagSet

    package init(vpc: VPCID, block: AddressBlock, zone: String? = nil, tags: TagSet = TagSet()) {
        self.vpc = vpc
        self.block = block
        self.zone = zone
        self.tags = tags
    }
}

/// ModifyVpcAttribute: what is not nil.
package struct VPCChange: Hashable, Sendable {
    package var supportsDNS: Bool?
    package var givesHostnames: Bool?
    package var measuresAddressUse: Bool?

    package init(supportsDNS: Bool? = nil, givesHostnames: Bool? = nil, measuresAddressUse: Bool? = nil) {
        self.supportsDNS = supportsDNS
        self.givesHostnames = givesHostnames
        self.measuresAddressUse = measuresAddressUse
    }
}
