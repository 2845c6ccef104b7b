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
    package let destination: NetworkBlock
    package let target: Target
    /// The instance that has the interface, where that is the target.
    package var instance: InstanceID?
    /// Whether the target is there, and an interface belongs to an instance; else what is sent that way is lost.
    package var isActive = true

    package init(destination: NetworkBlock, target: Target) {
        self.destination = destination
        self.target = target
    }

    package enum Target: TextValue {
        case gateway(InternetGatewayID)
        case interface(NetworkInterfaceID)

        package init(parsing text: String) throws(Failure) {
            self =
                text.hasPrefix(NetworkInterfaceKind.prefix + "-")
                ? .interface(try NetworkInterfaceID(parsing: text)) : .gateway(try InternetGatewayID(parsing: text))
        }

        package var description: String {
            switch self {
            case .gateway(let id): id.description
            case .interface(let id): id.description
            }
        }
    }
}

/// Where a request wants a route to lead.
package enum RouteRequestTarget: Hashable, Sendable {
    case gateway(InternetGatewayID)
    case interface(NetworkInterfaceID)
    /// Its interface, of which it must have exactly one.
    case instance(InstanceID)
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
    package var block6: AddressBlock6?
    /// Nil for the first one of the region.
    package var zone: String?
    package var tags: TagSet

    package init(
        vpc: VPCID, block: AddressBlock, block6: AddressBlock6? = nil, zone: String? = nil, tags: TagSet = TagSet()
    ) {
        self.vpc = vpc
        self.block = block
        self.block6 = block6
        self.zone = zone
        self.tags = tags
    }
}

/// ModifySubnetAttribute: what is not nil.
package struct SubnetChange: Hashable, Sendable {
    package var mapsPublicAddresses: Bool?
    package var assignsIPv6: Bool?
    package var namesByResource: Bool?
    package var answersA: Bool?
    package var answersAAAA: Bool?
    package var translatesDNS: Bool?

    package init() {}
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
