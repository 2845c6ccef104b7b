import Cloud
import Model

/// Who may make volumes of a snapshot of the caller's.
struct DescribeSnapshotAttribute: EC2Action {
    private let id: SnapshotID
    private let attribute: String

    init(_ input: QueryInput) throws(APIError) {
        id = try input.snapshotID()
        attribute = try input.required("Attribute")
        guard attribute == Self.permission || attribute == "productCodes" else { throw .invalid(attribute, of: "Attribute") }
    }

    static let permission = "createVolumePermission"

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let (snapshot, products) = try asking { () throws(Failure) in
            (try call.actions.snapshotAttributes(id), try call.actions.products(of: id))
        }
        answer.element("snapshotId", id.description)
        if attribute == "productCodes" { return answer.products(products) }
        answer.list(attribute, snapshot.permissions.sorted()) { permission, xml in
            xml.element(permission.kind.member, permission.grantee)
        }
    }
}

struct ModifySnapshotAttribute: EC2Action {
    private let id: SnapshotID
    private var added: Set<LaunchPermission> = []
    private var removed: Set<LaunchPermission> = []

    init(_ input: QueryInput) throws(APIError) {
        id = try input.snapshotID()
        if let attribute = input.string("Attribute"), attribute != DescribeSnapshotAttribute.permission {
            throw .invalid(attribute, of: "Attribute")
        }
        if let permission = input.structure("CreateVolumePermission") {
            added = try LaunchPermission.asked(try permission.structures("Add"))
            removed = try LaunchPermission.asked(try permission.structures("Remove"))
        }
        try PermissionLists(input, [("UserId", .account), ("UserGroup", .group)]).apply(to: &added, &removed)
        guard !added.isEmpty || !removed.isEmpty else {
            throw APIError("InvalidParameterCombination", "No attributes specified.")
        }
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in
            try call.actions.changeVolumePermissions(of: id, adding: added, removing: removed)
        }
        answer.done()
    }
}

struct ResetSnapshotAttribute: EC2Action {
    private let id: SnapshotID

    init(_ input: QueryInput) throws(APIError) {
        id = try input.snapshotID()
        let attribute = try input.required("Attribute")
        guard attribute == DescribeSnapshotAttribute.permission else { throw .invalid(attribute, of: "Attribute") }
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.resetVolumePermissions(of: id) }
        answer.done()
    }
}
