import Crypto
import Model
import Records
import SQLite

// The queries of the catalogue that pipelines ask.
extension Session {
    func image(_ id: ImageID, in region: RegionName) throws -> ImageRecord {
        guard let image = try images(of: [id], in: region).first else {
            throw Failure(.notFound, "there is no image \(id) in \(region)")
        }
        return image
    }

    /// The id of the account's live image of that name.
    func image(named name: AMIName, of owner: AccountID) throws -> ImageID? {
        try first("SELECT id FROM images WHERE name = ? AND owner = ? AND \(Catalogue.live)", name, owner) { row in
            try row.parsed("id")
        }
    }

    /// The id of the live image of that name: the account's own, or the only one.
    func image(named name: AMIName, preferring account: AccountID) throws -> ImageID? {
        let sql = "SELECT id, owner FROM images WHERE name = ? AND \(Catalogue.live) ORDER BY rowid"
        let found = try rows(sql, name) { row in
            (id: try row.parsed("id", as: ImageID.self), owner: try row.parsed("owner", as: AccountID.self))
        }
        if let own = found.first(where: { $0.owner == account }) { return own.id }
        guard found.count > 1 else { return found.first?.id }
        let places = found.map { "\($0.id) of \($0.owner)" }.joined(separator: ", ")
        throw Failure(.conflict, "the AMI name \(name) is in use by several accounts: \(places)", hint: "name the image's id")
    }

    func versions(of recipe: ResourceName, where condition: String) throws -> [(id: ImageID, version: ImageVersion)] {
        let sql = "SELECT id, major, minor, patch, build FROM images WHERE recipe = ? AND \(condition) ORDER BY rowid"
        return try rows(sql, recipe) { row in
            guard let version = try row.version() else { throw Failure(.corrupt, "an image of \(recipe) has no version") }
            return (try row.parsed("id"), version)
        }
    }

    func images(_ filter: ImageFilter, in region: RegionName) throws -> [ImageRecord] {
        var conditions: [String] = []
        var values: [any Bindable] = []
        func add(_ condition: String, _ value: (any Bindable)...) {
            conditions.append(condition)
            values += value
        }
        if let ids = filter.ids { add("id IN (SELECT value FROM json_each(?))", Self.list(ids)) }
        if let recipe = filter.recipe { add("recipe = ?", recipe) }
        if let root = filter.root { add("root = ?", root) }
        if let source = filter.source { add("source_region = ? AND source_image = ?", source.region, source.image) }
        if let token = filter.token { add("token = ?", token) }
        for tag in filter.tags {
            add("id IN (SELECT resource FROM tags WHERE key = ? AND value = ?)", tag.key, tag.value)
        }
        add("state IN (SELECT value FROM json_each(?))", Self.list(filter.states.map(\.rawValue).sorted()))
        return try images(where: conditions.joined(separator: " AND "), values, in: region)
    }

    func tags(of resource: String) throws -> TagSet {
        let tags = try rows("SELECT key, value FROM tags WHERE resource = ?", resource) { row in
            try Tag(reserved: try row.text("key"), value: try row.text("value"))
        }
        return try TagSet(tags)
    }

    /// The snapshots of a condition, oldest first.
    func snapshots(_ condition: String, _ values: [any Bindable]) throws -> [SnapshotRecord] {
        try numberedSnapshots("\(condition) ORDER BY started, rowid", values).map(\.snapshot)
    }

    /// The snapshots of a condition with their rows.
    func numberedSnapshots(_ condition: String, _ values: [any Bindable]) throws -> [(row: Int64, snapshot: SnapshotRecord)] {
        var found = try rows("SELECT rowid AS row, * FROM snapshots WHERE \(condition)", values) { row in
            (row: try row.integer("row"), snapshot: try row.snapshot())
        }
        let ids = found.map(\.snapshot.id)
        let tags = try tags(of: ids)
        let permissions = try grouped("volume_permissions", by: "snapshot", ids, order: "kind, grantee") { row in
            try LaunchPermission(row.named("kind"), row.text("grantee"))
        }
        var blocked: [AccountID: Bool] = [:]
        for index in found.indices {
            let (id, owner) = (found[index].snapshot.id.description, found[index].snapshot.owner)
            found[index].snapshot.tags = tags[id] ?? TagSet()
            found[index].snapshot.permissions = Set(permissions[id] ?? [])
            guard found[index].snapshot.permissions.contains(.everyone) else { continue }
            let isBlocked = try blocked[owner] ?? (publicAccessToSnapshots(of: owner) == .blockAllSharing)
            blocked[owner] = isBlocked
            found[index].snapshot.isPublicAccessBlocked = isBlocked
        }
        return found
    }
}

extension Row {
    fileprivate func snapshot() throws -> SnapshotRecord {
        var snapshot = SnapshotRecord(
            id: try parsed("id"), state: try named("state"), description: try text("description"),
            root: try digestIfPresent("root"), logicalSize: try integer("logical_size"), progress: try int("progress"),
            started: try instant("started"), completed: try instantIfPresent("completed"), owner: try parsed("owner"),
            volumeSize: try int("volume_size"), isEncrypted: try bool("encrypted"), tags: TagSet())
        snapshot.key = try parsedIfPresent("key")
        snapshot.volume = try parsedIfPresent("volume")
        snapshot.stateMessage = try textIfPresent("state_message")
        snapshot.parent = try parsedIfPresent("parent")
        snapshot.tier = try named("tier")
        snapshot.restoredUntil = try instantIfPresent("restore_until")
        if let move = try textIfPresent("tiering").flatMap({ Tiering.Move(rawValue: $0) }) {
            snapshot.tiering = Tiering(move: move, started: try instant("tiered"))
        }
        if let mode = try textIfPresent("lock_mode").flatMap({ SnapshotLock.Mode(rawValue: $0) }) {
            snapshot.lock = SnapshotLock(
                mode: mode, locked: try instant("locked"), cools: try instantIfPresent("lock_cools"),
                ends: try instant("lock_ends"))
        }
        if let entered = try instantIfPresent("recycled"), let leaves = try instantIfPresent("recycled_until") {
            snapshot.recycled = RecycledSpan(entered: entered, leaves: leaves)
        }
        return snapshot
    }
}
