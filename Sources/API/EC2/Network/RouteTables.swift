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

    init(_ input: QueryInput) throws(APIError) { id = try input.routeAssociation() }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.disassociate(id) }
        answer.done()
    }
}

struct ReplaceRouteTableAssociation: EC2Action {
    private let id: RouteAssociationID
    private let table: RouteTableID

    init(_ input: QueryInput) throws(APIError) {
        id = try input.routeAssociation()
        table = try input.routeTable()
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let made = try asking { () throws(Failure) in try call.actions.replaceAssociation(id, with: table) }
        answer.element("newAssociationId", made.description)
        answer.element("associationState") { $0.element("state", "associated") }
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
            "route.destination-cidr-block": [table.local.description]
                + table.routes.compactMap { if case .ipv4(let block) = $0.destination { block.description } else { nil } },
            "route.destination-ipv6-cidr-block": table.routes.compactMap {
                if case .ipv6(let block) = $0.destination { block.description } else { nil }
            },
            "route.gateway-id": ["local"]
                + table.routes.compactMap { if case .gateway(let id) = $0.target { id.description } else { nil } },
            "route.instance-id": table.routes.compactMap(\.instance?.description),
            "route.state": ["active"] + table.routes.map { $0.isActive ? "active" : "blackhole" },
            "route.origin": ["CreateRouteTable"] + table.routes.map { _ in "CreateRoute" },
        ]
    }
}

extension QueryInput {
    func routeTable() throws(APIError) -> RouteTableID {
        let text = try required("RouteTableId")
        do throws(Failure) { return try RouteTableID(parsing: text) } catch {
            throw APIError(.notFound(routeTable: String(text.prefix(60))))
        }
    }

    fileprivate func routeAssociation() throws(APIError) -> RouteAssociationID {
        let text = try required("AssociationId")
        do throws(Failure) { return try RouteAssociationID(parsing: text) } catch {
            throw APIError(.invalidAssociationNotFound, "The association ID '\(text.prefix(60))' does not exist")
        }
    }
}

extension XMLWriter {
    fileprivate mutating func routeTable(_ table: RouteTable) {
        element("routeTableId", table.id.description)
        element("vpcId", table.vpc.description)
        element("ownerId", table.owner.description)
        element("routeSet") { xml in
            // Every table has the route to the VPC itself.
            xml.element("item") { xml in
                xml.element("destinationCidrBlock", table.local.description)
                xml.element("gatewayId", "local")
                xml.element("state", "active")
                xml.element("origin", "CreateRouteTable")
            }
            for route in table.routes { xml.element("item") { $0.route(route, table.owner) } }
        }
        list("associationSet", table.associations) { association, xml in
            xml.element("routeTableAssociationId", association.id.description)
            xml.element("routeTableId", table.id.description)
            xml.element("subnetId", ifPresent: association.subnet?.description)
            xml.element("main", association.subnet == nil)
            xml.element("associationState") { $0.element("state", "associated") }
        }
        list("propagatingVgwSet", [String]())
        tagList(table.tags)
    }
}
