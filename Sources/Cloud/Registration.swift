import Model
import Records
import SQLite

// A new image: its row, its snapshot and all tags, in one transaction.
extension EmbeddedRegion {
    package func registerPending(_ new: NewImage) throws(Failure) -> ImageRecord {
        guard new.volumes.contains(where: { $0.deviceName == new.rootDeviceName }) else {
            throw Failure(.invalid, "the image \(new.name) has no volume for its root device \(new.rootDeviceName)")
        }
        let id: ImageID = try newID()
        let snapshot: SnapshotID = try newID()
        return try database.write("register the image \(new.name)") { session in
            if let known = try session.image(token: new.token) { return try session.image(known, in: name) }
            try session.checkName(of: new)
            try session.checkVersion(of: new)
            try session.insert(new, as: id, owner: EmbeddedPlane.account)
            try session.insertSnapshot(snapshot, of: new, image: id, owner: EmbeddedPlane.account)
            for (position, mapping) in new.volumes.enumerated() {
                let isRoot = mapping.deviceName == new.rootDeviceName
                try session.insert(mapping, at: position, of: id, snapshot: isRoot ? snapshot : nil)
            }
            try session.setTags(new.tags, of: id.description)
            try session.setTags(new.snapshotTags, of: snapshot.description)
            return try session.image(id, in: name)
        }
    }
}

extension Session {
    fileprivate func image(token: String) throws -> ImageID? {
        try first("SELECT id FROM images WHERE token = ?", token) { row in try row.parsed("id") }
    }

    fileprivate func checkName(of new: NewImage) throws {
        guard let other = try image(named: new.name) else { return }
        throw Failure(
            .conflict, "the AMI name \(new.name) is already in use by the AMI \(other)",
            hint: "choose another name, or deregister \(other)")
    }

    /// A version is taken by a live image; and for anything but a copy also by one that is gone: a number is not used twice.
    fileprivate func checkVersion(of new: NewImage) throws {
        guard let release = new.release else { return }
        let condition = new.source == nil ? "state <> 'failed'" : Catalogue.live
        guard let other = try versions(of: release.recipe, where: condition).first(where: { $0.version == release.version })
        else { return }
        throw Failure(.conflict, "the version \(release) is already taken by the image \(other.id)")
    }

    fileprivate func insert(_ new: NewImage, as id: ImageID, owner: String) throws {
        let version = new.release?.version
        try run(
            """
            INSERT INTO images (id, token, name, description, state, recipe, major, minor, patch, build, logical_size,
                architecture, created, owner, source_region, source_image, parent, root_device)
            VALUES (?, ?, ?, ?, 'pending', ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?)
            """,
            id, new.token, new.name, new.description, new.release?.recipe, version?.major, version?.minor, version?.patch,
            version?.build, new.architecture.rawValue, new.created, owner, new.source?.region, new.source?.image, new.parent,
            new.rootDeviceName)
    }

    fileprivate func insertSnapshot(_ id: SnapshotID, of new: NewImage, image: ImageID, owner: String) throws {
        let root = new.volumes.first { $0.deviceName == new.rootDeviceName }
        // EC2 words the description of a snapshot like this.
        let description =
            new.source.map { "Copied for DestinationAmi \(image) from SourceAmi \($0.image)" } ?? "Created for \(image)"
        try run(
            """
            INSERT INTO snapshots (id, state, description, logical_size, progress, started, owner, volume_size, encrypted)
            VALUES (?, 'pending', ?, 0, 0, ?, ?, ?, ?)
            """,
            id, description, new.created, owner, root?.volume.size, root?.volume.isEncrypted)
    }

    fileprivate func insert(_ mapping: VolumeMapping, at position: Int, of image: ImageID, snapshot: SnapshotID?) throws {
        let volume = mapping.volume
        try run(
            "INSERT INTO volumes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", image, position, mapping.deviceName, snapshot,
            volume.size, volume.type.rawValue, volume.isEncrypted, volume.iops, volume.throughput,
            volume.isDeletedOnTermination)
    }

    /// Replaces all tags of a resource.
    func setTags(_ tags: TagSet, of resource: String) throws {
        try run("DELETE FROM tags WHERE resource = ?", resource)
        for tag in tags { try run("INSERT INTO tags VALUES (?, ?, ?)", resource, tag.key, tag.value) }
    }
}
