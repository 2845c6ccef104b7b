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
            // Done again it is the same association.
            if let same = try routeTable(table, session, account).associations.first(where: { $0.subnet == id }) {
                return same.id
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

    package func createRoute(
        to destination: NetworkBlock, by target: RouteRequestTarget, in id: RouteTableID
    ) throws(Failure) {
        try settle()
        try writeNetwork("route \(destination) in \(id)") { session, account in
            let table = try routeTable(id, session, account)
            let target = try self.target(target, for: table, session, account)
            guard destination != .ipv4(table.local), !table.routes.contains(where: { $0.destination == destination })
            else {
                throw Failure(
                    PlaneError(.routeAlreadyExists, "The route identified by \(destination) already exists."))
            }
            try session.run("INSERT INTO routes VALUES (?, ?, ?)", id, destination, target.description)
        }
    }

    package func replaceRoute(
        to destination: NetworkBlock, by target: RouteRequestTarget, in id: RouteTableID
    ) throws(Failure) {
        try settle()
        try writeNetwork("route \(destination) otherwise in \(id)") { session, account in
            let table = try routeTable(id, session, account)
            let target = try self.target(target, for: table, session, account)
            guard table.routes.contains(where: { $0.destination == destination }) else {
                throw Failure(
                    PlaneError(
                        .invalidParameterValue,
                        "There is no route defined for '\(destination)' in the route table. Use CreateRoute instead."))
            }
            try session.run(
                "UPDATE routes SET gateway = ? WHERE route_table = ? AND destination = ?", target.description, id, destination)
        }
    }

    /// What is in the VPC of the table.
    private func target(
        _ asked: RouteRequestTarget, for table: RouteTable, _ session: Session, _ account: AccountID
    ) throws -> Route.Target {
        switch asked {
        case .gateway(let id):
            guard try gateway(id, session, account).vpc == table.vpc else {
                throw Failure(
                    PlaneError(
                        .invalidParameterValue,
                        "route table \(table.id) and network gateway \(id) belong to different networks"))
            }
            return .gateway(id)
        case .interface(let id):
            try check(try interface(id, session, account), table)
            return .interface(id)
        case .instance(let id):
            guard let instance = try session.instances(of: account, only: id).first else {
                throw Failure(.notFound(instances: [id]))
            }
            guard instance.interfaces.count == 1, let interface = instance.interfaces.first else {
                throw Failure(
                    PlaneError(
                        .invalidInstanceIDValue,
                        "There are \(instance.interfaces.count) interfaces attached to instance '\(id)'. Please specify an interface ID for the operation instead."
                    ))
            }
            try check(interface, table)
            return .interface(interface.id)
        }
    }

    private func check(_ interface: NetworkInterface, _ table: RouteTable) throws {
        guard interface.vpc == table.vpc else {
            throw Failure(
                PlaneError(
                    .invalidParameterValue,
                    "route table \(table.id) and interface \(interface.id) belong to different networks"))
        }
    }

    /// Of a subnet, or of the VPC itself, whose main table is another one then.
    package func replaceAssociation(
        _ id: RouteAssociationID, with tableID: RouteTableID
    ) throws(Failure) -> RouteAssociationID {
        let made: RouteAssociationID = try region.newID()
        return try writeNetwork("replace the association \(id)") { session, account in
            let tables = try session.routeTables(of: account)
            guard let old = tables.first(where: { $0.associations.contains { $0.id == id } }),
                let known = old.associations.first(where: { $0.id == id })
            else { throw Failure(PlaneError(.invalidAssociationNotFound, "The association ID '\(id)' does not exist")) }
            let table = try routeTable(tableID, session, account)
            guard table.vpc == old.vpc else {
                throw Failure(
                    PlaneError(
                        .invalidParameterValue, "Route table \(tableID) and \(old.id) belong to different networks"))
            }
            if table.id == old.id { return id }
            guard let subnet = known.subnet else {
                try session.run("UPDATE route_tables SET is_main = (id = ?) WHERE vpc = ?", tableID, table.vpc)
                return RouteAssociationID(of: tableID)
            }
            try session.run("DELETE FROM route_associations WHERE id = ?", id)
            try session.run("INSERT INTO route_associations VALUES (?, ?, ?)", made, tableID, subnet)
            return made
        }
    }

    package func deleteRoute(to destination: NetworkBlock, in id: RouteTableID) throws(Failure) {
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
