import Cloud
import Model

/// One attribute of an image of the caller's.
struct DescribeImageAttribute: EC2Action {
    private let id: ImageID
    private let attribute: String

    init(_ input: QueryInput) throws(APIError) {
        id = try input.imageID()
        attribute = try input.required("Attribute")
        if attribute == "blockDeviceMapping" {
            throw APIError("AuthFailure", "Unauthorized attempt to access restricted resource", status: 401)
        }
        guard Self.attributes.contains(attribute) else { throw .invalid(attribute, of: "Attribute") }
    }

    private static let attributes: Set = [
        "description", "kernel", "ramdisk", "launchPermission", "productCodes", "sriovNetSupport", "bootMode", "tpmSupport",
        "uefiData", "lastLaunchedTime", "imdsSupport", "deregistrationProtection",
    ]

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let image = try asking { () throws(Failure) in try call.actions.imageAttributes(id) }
        answer.element("imageId", id.description)
        switch attribute {
        case "launchPermission":
            answer.list(attribute, image.permissions.sorted()) { permission, xml in
                xml.element(permission.kind.member, permission.grantee)
            }
        case "productCodes": answer.products(image.products)
        default:
            let value = value(of: image, call.now)
            answer.element(attribute) { $0.element("value", ifPresent: value) }
        }
    }

    private func value(of image: ImageRecord, _ now: Instant) -> String? {
        let machine = image.machine
        return switch attribute {
        case "description": image.description
        case "kernel": machine.kernel
        case "ramdisk": machine.ramdisk
        case "sriovNetSupport": machine.sriovNetSupport
        case "bootMode": machine.bootMode?.rawValue
        case "tpmSupport": machine.needsTPM ? MachineAttributes.version2 : nil
        case "imdsSupport": machine.needsIMDSv2 ? MachineAttributes.version2 : nil
        case "uefiData": machine.uefiData
        case "lastLaunchedTime": image.lastLaunched?.description
        case "deregistrationProtection": image.protection.text(at: now)
        default: nil
        }
    }
}

/// Changes an attribute of an image of the caller's. Clients say what they want in several ways, some in two at once.
struct ModifyImageAttribute: EC2Action {
    private let id: ImageID
    private var description: String?
    private var needsIMDSv2 = false
    private var productCodes: [ProductCode]
    private var added: Set<LaunchPermission> = []
    private var removed: Set<LaunchPermission> = []

    init(_ input: QueryInput) throws(APIError) {
        id = try input.imageID()
        let attribute = input.string("Attribute")
        let value = input.text("Value")
        productCodes = try input.strings("ProductCode").map { ProductCode($0) }
        description = input.structure("Description")?.text("Value") ?? (attribute == "description" ? value : nil)
        if let version = input.structure("ImdsSupport")?.string("Value") ?? (attribute == "imdsSupport" ? value : nil) {
            guard version == MachineAttributes.version2 else { throw .invalid(version, of: "ImdsSupport") }
            needsIMDSv2 = true
        }
        if let permission = input.structure("LaunchPermission") {
            added = try LaunchPermission.asked(try permission.structures("Add"))
            removed = try LaunchPermission.asked(try permission.structures("Remove"))
        }
        let lists: [(String, LaunchPermission.Kind)] = [
            ("UserId", .account), ("UserGroup", .group), ("OrganizationArn", .organization), ("OrganizationalUnitArn", .unit),
        ]
        try PermissionLists(input, lists).apply(to: &added, &removed)
        guard description != nil || needsIMDSv2 || !productCodes.isEmpty || !added.isEmpty || !removed.isEmpty else {
            throw APIError("InvalidParameterCombination", "No attributes specified.")
        }
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in
            let actions = try call.actions
            if let description { try actions.setDescription(description, of: id) }
            if needsIMDSv2 { try actions.requireIMDSv2(of: id) }
            if !productCodes.isEmpty { try actions.addProductCodes(productCodes, to: id) }
            if !added.isEmpty || !removed.isEmpty {
                try actions.changeLaunchPermissions(of: id, adding: added, removing: removed)
            }
        }
        answer.done()
    }
}

/// Takes all launch permissions away.
struct ResetImageAttribute: EC2Action {
    private let id: ImageID

    init(_ input: QueryInput) throws(APIError) {
        id = try input.imageID()
        let attribute = try input.required("Attribute")
        guard attribute == "launchPermission" else { throw .invalid(attribute, of: "Attribute") }
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.resetLaunchPermissions(of: id) }
        answer.done()
    }
}
