import Cloud
import Model

/// UserId.1 and its like, to which OperationType gives a meaning. Without one they repeat what a structure of the request says, as Packer
/// sends them.
struct PermissionLists {
    private let named: Set<LaunchPermission>
    private let operation: String?

    init(_ input: QueryInput, _ lists: [(key: String, kind: LaunchPermission.Kind)]) throws(APIError) {
        var named: Set<LaunchPermission> = []
        for (key, kind) in lists {
            for text in try input.strings(key) { named.insert(try LaunchPermission(asked: kind, text)) }
        }
        self.named = named
        operation = input.string("OperationType")
    }

    func apply(to added: inout Set<LaunchPermission>, _ removed: inout Set<LaunchPermission>) throws(APIError) {
        switch operation {
        case "add": added.formUnion(named)
        case "remove": removed.formUnion(named)
        case nil where named.isSubset(of: added.union(removed)): break
        case nil: added.formUnion(named)
        case let other?: throw .invalid(other, of: "OperationType")
        }
    }
}

extension LaunchPermission {
    /// The entries of a list of structures.
    static func asked(_ entries: [QueryInput]) throws(APIError) -> Set<LaunchPermission> {
        var result: Set<LaunchPermission> = []
        for entry in entries {
            for kind in Kind.allCases {
                if let text = entry.string(kind.parameter) { result.insert(try LaunchPermission(asked: kind, text)) }
            }
        }
        return result
    }

    init(asked kind: Kind, _ text: String) throws(APIError) {
        do throws(Failure) { try self.init(kind, text) } catch {
            throw APIError(
                .invalidAMIAttributeItemValue,
                "Invalid attribute item value \"\(text.prefix(200))\" for \(kind.member) item type.")
        }
    }
}

extension LaunchPermission.Kind {
    /// As answers name it.
    var member: String {
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
