import Cloud
import Model

struct CreateInternetGateway: EC2Action {
    private let tags: TagSet

    init(_ input: QueryInput) throws(APIError) {
        tags = try input.tagSpecifications("internet-gateway")["internet-gateway"] ?? TagSet()
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let gateway = try asking { () throws(Failure) in try call.actions.createInternetGateway(tags: tags) }
        answer.element("internetGateway") { $0.internetGateway(gateway) }
    }
}

struct AttachInternetGateway: EC2Action {
    private let id: InternetGatewayID
    private let vpc: VPCID

    init(_ input: QueryInput) throws(APIError) {
        id = try input.internetGateway()
        vpc = try VPCID(asked: try input.required("VpcId"))
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.attach(id, to: vpc) }
        answer.done()
    }
}

struct DetachInternetGateway: EC2Action {
    private let id: InternetGatewayID
    private let vpc: VPCID

    init(_ input: QueryInput) throws(APIError) {
        id = try input.internetGateway()
        vpc = try VPCID(asked: try input.required("VpcId"))
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.detach(id, from: vpc) }
        answer.done()
    }
}

struct DeleteInternetGateway: EC2Action {
    private let id: InternetGatewayID

    init(_ input: QueryInput) throws(APIError) { id = try input.internetGateway() }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.deleteInternetGateway(id) }
        answer.done()
    }
}

struct DescribeInternetGateways: EC2Action {
    private let ids: [String]
    private let filters: [ResourceFilter]

    init(_ input: QueryInput) throws(APIError) {
        ids = try input.strings("InternetGatewayId")
        filters = try input.filters()
        _ = try input.limit()
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let all = try asking { () throws(Failure) in try call.actions.internetGateways() }
        let named = try all.named(ids, by: \.id.description) { APIError(.notFound(internetGateway: $0)) }
        let shown = try named.kept { gateway throws(APIError) in
            try filters.accept(
                [
                    "internet-gateway-id": [gateway.id.description], "owner-id": [gateway.owner.description],
                    "attachment.vpc-id": gateway.vpc.map { [$0.description] } ?? [],
                    "attachment.state": gateway.vpc == nil ? [] : ["available"],
                ], tags: gateway.tags)
        }
        answer.list("internetGatewaySet", shown) { gateway, xml in xml.internetGateway(gateway) }
    }
}

extension QueryInput {
    fileprivate func internetGateway() throws(APIError) -> InternetGatewayID {
        let text = try required("InternetGatewayId")
        do throws(Failure) { return try InternetGatewayID(parsing: text) } catch {
            throw APIError(.notFound(internetGateway: String(text.prefix(60))))
        }
    }
}

extension XMLWriter {
    fileprivate mutating func internetGateway(_ gateway: InternetGateway) {
        element("internetGatewayId", gateway.id.description)
        element("ownerId", gateway.owner.description)
        list("attachmentSet", gateway.vpc.map { [$0] } ?? []) { vpc, xml in
            xml.element("vpcId", vpc.description)
            xml.element("state", "available")
        }
        tagList(gateway.tags)
    }
}
