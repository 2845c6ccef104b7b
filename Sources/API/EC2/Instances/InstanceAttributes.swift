import Cloud
import Model

/// One attribute of an instance.
struct DescribeInstanceAttribute: EC2Action {
    private let id: InstanceID
    private let attribute: String

    init(_ input: QueryInput) throws(APIError) {
        id = try InstanceID(asked: try input.required("InstanceId"))
        attribute = try input.required("Attribute")
        guard Self.attributes.contains(attribute) else {
            throw APIError(
                "InvalidParameterValue",
                "Value (\(attribute.prefix(100))) for parameter attribute is invalid. Unknown attribute.")
        }
    }

    private static let attributes: Set = [
        "instanceType", "kernel", "ramdisk", "userData", "disableApiTermination", "disableApiStop", "rootDeviceName",
        "instanceInitiatedShutdownBehavior", "sourceDestCheck", "ebsOptimized", "groupSet", "sriovNetSupport", "enaSupport",
        "productCodes", "enclaveOptions", "blockDeviceMapping",
    ]

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let all = try asking { () throws(Failure) in try call.actions.instances() }
        guard let instance = all.first(where: { $0.id == id }) else { throw APIError(.notFound(instances: [id])) }
        answer.element("instanceId", id.description)
        switch attribute {
        case "groupSet":
            answer.list(attribute, instance.groups) { group, xml in xml.element("groupId", group.description) }
        case "productCodes": answer.products(instance.products)
        case "blockDeviceMapping":
            answer.list(attribute, instance.volumes) { volume, xml in
                xml.element("deviceName", ifPresent: volume.attachment?.device)
                xml.element("ebs") { $0.element("volumeId", volume.id.description) }
            }
        case "enclaveOptions": answer.element(attribute) { $0.element("enabled", false) }
        default: answer.element(attribute) { $0.element("value", ifPresent: value(of: instance)) }
        }
    }

    private func value(of instance: InstanceRecord) -> String? {
        switch attribute {
        case "instanceType": instance.type.name
        case "userData": instance.userData
        case "disableApiTermination": String(instance.isProtectedFromTermination)
        case "disableApiStop": String(instance.isProtectedFromStopping)
        case "rootDeviceName": instance.rootDeviceName
        case "instanceInitiatedShutdownBehavior": instance.terminatesOnShutdown ? "terminate" : "stop"
        case "ebsOptimized": String(instance.isEBSOptimized)
        case "sourceDestCheck": String(instance.checksAddresses)
        case "enaSupport": "true"
        default: nil
        }
    }
}

/// Changes one attribute of an instance.
struct ModifyInstanceAttribute: EC2Action {
    private let id: InstanceID
    private let change: InstanceModification

    init(_ input: QueryInput) throws(APIError) {
        id = try InstanceID(asked: try input.required("InstanceId"))
        let attribute = input.string("Attribute")
        let value = input.text("Value")
        func given(_ key: String, _ name: String) -> String? {
            input.structure(key)?.text("Value") ?? (attribute == name ? value : nil)
        }
        let groups = try input.strings("GroupId").map { text throws(APIError) in
            do throws(Failure) { return try SecurityGroupID(parsing: text) } catch {
                throw APIError(.notFound(securityGroup: String(text.prefix(60))))
            }
        }
        let devices = try input.structures("BlockDeviceMapping")
        if let type = given("InstanceType", "instanceType") {
            change = .type(type)
        } else if let data = given("UserData", "userData") {
            change = .userData(data)
        } else if let flag = given("DisableApiTermination", "disableApiTermination") {
            change = .terminationProtection(flag == "true")
        } else if let flag = given("DisableApiStop", "disableApiStop") {
            change = .stopProtection(flag == "true")
        } else if let word = given("InstanceInitiatedShutdownBehavior", "instanceInitiatedShutdownBehavior") {
            change = .terminatesOnShutdown(word == "terminate")
        } else if let flag = given("EbsOptimized", "ebsOptimized") {
            change = .ebsOptimized(flag == "true")
        } else if let flag = given("SourceDestCheck", "sourceDestCheck") {
            change = .checksAddresses(flag == "true")
        } else if let device = devices.first {
            guard devices.count == 1, let flag = try device.structure("Ebs")?.bool("DeleteOnTermination") else {
                throw APIError("InvalidParameterCombination", "Change DeleteOnTermination of one device at a time.")
            }
            change = .deletesOnTermination(flag, device: try device.required("DeviceName"))
        } else if !groups.isEmpty {
            change = .groups(groups)
        } else {
            throw APIError("InvalidParameterCombination", "No attributes specified.")
        }
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.modifyInstances([id], change) }
        answer.done()
    }
}
