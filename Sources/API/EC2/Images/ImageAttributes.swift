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
            added = try Self.permissions(try permission.structures("Add"))
            removed = try Self.permissions(try permission.structures("Remove"))
        }
        try readFlatPermissions(input)
        guard description != nil || needsIMDSv2 || !productCodes.isEmpty || !added.isEmpty || !removed.isEmpty else {
            throw APIError("InvalidParameterCombination", "No attributes specified.")
        }
    }

    /// UserId.1 and its like, which OperationType gives a meaning. Without one they repeat what LaunchPermission says, as Packer sends them.
    private mutating func readFlatPermissions(_ input: QueryInput) throws(APIError) {
        var named: Set<LaunchPermission> = []
        let lists: [(String, LaunchPermission.Kind)] = [
            ("UserId", .account), ("UserGroup", .group), ("OrganizationArn", .organization), ("OrganizationalUnitArn", .unit),
        ]
        for (key, kind) in lists {
            for text in try input.strings(key) { named.insert(try Self.permission(kind, text)) }
        }
        switch input.string("OperationType") {
        case "add": added.formUnion(named)
        case "remove": removed.formUnion(named)
        case nil where named.isSubset(of: added.union(removed)): break
        case nil: added.formUnion(named)
        case let other?: throw .invalid(other, of: "OperationType")
        }
    }

    private static func permissions(_ entries: [QueryInput]) throws(APIError) -> Set<LaunchPermission> {
        var result: Set<LaunchPermission> = []
        for entry in entries {
            for kind in LaunchPermission.Kind.allCases {
                if let text = entry.string(kind.parameter) { result.insert(try permission(kind, text)) }
            }
        }
        return result
    }

    private static func permission(_ kind: LaunchPermission.Kind, _ text: String) throws(APIError) -> LaunchPermission {
        do throws(Failure) { return try LaunchPermission(kind, text) } catch {
            throw APIError(
                "InvalidAMIAttributeItemValue",
                "Invalid attribute item value \"\(text.prefix(200))\" for \(kind.member) item type.")
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

extension LaunchPermission.Kind {
    /// As answers name it.
    fileprivate var member: String {
        switch self {
        case .account: "userId"
        case .group: "group"
        case .organization: "organizationArn"
        case .unit: "organizationalUnitArn"
        }
    }

    /// As requests name it.
    fileprivate var parameter: String {
        switch self {
        case .account: "UserId"
        case .group: "Group"
        case .organization: "OrganizationArn"
        case .unit: "OrganizationalUnitArn"
        }
    }
}
