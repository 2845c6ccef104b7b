import Model
import Records
import SQLite

// Route tables and internet gateways.
extension EmbeddedActions {
    package func routeTables() throws(Failure) -> [RouteTable] {
        try readNetwork("list the route tables") { session, account in try session.routeTables(of: account) }
    }

    package func createRouteTable(in id: VPCID, tags: TagSet) throws(Failure) -> RouteTable {
        let table: RouteTableID = try region.newID()
        return try writeNetwork("make a route table of \(id)") { session, account in
            _ = try vpc(id, session, account)
            try session.run("INSERT INTO route_tables VALUES (?, ?, ?, ?)", table, id, account, false)
            try session.setTags(tags, of: table.description)
            return try routeTable(table, session, account)
        }
    }

    package func deleteRouteTable(_ id: RouteTableID) throws(Failure) {
        try writeNetwork("delete the route table \(id)") { session, account in
            guard try routeTable(id, session, account).associations.isEmpty else {
                throw Failure(.hasDependencies("routeTable", id.description))
            }
            try session.setTags(TagSet(), of: id.description)
            try session.run("DELETE FROM route_tables WHERE id = ?", id)
        }
    }

    package func associate(_ table: RouteTableID, with id: SubnetID) throws(Failure) -> RouteAssociationID {
        let association: RouteAssociationID = try region.newID()
        return try writeNetwork("associate \(table) with \(id)") { session, account in
            let tables = try session.routeTables(of: account)
            let subnet = try subnet(id, session, account)
            guard try routeTable(table, session, account).vpc == subnet.vpc else {
                throw Failure(
                    PlaneError(
                        .invalidParameterValue, "Route table \(table) and network \(subnet.id) belong to different networks"))
            }
            if let known = tables.flatMap(\.associations).first(where: { $0.subnet == id }) {
                throw Failure(
                    PlaneError(
                        .alreadyAssociated,
                        "the specified association for route table \(table) conflicts with an existing association \(known.id)"))
            }
            try session.run("INSERT INTO route_associations VALUES (?, ?, ?)", association, table, id)
            return association
        }
    }

    package func disassociate(_ id: RouteAssociationID) throws(Failure) {
        try writeNetwork("take the association \(id) away") { session, account in
            let known = try session.routeTables(of: account).flatMap(\.associations).first { $0.id == id }
            guard let known else {
                throw Failure(PlaneError(.invalidAssociationNotFound, "The association ID '\(id)' does not exist"))
            }
            guard known.subnet != nil else {
                throw Failure(
                    PlaneError(
                        .invalidParameterValue, "cannot disassociate the main route table association \(id)"))
            }
            try session.run("DELETE FROM route_associations WHERE id = ?", id)
        }
    }

    package func createRoute(_ route: Route, in id: RouteTableID) throws(Failure) {
        try writeNetwork("route \(route.destination) in \(id)") { session, account in
            let table = try routeTable(id, session, account)
            guard let gateway = try session.internetGateways(of: account).first(where: { $0.id == route.target }) else {
                throw Failure(.notFound(internetGateway: route.target.description))
            }
            guard gateway.vpc == table.vpc else {
                throw Failure(
                    PlaneError(
                        .invalidParameterValue,
                        "route table \(id) and network gateway \(gateway.id) belong to different networks"))
            }
            guard route.destination != table.local, !table.routes.contains(where: { $0.destination == route.destination })
            else {
                throw Failure(
                    PlaneError(.routeAlreadyExists, "The route identified by \(route.destination) already exists."))
            }
            try session.run("INSERT INTO routes VALUES (?, ?, ?)", id, route.destination, route.target)
        }
    }

    package func deleteRoute(to destination: AddressBlock, in id: RouteTableID) throws(Failure) {
        try writeNetwork("route \(destination) no more in \(id)") { session, account in
            guard try routeTable(id, session, account).routes.contains(where: { $0.destination == destination }) else {
                throw Failure(
                    PlaneError(
                        .invalidRouteNotFound, "no route with destination-cidr-block \(destination) in route table \(id)"))
            }
            try session.run("DELETE FROM routes WHERE route_table = ? AND destination = ?", id, destination)
        }
    }

    private func routeTable(_ id: RouteTableID, _ session: Session, _ account: AccountID) throws -> RouteTable {
        guard let table = try session.routeTables(of: account).first(where: { $0.id == id }) else {
            throw Failure(.notFound(routeTable: id.description))
        }
        return table
    }

    // MARK: Gateways

    package func internetGateways() throws(Failure) -> [InternetGateway] {
        try readNetwork("list the internet gateways") { session, account in try session.internetGateways(of: account) }
    }

    package func createInternetGateway(tags: TagSet) throws(Failure) -> InternetGateway {
        let id: InternetGatewayID = try region.newID()
        return try writeNetwork("make an internet gateway") { session, account in
            let none: VPCID? = nil
            try session.run("INSERT INTO internet_gateways VALUES (?, ?, ?)", id, account, none)
            try session.setTags(tags, of: id.description)
            return try gateway(id, session, account)
        }
    }

    package func attach(_ id: InternetGatewayID, to vpcID: VPCID) throws(Failure) {
        try writeNetwork("attach \(id) to \(vpcID)") { session, account in
            let gateways = try session.internetGateways(of: account)
            if let old = try gateway(id, session, account).vpc {
                throw Failure(PlaneError(.alreadyAssociated, "resource \(id) is already attached to network \(old)"))
            }
            _ = try vpc(vpcID, session, account)
            guard !gateways.contains(where: { $0.vpc == vpcID }) else {
                throw Failure(
                    PlaneError(.invalidParameterValue, "Network \(vpcID) already has an internet gateway attached"))
            }
            try session.run("UPDATE internet_gateways SET vpc = ? WHERE id = ?", vpcID, id)
        }
    }

    package func detach(_ id: InternetGatewayID, from vpcID: VPCID) throws(Failure) {
        try writeNetwork("detach \(id) from \(vpcID)") { session, account in
            guard try gateway(id, session, account).vpc == vpcID else {
                throw Failure(PlaneError(.gatewayNotAttached, "resource \(id) is not attached to network \(vpcID)"))
            }
            try session.run("UPDATE internet_gateways SET vpc = NULL WHERE id = ?", id)
        }
    }

    package func deleteInternetGateway(_ id: InternetGatewayID) throws(Failure) {
        try writeNetwork("delete the internet gateway \(id)") { session, account in
            guard try gateway(id, session, account).vpc == nil else {
                throw Failure(.hasDependencies("internetGateway", id.description))
            }
            try session.setTags(TagSet(), of: id.description)
            try session.run("DELETE FROM internet_gateways WHERE id = ?", id)
        }
    }

    private func gateway(_ id: InternetGatewayID, _ session: Session, _ account: AccountID) throws -> InternetGateway {
        guard let gateway = try session.internetGateways(of: account).first(where: { $0.id == id }) else {
            throw Failure(.notFound(internetGateway: id.description))
        }
        return gateway
    }
}
