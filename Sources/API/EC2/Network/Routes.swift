import Cloud
import Model

struct CreateRoute: EC2Action {
    private let route: RouteRequest

    init(_ input: QueryInput) throws(APIError) { route = try RouteRequest(input) }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in
            try call.actions.createRoute(to: route.destination, by: route.target, in: route.table)
        }
        answer.done()
    }
}

/// Another target for a destination that the table has.
struct ReplaceRoute: EC2Action {
    private let route: RouteRequest

    init(_ input: QueryInput) throws(APIError) { route = try RouteRequest(input) }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in
            try call.actions.replaceRoute(to: route.destination, by: route.target, in: route.table)
        }
        answer.done()
    }
}

struct DeleteRoute: EC2Action {
    private let table: RouteTableID
    private let destination: NetworkBlock

    init(_ input: QueryInput) throws(APIError) {
        table = try input.routeTable()
        destination = try input.destination()
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.deleteRoute(to: destination, in: table) }
        answer.done()
    }
}

/// A destination in a table, and the one target that a request names.
private struct RouteRequest {
    let table: RouteTableID
    let destination: NetworkBlock
    let target: RouteRequestTarget

    init(_ input: QueryInput) throws(APIError) {
        table = try input.routeTable()
        var targets: [RouteRequestTarget] = []
        if let text = input.string("GatewayId") {
            do throws(Failure) { targets.append(.gateway(try InternetGatewayID(parsing: text))) } catch {
                throw APIError(.notFound(internetGateway: String(text.prefix(60))))
            }
        }
        if input.string("NetworkInterfaceId") != nil { targets.append(.interface(try input.networkInterface())) }
        if let text = input.string("InstanceId") { targets.append(.instance(try InstanceID(asked: text))) }
        guard let target = targets.first else { throw .missing("gatewayId") }
        guard targets.count == 1 else {
            throw APIError("InvalidParameterCombination", "Exactly one of the route's targets may be specified")
        }
        self.target = target
        destination = try input.destination()
    }
}

extension QueryInput {
    /// Of either protocol.
    fileprivate func destination() throws(APIError) -> NetworkBlock {
        guard let text = string("DestinationIpv6CidrBlock") else {
            return .ipv4(try AddressBlock(asked: try required("DestinationCidrBlock"), of: "destinationCidrBlock"))
        }
        guard string("DestinationCidrBlock") == nil else {
            throw APIError("InvalidParameterCombination", "A route has one destination")
        }
        return .ipv6(try AddressBlock6(asked: text, of: "destinationIpv6CidrBlock"))
    }
}

extension XMLWriter {
    mutating func route(_ route: Route, _ owner: AccountID) {
        switch route.destination {
        case .ipv4(let block): element("destinationCidrBlock", block.description)
        case .ipv6(let block): element("destinationIpv6CidrBlock", block.description)
        }
        switch route.target {
        case .gateway(let id): element("gatewayId", id.description)
        case .interface(let id):
            element("networkInterfaceId", id.description)
            if let instance = route.instance {
                element("instanceId", instance.description)
                element("instanceOwnerId", owner.description)
            }
        }
        element("state", route.isActive ? "active" : "blackhole")
        element("origin", "CreateRoute")
    }
}
