import Model
import Records
import SQLite

/// A superset of the images that a query lets through, found by indexes alone.
///
/// It may hold too much, never too little: each image is asked again by `ImageMatcher`.
struct ImageCandidates {
    private var conditions = ["state <> 'deregistered'"]
    private var values: [any Bindable] = []
    private var owner = "owner"

    init(_ query: ImageQuery, caller: Caller, directory: AccountDirectory) {
        if let after = query.after { add("rowid > ?", after.row) }
        let before = conditions.count
        for filter in query.filters { add(filter) }
        // SQLite has no statistics here: where a filter narrows, the plus keeps it from going by the owner's many images instead.
        owner = conditions.count > before ? "+owner" : "owner"
        addOwners(query, caller, directory)
        addVisibility(caller)
    }

    /// In the order of registration. The rows are sorted here, so that no plan walks the whole table for the order's sake.
    func find(_ session: Session) throws -> [(row: Int64, id: ImageID)] {
        let sql = "SELECT rowid AS row, id FROM images WHERE \(conditions.joined(separator: " AND "))"
        return try session.rows(sql, values) { row in (row: try row.integer("row"), id: try row.parsed("id")) }
            .sorted { $0.row < $1.row }
    }

    private mutating func add(_ condition: String, _ values: (any Bindable)...) {
        conditions.append(condition)
        self.values += values
    }

    private mutating func addOwners(_ query: ImageQuery, _ caller: Caller, _ directory: AccountDirectory) {
        if query.owners.isEmpty { return }
        let owners = query.owners.flatMap { owner -> [AccountID] in
            switch owner {
            case .own: caller.principal.account.map { [$0] } ?? []
            case .account(let id): [id]
            case .alias(let alias): directory.accounts(under: alias).map(\.id)
            }
        }
        add("\(owner) IN (SELECT value FROM json_each(?))", Session.list(owners))
    }

    private mutating func addVisibility(_ caller: Caller) {
        var grantees = [(LaunchPermission.Kind.group, LaunchPermission.all)]
        if let account = caller.principal.account { grantees.append((.account, account.description)) }
        if let organization = caller.organization { grantees.append((.organization, organization.description)) }
        grantees += caller.units.map { (.unit, $0.description) }
        let pairs = grantees.map { _ in "(kind = ? AND grantee = ?)" }.joined(separator: " OR ")
        conditions.append("(\(owner) = ? OR id IN (SELECT image FROM launch_permissions WHERE \(pairs)))")
        values.append(caller.principal.account?.description ?? "")
        for (kind, grantee) in grantees { values += [kind.rawValue, grantee] as [any Bindable] }
    }

    private mutating func add(_ filter: ResourceFilter) {
        guard let literals = filter.literals else { return }
        let list = JSONTexts.list(literals)
        switch filter.name {
        case "image-id": add("id IN (SELECT value FROM json_each(?))", list)
        case "name": add("name IN (SELECT value FROM json_each(?))", list)
        case "owner-id": add("owner IN (SELECT value FROM json_each(?))", list)
        case "source-image-id":
            add(
                "(source_image IN (SELECT value FROM json_each(?)) OR parent IN (SELECT value FROM json_each(?)))", list, list)
        case "tag-key":
            add("id IN (SELECT resource FROM tags WHERE key IN (SELECT value FROM json_each(?)))", list)
        case "block-device-mapping.snapshot-id":
            add("id IN (SELECT image FROM volumes WHERE snapshot IN (SELECT value FROM json_each(?)))", list)
        case let name where name.hasPrefix(ImageFilterField.tagPrefix):
            let key = String(name.dropFirst(ImageFilterField.tagPrefix.count))
            add(
                "id IN (SELECT resource FROM tags WHERE key = ? AND value IN (SELECT value FROM json_each(?)))", key, list)
        default: break
        }
    }
}

/// Texts as a JSON array, for one placeholder.
enum JSONTexts {
    static func list(_ texts: [String]) -> String {
        "[" + texts.map { "\"\(escaped($0))\"" }.joined(separator: ",") + "]"
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case _ where scalar.value < 0x20:
                let hex = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
