import Cloud
import Model

struct CreateRouteTable: EC2Action {
    private let vpc: VPCID
    private let tags: TagSet

    init(_ input: QueryInput) throws(APIError) {
        vpc = try VPCID(asked: try input.required("VpcId"))
        tags = try input.tagSpecifications("route-table")["route-table"] ?? TagSet()
        _ = input.string("ClientToken")
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let table = try asking { () throws(Failure) in try call.actions.createRouteTable(in: vpc, tags: tags) }
        answer.element("routeTable") { $0.routeTable(table) }
    }
}

struct DeleteRouteTable: EC2Action {
    private let id: RouteTableID

    init(_ input: QueryInput) throws(APIError) { id = try input.routeTable() }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.deleteRouteTable(id) }
        answer.done()
    }
}

struct AssociateRouteTable: EC2Action {
    private let table: RouteTableID
    private let subnet: SubnetID

    init(_ input: QueryInput) throws(APIError) {
        table = try input.routeTable()
        subnet = try SubnetID(asked: try input.required("SubnetId"))
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let id = try asking { () throws(Failure) in try call.actions.associate(table, with: subnet) }
        answer.element("associationId", id.description)
        answer.element("associationState") { $0.element("state", "associated") }
    }
}

struct DisassociateRouteTable: EC2Action {
    private let id: RouteAssociationID

    init(_ input: QueryInput) throws(APIError) {
        let text = try input.required("AssociationId")
        do throws(Failure) { id = try RouteAssociationID(parsing: text) } catch {
            throw APIError(.invalidAssociationNotFound, "The association ID '\(text.prefix(60))' does not exist")
        }
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.disassociate(id) }
        answer.done()
    }
}

struct CreateRoute: EC2Action {
    private let table: RouteTableID
    private let route: Route

    init(_ input: QueryInput) throws(APIError) {
        table = try input.routeTable()
        let text = try input.required("GatewayId")
        guard let gateway = try? InternetGatewayID(parsing: text) else {
            throw APIError(.notFound(internetGateway: String(text.prefix(60))))
        }
        route = Route(destination: try input.destination(), target: gateway)
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.createRoute(route, in: table) }
        answer.done()
    }
}

struct DeleteRoute: EC2Action {
    private let table: RouteTableID
    private let destination: AddressBlock

    init(_ input: QueryInput) throws(APIError) {
        table = try input.routeTable()
        destination = try input.destination()
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.deleteRoute(to: destination, in: table) }
        answer.done()
    }
}

struct DescribeRouteTables: EC2Action {
    private let ids: [String]
    private let filters: [ResourceFilter]

    init(_ input: QueryInput) throws(APIError) {
        ids = try input.strings("RouteTableId")
        filters = try input.filters()
        _ = try input.limit()
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let all = try asking { () throws(Failure) in try call.actions.routeTables() }
        let named = try all.named(ids, by: \.id.description) { APIError(.notFound(routeTable: $0)) }
        let shown = try named.kept { table throws(APIError) in
            try filters.accept(Self.values(of: table), tags: table.tags)
        }
        answer.list("routeTableSet", shown) { table, xml in xml.routeTable(table) }
    }

    private static func values(of table: RouteTable) -> [String: [String]] {
        let associations = table.associations
        return [
            "route-table-id": [table.id.description], "vpc-id": [table.vpc.description],
            "owner-id": [table.owner.description], "association.main": associations.map { String($0.subnet == nil) },
            "association.route-table-id": associations.isEmpty ? [] : [table.id.description],
            "association.route-table-association-id": associations.map(\.id.description),
            "association.subnet-id": associations.compactMap(\.subnet?.description), "association.gateway-id": [],
            "route.destination-cidr-block": table.shownRoutes.map(\.destination.description),
            "route.gateway-id": table.shownRoutes.map(\.target), "route.state": ["active"],
            "route.origin": table.shownRoutes.map(\.origin),
        ]
    }
}

extension RouteTable {
    /// With the route to the VPC itself, which every table has.
    fileprivate var shownRoutes: [(destination: AddressBlock, target: String, origin: String)] {
        [(local, "local", "CreateRouteTable")] + routes.map { ($0.destination, $0.target.description, "CreateRoute") }
    }
}

extension QueryInput {
    fileprivate func routeTable() throws(APIError) -> RouteTableID {
        let text = try required("RouteTableId")
        do throws(Failure) { return try RouteTableID(parsing: text) } catch {
            throw APIError(.notFound(routeTable: String(text.prefix(60))))
        }
    }

    fileprivate func destination() throws(APIError) -> AddressBlock {
        try AddressBlock(asked: try required("DestinationCidrBlock"), of: "destinationCidrBlock")
    }
}

extension XMLWriter {
    fileprivate mutating func routeTable(_ table: RouteTable) {
        element("routeTableId", table.id.description)
        element("vpcId", table.vpc.description)
        element("ownerId", table.owner.description)
        list("routeSet", table.shownRoutes) { route, xml in
            xml.element("destinationCidrBlock", route.destination.description)
            xml.element("gatewayId", route.target)
            xml.element("state", "active")
            xml.element("origin", route.origin)
        }
        list("associationSet", table.associations) { association, xml in
            xml.element("routeTableAssociationId", association.id.description)
            xml.element("routeTableId", table.id.description)
            xml.element("subnetId", ifPresent: association.subnet?.description)
            xml.element("main", association.subnet == nil)
            xml.element("associationState") { $0.element("state", "associated") }
        }
        list("propagatingVgwSet", [String]())
        tags(table.tags)
    }
}
