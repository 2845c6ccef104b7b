import Crypto
import Model
import Records
import SQLite

// The queries of the catalogue.
extension Session {
    func image(_ id: ImageID, in region: RegionName) throws -> ImageRecord {
        guard let image = try images("id = ?", [id], in: region).first else {
            throw Failure(.notFound, "there is no image \(id) in \(region)")
        }
        return image
    }

    /// The id of the live image of that name.
    func image(named name: AMIName) throws -> ImageID? {
        try first("SELECT id FROM images WHERE name = ? AND \(Catalogue.live)", name) { row in try row.parsed("id") }
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
        if let ids = filter.ids {
            add("id IN (\(Self.placeholders(ids.count)))")
            values += ids.map { $0 as any Bindable }
        }
        if let recipe = filter.recipe { add("recipe = ?", recipe) }
        if let root = filter.root { add("root = ?", root) }
        if let source = filter.source { add("source_region = ? AND source_image = ?", source.region, source.image) }
        if let token = filter.token { add("token = ?", token) }
        for tag in filter.tags {
            add("id IN (SELECT resource FROM tags WHERE key = ? AND value = ?)", tag.key, tag.value)
        }
        let states = filter.states.sorted { $0.rawValue < $1.rawValue }
        add("state IN (\(Self.placeholders(states.count)))")
        values += states.map { $0.rawValue as any Bindable }
        return try images(conditions.joined(separator: " AND "), values, in: region)
    }

    private static func placeholders(_ count: Int) -> String {
        repeatElement("?", count: count).joined(separator: ", ")
    }

    private func images(_ condition: String, _ values: [any Bindable], in region: RegionName) throws -> [ImageRecord] {
        let sql = "SELECT * FROM images WHERE \(condition) ORDER BY created, rowid"
        return try rows(sql, values) { row in
            let id: ImageID = try row.parsed("id")
            return try row.image(id, in: region, volumes: volumes(of: id), tags: tags(of: id.description))
        }
    }

    func volumes(of image: ImageID) throws -> [VolumeMapping] {
        try rows("SELECT * FROM volumes WHERE image = ? ORDER BY position", image) { row in
            let volume = Volume(
                size: try row.int("size"), type: try row.named("type"), isEncrypted: try row.bool("encrypted"),
                iops: try row.intIfPresent("iops"), throughput: try row.intIfPresent("throughput"),
                isDeletedOnTermination: try row.bool("delete_on_termination"))
            return VolumeMapping(
                deviceName: try row.text("device"), volume: volume, snapshot: try row.parsedIfPresent("snapshot"))
        }
    }

    func tags(of resource: String) throws -> TagSet {
        let tags = try rows("SELECT key, value FROM tags WHERE resource = ?", resource) { row in
            try Tag(key: try row.text("key"), value: try row.text("value"))
        }
        return try TagSet(tags)
    }

    func snapshots(_ condition: String, _ values: [any Bindable]) throws -> [SnapshotRecord] {
        try rows("SELECT * FROM snapshots WHERE \(condition) ORDER BY started, rowid", values) { row in
            SnapshotRecord(
                id: try row.parsed("id"), state: try row.named("state"), description: try row.text("description"),
                root: try row.digestIfPresent("root"), logicalSize: try row.integer("logical_size"),
                progress: try row.int("progress"), started: try row.instant("started"),
                completed: try row.instantIfPresent("completed"), owner: try row.parsed("owner"),
                volumeSize: try row.int("volume_size"), isEncrypted: try row.bool("encrypted"),
                tags: try tags(of: try row.text("id")))
        }
    }
}

extension Row {
    fileprivate func version() throws -> ImageVersion? {
        guard let major = try intIfPresent("major") else { return nil }
        return ImageVersion(major, try int("minor"), try int("patch"), build: try int("build"))
    }

    fileprivate func image(_ id: ImageID, in region: RegionName, volumes: [VolumeMapping], tags: TagSet) throws -> ImageRecord {
        ImageRecord(
            id: id, region: region, name: try parsed("name"), description: try text("description"), state: try named("state"),
            failureReason: try textIfPresent("failure"), release: try release(), root: try digestIfPresent("root"),
            logicalSize: try integer("logical_size"), architecture: try named("architecture"), created: try instant("created"),
            owner: try parsed("owner"), source: try source(), parent: try parsedIfPresent("parent"),
            rootDeviceName: try text("root_device"), volumes: volumes, tags: tags)
    }

    private func release() throws -> Release? {
        guard let recipe: ResourceName = try parsedIfPresent("recipe"), let version = try version() else { return nil }
        return Release(recipe: recipe, version: version)
    }

    private func source() throws -> ImageSource? {
        guard let image: ImageID = try parsedIfPresent("source_image") else { return nil }
        return ImageSource(region: try parsed("source_region"), image: image)
    }
}
