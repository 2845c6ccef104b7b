import Cloud
import Model

/// What the account has in the region, by EC2's names.
struct DescribeAccountAttributes: EC2Action {
    private let names: [String]

    init(_ input: QueryInput) throws(APIError) {
        names = try input.strings("AttributeName")
        if let stranger = names.first(where: { !Self.names.contains($0) }) { throw .invalid(stranger, of: "attributeName") }
    }

    private static let names = [
        "supported-platforms", "default-vpc", "max-elastic-ips", "vpc-max-elastic-ips", "vpc-max-security-groups-per-interface",
    ]

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let vpcs = try asking { () throws(Failure) in try call.actions.vpcs() }
        let addresses = String(call.plane.settings.limits.elasticAddresses)
        let values = [
            "supported-platforms": "VPC", "default-vpc": vpcs.first(where: \.isDefault)?.id.description ?? "none",
            "max-elastic-ips": addresses, "vpc-max-elastic-ips": addresses,
            "vpc-max-security-groups-per-interface": String(InterfaceRequest.mostGroups),
        ]
        let shown = Self.names.filter { names.isEmpty || names.contains($0) }
        answer.list("accountAttributeSet", shown) { name, xml in
            xml.element("attributeName", name)
            xml.list("attributeValueSet", [values[name] ?? ""]) { value, xml in xml.element("attributeValue", value) }
        }
    }
}
