import Cloud
import Model

/// One attribute of a VPC.
struct DescribeVpcAttribute: EC2Action {
    private let id: VPCID
    private let attribute: String

    init(_ input: QueryInput) throws(APIError) {
        id = try VPCID(asked: try input.required("VpcId"))
        attribute = try input.required("Attribute")
        guard Self.values[attribute] != nil else { throw .invalid(attribute, of: "attribute") }
    }

    private static let values: [String: @Sendable (VPC.Attributes) -> Bool] = [
        "enableDnsSupport": { $0.supportsDNS }, "enableDnsHostnames": { $0.givesHostnames },
        "enableNetworkAddressUsageMetrics": { $0.measuresAddressUse },
    ]

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let vpc = try asking { () throws(Failure) in
            guard let vpc = try call.actions.vpcs().first(where: { $0.id == id }) else { throw Failure(.notFound(vpc: id)) }
            return vpc
        }
        answer.element("vpcId", id.description)
        let value = Self.values[attribute]?(vpc.attributes) ?? false
        answer.element(attribute) { $0.element("value", value) }
    }
}

struct ModifyVpcAttribute: EC2Action {
    private let id: VPCID
    private let change: VPCChange

    init(_ input: QueryInput) throws(APIError) {
        id = try VPCID(asked: try input.required("VpcId"))
        change = VPCChange(
            supportsDNS: try input.structure("EnableDnsSupport")?.bool("Value"),
            givesHostnames: try input.structure("EnableDnsHostnames")?.bool("Value"),
            measuresAddressUse: try input.structure("EnableNetworkAddressUsageMetrics")?.bool("Value"))
        guard change != VPCChange() else { throw APIError("InvalidParameterCombination", "No attributes specified.") }
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.modifyVPC(id, change) }
        answer.done()
    }
}

/// Back to shared machines; there is no way to dedicated ones.
struct ModifyVpcTenancy: EC2Action {
    private let id: VPCID

    init(_ input: QueryInput) throws(APIError) {
        id = try VPCID(asked: try input.required("VpcId"))
        let tenancy = try input.required("InstanceTenancy")
        guard tenancy == "default" else {
            throw APIError("UnsupportedTenancy", "The tenancy value \(tenancy.prefix(40)) is not supported.")
        }
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.setDefaultTenancy(of: id) }
        answer.element("returnValue", true)
    }
}
