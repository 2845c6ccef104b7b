import Cloud
import Model

/// One attribute of a network interface.
struct DescribeNetworkInterfaceAttribute: EC2Action {
    private let id: NetworkInterfaceID
    private let attribute: String

    init(_ input: QueryInput) throws(APIError) {
        id = try input.networkInterface()
        attribute = try input.required("Attribute")
        guard ["description", "groupSet", "sourceDestCheck", "attachment"].contains(attribute) else {
            throw APIError(
                "InvalidParameterValue",
                "Value (\(attribute.prefix(100))) for parameter attribute is invalid. Unknown attribute.")
        }
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let all = try asking { () throws(Failure) in try call.actions.networkInterfaces() }
        guard let interface = all.first(where: { $0.id == id }) else {
            throw APIError(.notFound(networkInterface: id.description))
        }
        answer.element("networkInterfaceId", id.description)
        switch attribute {
        case "description": answer.element(attribute) { $0.element("value", interface.description) }
        case "sourceDestCheck": answer.element(attribute) { $0.element("value", interface.checksAddresses) }
        case "groupSet": answer.groups(attribute, interface.groups, try call.groupNames())
        default: answer.attachment(of: interface)
        }
    }
}

/// Changes one attribute of a network interface.
struct ModifyNetworkInterfaceAttribute: EC2Action {
    private let id: NetworkInterfaceID
    private let change: InterfaceModification

    init(_ input: QueryInput) throws(APIError) {
        id = try input.networkInterface()
        let description = input.structure("Description")?.text("Value")
        let check = try input.structure("SourceDestCheck")?.bool("Value")
        let groups = try input.strings("SecurityGroupId")
        let attachment = input.structure("Attachment")
        let given = [description != nil, check != nil, !groups.isEmpty, attachment != nil].count { $0 }
        guard given == 1 else {
            throw APIError(
                "InvalidParameterCombination",
                given == 0 ? "No attributes specified." : "Fields for multiple attribute types specified")
        }
        if let description {
            change = .description(description)
        } else if let check {
            change = .checksAddresses(check)
        } else if let attachment {
            guard let flag = try attachment.bool("DeleteOnTermination") else { throw .missing("attachment.deleteOnTermination") }
            change = .deletesOnTermination(
                flag, attachment: try NetworkAttachmentID(asked: try attachment.required("AttachmentId")))
        } else {
            change = .groups(
                try asking { () throws(Failure) in
                    try groups.map { text throws(Failure) in try SecurityGroupID(requested: text) }
                })
        }
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.modifyNetworkInterface(id, change) }
        answer.done()
    }
}

/// Back to taking only what is for it.
struct ResetNetworkInterfaceAttribute: EC2Action {
    private let id: NetworkInterfaceID

    init(_ input: QueryInput) throws(APIError) {
        id = try input.networkInterface()
        // The one attribute that can be reset.
        if let name = input.string("SourceDestCheck"), name != "sourceDestCheck", name != "true" {
            throw .invalid(name, of: "sourceDestCheck")
        }
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.modifyNetworkInterface(id, .checksAddresses(true)) }
        answer.done()
    }
}
