import Cloud
import Model

struct CreateNetworkInterface: EC2Action {
    private let creation: InterfaceCreation

    init(_ input: QueryInput) throws(APIError) {
        let tags = try input.tagSpecifications("network-interface")["network-interface"] ?? TagSet()
        let token = input.string("ClientToken")
        guard input.string("InterfaceType") ?? "interface" == "interface" else {
            throw APIError("UnsupportedOperation", "There are plain interfaces alone here.")
        }
        let parameters = LaunchParameters(
            input.takeAll(but: ["Action", "Version", "DryRun", "TagSpecification", "ClientToken", "InterfaceType"]))
        let request = try asking { () throws(Failure) in
            var request = InterfaceRequest()
            try request.read(parameters, groups: "SecurityGroupId", ipv6: "Ipv6Addresses", ipv4: "PrivateIpAddresses")
            return request
        }
        if let name = parameters.unread { throw QueryInput.unknown(name) }
        creation = InterfaceCreation(request, tags: tags, clientToken: token)
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let made = try asking { () throws(Failure) in try call.actions.createNetworkInterface(creation) }
        let names = try call.groupNames()
        answer.element("networkInterface") { $0.networkInterface(made, call, names) }
        answer.element("clientToken", ifPresent: creation.clientToken)
    }
}

struct DeleteNetworkInterface: EC2Action {
    private let id: NetworkInterfaceID

    init(_ input: QueryInput) throws(APIError) { id = try input.networkInterface() }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.deleteNetworkInterface(id) }
        answer.done()
    }
}

struct AttachNetworkInterface: EC2Action {
    private let id: NetworkInterfaceID
    private let instance: InstanceID
    private let device: Int

    init(_ input: QueryInput) throws(APIError) {
        id = try input.networkInterface()
        instance = try InstanceID(asked: try input.required("InstanceId"))
        guard let device = try input.int("DeviceIndex") else { throw .missing("deviceIndex") }
        self.device = device
        guard try input.int("NetworkCardIndex") ?? 0 == 0 else {
            throw APIError("UnsupportedOperation", "Instances have one network card here.")
        }
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let attachment = try asking { () throws(Failure) in
            try call.actions.attachNetworkInterface(id, to: instance, device: device)
        }
        answer.element("attachmentId", attachment.description)
        answer.element("networkCardIndex", 0)
    }
}

struct DetachNetworkInterface: EC2Action {
    private let attachment: NetworkAttachmentID

    init(_ input: QueryInput) throws(APIError) {
        attachment = try NetworkAttachmentID(asked: try input.required("AttachmentId"))
        // Nothing hangs here that would need it.
        _ = try input.bool("Force")
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.detachNetworkInterface(attachment) }
        answer.done()
    }
}

extension QueryInput {
    func networkInterface(_ key: String = "NetworkInterfaceId") throws(APIError) -> NetworkInterfaceID {
        let text = try required(key)
        return try asking { () throws(Failure) in try NetworkInterfaceID(requested: text) }
    }
}

extension NetworkAttachmentID {
    init(asked text: String) throws(APIError) {
        do throws(Failure) { try self.init(parsing: text) } catch {
            throw APIError(
                .invalidAttachmentIDNotFound, "The attachment with ID '\(text.prefix(60))' does not exist")
        }
    }
}
