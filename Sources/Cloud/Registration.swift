import Model
import Records
import SQLite

// A new image of a pipeline: its row, its snapshot and all tags, in one transaction.
extension EmbeddedRegion {
    package func registerPending(_ new: NewImage) throws(Failure) -> ImageRecord {
        let hasSnapshot = new.machine.rootDevice == .ebs
        guard !hasSnapshot || new.volumes.contains(where: { $0.deviceName == new.rootDeviceName }) else {
            throw Failure(.invalid, "the image \(new.name) has no volume for its root device \(new.rootDeviceName)")
        }
        let id: ImageID = try newID()
        var new = new
        for index in new.volumes.indices where new.volumes[index].volume.isEncrypted && new.volumes[index].volume.key == nil {
            new.volumes[index].volume.key = try volumeKey(isEncrypted: true, key: nil)
        }
        let snapshot: SnapshotID? = hasSnapshot ? try newID() : nil
        let image = image(new, id, snapshot)
        return try database.write("register the image \(new.name)") { session in
            if let known = try session.image(token: new.token) { return try session.image(known, in: name) }
            try session.checkName(new.name, of: image.owner)
            try session.checkVersion(of: new)
            if let snapshot { try session.enter(pendingSnapshot(snapshot, of: image, tags: new.snapshotTags)) }
            try session.enter(image, token: new.token)
            return try session.image(id, in: name)
        }
    }

    private func image(_ new: NewImage, _ id: ImageID, _ snapshot: SnapshotID?) -> ImageRecord {
        var image = ImageRecord(
            id: id, region: name, name: new.name, description: new.description, state: .pending, failureReason: nil,
            release: new.release, root: nil, logicalSize: 0, architecture: new.architecture, created: new.created,
            owner: new.owner ?? account, source: new.source, parent: new.parent, rootDeviceName: new.rootDeviceName,
            volumes: new.volumes, tags: new.tags)
        for index in image.volumes.indices {
            image.volumes[index].snapshot = image.volumes[index].deviceName == new.rootDeviceName ? snapshot : nil
        }
        image.machine = new.machine
        return image
    }

    private func pendingSnapshot(_ id: SnapshotID, of image: ImageRecord, tags: TagSet) -> SnapshotRecord {
        let root = image.volumes.first { $0.deviceName == image.rootDeviceName }?.volume
        var snapshot = SnapshotRecord(
            id: id, state: .pending, description: image.snapshotDescription, root: nil, logicalSize: 0, progress: 0,
            started: image.created, completed: nil, owner: image.owner, volumeSize: root?.size ?? 0,
            isEncrypted: root?.isEncrypted ?? false, tags: tags)
        snapshot.key = root?.key
        return snapshot
    }
}

extension ImageRecord {
    /// EC2 words the description of an image's snapshot like this.
    var snapshotDescription: String {
        if let source { return "Copied for DestinationAmi \(id) from SourceAmi \(source.image)" }
        return sourceInstance.map { "Created by CreateImage(\($0)) for \(id)" } ?? "Created for \(id)"
    }
}

extension Session {
    fileprivate func image(token: String) throws -> ImageID? {
        try first("SELECT id FROM images WHERE token = ?", token) { row in try row.parsed("id") }
    }

    fileprivate func checkName(_ name: AMIName, of owner: AccountID) throws {
        guard let other = try image(named: name, of: owner) else { return }
        throw Failure(
            .conflict, "the AMI name \(name) is already in use by the AMI \(other)",
            hint: "choose another name, or deregister \(other)")
    }

    /// A version is taken by a live image; and for anything but a copy also by one that is gone: a number is not used twice.
    fileprivate func checkVersion(of new: NewImage) throws {
        guard let release = new.release else { return }
        let condition = new.source == nil ? "state <> 'failed'" : Catalogue.live
        guard let other = try image(of: release, where: condition) else { return }
        throw Failure(.conflict, "the version \(release) is already taken by the image \(other)")
    }

    func image(of release: Release, where condition: String) throws -> ImageID? {
        try versions(of: release.recipe, where: condition).first { $0.version == release.version }?.id
    }
}
