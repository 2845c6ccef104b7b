import Crypto
import ImageStore
import Model
import Platform
import Records
import SQLite

// CreateSnapshot and CopySnapshot. Content is durable before a row names it.
extension EmbeddedActions {
    func createSnapshot(of volume: VolumeID, description: String, tags: TagSet) throws(Failure) -> SnapshotRecord {
        let account = try account
        let id: SnapshotID = try region.newID()
        let writer = try StoreWriter(try region.store)
        defer { withExtendedLifetime(writer) {} }
        // A blank volume holds an empty filesystem.
        let blank = try TreeEditor(root: nil, in: writer, date: 0).finish()
        if !isDryRun { try writer.publish() }
        return try write("make a snapshot of \(volume)") { session in
            try take(id, of: try ownVolume(volume, session), description, tags, account, blank: blank, session)
        }
    }

    func createSnapshots(_ new: InstanceSnapshots) throws(Failure) -> [SnapshotRecord] {
        try settle()
        let account = try account
        let writer = try StoreWriter(try region.store)
        defer { withExtendedLifetime(writer) {} }
        let blank = try TreeEditor(root: nil, in: writer, date: 0).finish()
        if !isDryRun { try writer.publish() }
        return try write("make snapshots of \(new.instance)") { session in
            guard let instance = try session.instances(of: account).first(where: { $0.id == new.instance }) else {
                throw Failure(.notFound(instances: [new.instance]))
            }
            if let other = new.leftOut.first(where: { id in !instance.volumes.contains { $0.id == id } }) {
                throw Failure(.notFound(volume: other))
            }
            let volumes = instance.volumes.filter { volume in
                !new.leftOut.contains(volume.id)
                    && !(new.leavesOutRoot && volume.attachment?.device == instance.rootDeviceName)
            }
            return try volumes.map { volume in
                let tags = new.copiesVolumeTags ? try volume.tags.merging(new.tags) : new.tags
                return try take(try region.newID(), of: volume, new.description, tags, account, blank: blank, session)
            }
        }
    }

    private func take(
        _ id: SnapshotID, of record: VolumeRecord, _ description: String, _ tags: TagSet, _ account: AccountID, blank: Digest,
        _ session: Session
    ) throws -> SnapshotRecord {
        try checkSnapshotRoom(session)
        var snapshot = SnapshotRecord(
            id: id, state: .completed, description: description, root: record.root ?? blank,
            logicalSize: record.logicalSize, progress: 100, started: now, completed: now, owner: account,
            volumeSize: record.volume.size, isEncrypted: record.volume.isEncrypted, tags: tags)
        snapshot.volume = record.id
        let before = "volume = ? AND state = 'completed' ORDER BY started DESC, rowid DESC"
        snapshot.parent = try session.first("SELECT id FROM snapshots WHERE \(before)", record.id) { row in
            try row.parsed("id")
        }
        if snapshot.parent == nil { snapshot.parent = record.snapshot }
        try session.enter(snapshot)
        return snapshot
    }

    func copySnapshot(_ copy: SnapshotCopying) throws(Failure) -> SnapshotID {
        let account = try account
        try Self.checkEncryption(isEncrypted: copy.isEncrypted, key: copy.key).check()
        let id: SnapshotID = try region.newID()
        let writer = try StoreWriter(try region.store)
        defer { withExtendedLifetime(writer) {} }
        let source = try source(of: copy)
        if !isDryRun, let root = source.root { try move([root], from: copy.sourceRegion, to: writer) }
        return try write("copy the snapshot \(copy.source)") { session in
            try checkSnapshotRoom(session)
            let text = "[Copied \(copy.source) from \(copy.sourceRegion)]"
            let snapshot = SnapshotRecord(
                id: id, state: .completed, description: copy.description.isEmpty ? text : "\(text) \(copy.description)",
                root: source.root, logicalSize: source.logicalSize, progress: 100, started: now, completed: now, owner: account,
                volumeSize: source.volumeSize, isEncrypted: source.isEncrypted, tags: copy.tags)
            try session.enter(snapshot)
            return id
        }
    }

    /// The snapshot, as the caller may read it in its own region.
    private func source(of copy: SnapshotCopying) throws(Failure) -> SnapshotRecord {
        guard plane.settings.regionNames.contains(copy.sourceRegion.description) else {
            throw Failure(.invalid(region: copy.sourceRegion.description))
        }
        guard try plane.regions().contains(copy.sourceRegion) else { throw Failure(.notFound(snapshot: copy.source)) }
        return try plane.open(copy.sourceRegion).database.read("look up the snapshot \(copy.source)") { session in
            let snapshot = try visibleSnapshot(copy.source, session)
            try snapshot.checkReadable()
            return snapshot
        }
    }

    static func checkEncryption(isEncrypted: Bool, key: String?) -> PlaneError? {
        if key != nil && !isEncrypted {
            return PlaneError(
                .invalidParameterDependency, "The parameter KmsKeyId requires the parameter Encrypted to be set.")
        }
        return isEncrypted ? PlaneError(.unsupportedOperation, "This plane has no keys to encrypt under.") : nil
    }

    /// Moves what the region's store does not have; within a region nothing moves.
    func move(_ roots: Set<Digest>, from source: RegionName, to writer: StoreWriter) throws(Failure) {
        guard source != region.name else { return }
        let store = try plane.open(source).store
        for root in roots.sorted(by: { $0.hex < $1.hex }) { _ = try Transfer(from: store, to: writer).run(root) }
        try writer.publish()
    }

    func checkSnapshotRoom(_ session: Session) throws {
        let count = try session.first("SELECT count(*) AS n FROM snapshots WHERE owner = ?", try account) { row in
            try row.int("n")
        }
        try ServiceLimits.refusal(count ?? 0, limit: plane.settings.limits.snapshots, of: "snapshots").check()
    }
}

extension SnapshotRecord {
    /// A snapshot is read once it is completed, and not while it lies in the archive.
    func checkReadable() throws(Failure) {
        guard state == .completed, root != nil else {
            throw Failure(PlaneError(.incorrectState, "The snapshot '\(id)' is not completed."))
        }
        guard tier == .standard else {
            throw Failure(PlaneError(.incorrectState, "The snapshot '\(id)' is archived and must be restored first."))
        }
    }
}
