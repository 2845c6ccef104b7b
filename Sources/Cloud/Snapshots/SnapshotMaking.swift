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
        let record = try region.database.read("look up the volume \(volume)") { try ownVolume(volume, $0) }
        let moves = ContentMoves(plane, to: region)
        defer { withExtendedLifetime(moves) {} }
        let blank = try blank(under: [record.volume.key], moves)
        let disks = try storeDisks(of: [record], hasLock: false, moves)
        return try write("make a snapshot of \(volume)") { session in
            for disk in disks { try session.keep(disk) }
            return try take(id, of: try ownVolume(volume, session), description, tags, account, blank: blank, session)
        }
    }

    func createSnapshots(_ new: InstanceSnapshots) throws(Failure) -> [SnapshotRecord] {
        try settle()
        let account = try account
        let all = try region.database.read("look up the instance \(new.instance)") { session in
            try session.instances(of: account, only: new.instance).first?.volumes ?? []
        }
        let moves = ContentMoves(plane, to: region)
        defer { withExtendedLifetime(moves) {} }
        let blank = try blank(under: all.map(\.volume.key), moves)
        let disks = try storeDisks(of: all.filter { !new.leftOut.contains($0.id) }, hasLock: false, moves)
        return try write("make snapshots of \(new.instance)") { session in
            guard let instance = try session.instances(of: account, only: new.instance).first else {
                throw Failure(.notFound(instances: [new.instance]))
            }
            if let other = new.leftOut.first(where: { id in !instance.volumes.contains { $0.id == id } }) {
                throw Failure(.notFound(volume: other))
            }
            for disk in disks { try session.keep(disk) }
            let now = try session.volumes("instance = ?", [instance.id]).map(\.volume)
            let volumes = now.filter { volume in
                !new.leftOut.contains(volume.id)
                    && !(new.leavesOutRoot && volume.attachment?.device == instance.rootDeviceName)
            }
            return try volumes.map { volume in
                let tags = new.copiesVolumeTags ? try volume.tags.unreserved.merging(new.tags) : new.tags
                return try take(try region.newID(), of: volume, new.description, tags, account, blank: blank, session)
            }
        }
    }

    /// The disks of all volumes but the root one, in the store.
    func dataDisks(of instance: InstanceRecord, _ moves: ContentMoves) throws(Failure) -> DataDisks? {
        let volumes = instance.volumes.filter { $0.attachment?.device != instance.rootDeviceName }
        if volumes.isEmpty { return nil }
        return DataDisks(
            blank: try blank(under: volumes.map(\.volume.key), moves), stored: try storeDisks(of: volumes, hasLock: false, moves))
    }

    /// Snapshots of all volumes of the image's instance but the root one; the image's mappings name them.
    func snapshotData(
        _ data: DataDisks, for image: inout ImageRecord, of instance: InstanceID, tags: TagSet, _ session: Session
    ) throws {
        for disk in data.stored { try session.keep(disk) }
        for volume in try session.volumes("instance = ?", [instance]).map(\.volume) {
            guard let device = volume.attachment?.device, device != image.rootDeviceName,
                let position = image.volumes.firstIndex(where: { $0.deviceName == device })
            else { continue }
            let snapshot = try take(
                try region.newID(), of: volume, image.snapshotDescription, tags, image.owner, blank: data.blank, session)
            image.volumes[position].snapshot = snapshot.id
        }
    }

    /// The tree of a blank volume, an empty filesystem, in the store of each key.
    private func blank(under keys: [KeyARN?], _ moves: ContentMoves) throws(Failure) -> Digest {
        var root = try TreeEditor(root: nil, in: moves.writer(under: keys.first ?? nil), date: 0).finish()
        for key in keys.dropFirst() { root = try TreeEditor(root: nil, in: moves.writer(under: key), date: 0).finish() }
        if !isDryRun { try moves.publish() }
        return root
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
        snapshot.key = record.volume.key
        snapshot.volume = record.id
        let before = "volume = ? AND state = 'completed' ORDER BY started DESC, rowid DESC"
        snapshot.parent = try session.first("SELECT id FROM snapshots WHERE \(before)", record.id) { row in
            try row.parsed("id")
        }
        if snapshot.parent == nil { snapshot.parent = record.snapshot }
        try session.enter(snapshot)
        try session.enter(try session.products(of: record.id.description), of: id.description)
        if let disk = try session.disk(of: record.id) { try session.setDisk(disk, of: id) }
        return snapshot
    }

    func copySnapshot(_ copy: SnapshotCopying) throws(Failure) -> SnapshotID {
        let account = try account
        let id: SnapshotID = try region.newID()
        let (source, disk, products, decision) = try source(of: copy)
        let wish = EncryptionWish(isEncrypted: copy.isEncrypted, key: copy.key, isCopy: true)
        var place = try place(wish, of: source, from: copy.sourceRegion)
        if case .failing(let reason) = decision { place = .failing(reason) }
        let moves = ContentMoves(plane, to: region)
        defer { withExtendedLifetime(moves) {} }
        if place.failure == nil, !isDryRun, let root = source.root {
            try moves.move(root, with: disk, from: copy.sourceRegion, under: source.key, to: place.key)
            try moves.publish()
        }
        return try write("copy the snapshot \(copy.source)") { session in
            try checkSnapshotRoom(session)
            try checkIsThere(source, in: copy.sourceRegion, session)
            let text = "[Copied \(copy.source) from \(copy.sourceRegion)]"
            let isMade = place.failure == nil
            var snapshot = SnapshotRecord(
                id: id, state: isMade ? .completed : .error,
                description: copy.description.isEmpty ? text : "\(text) \(copy.description)", root: isMade ? source.root : nil,
                logicalSize: isMade ? source.logicalSize : 0, progress: isMade ? 100 : 0, started: now, completed: now,
                owner: account, volumeSize: source.volumeSize, isEncrypted: place != .open, tags: copy.tags)
            snapshot.key = place.key
            snapshot.stateMessage = place.failure?.message
            try session.enter(snapshot)
            if isMade, let disk { try session.setDisk(disk, of: id) }
            try session.enter(products, of: id.description)
            return id
        }
    }

    /// What was found in this region's store is kept by the lease only if it was needed then: the snapshot is still there.
    func checkIsThere(_ source: SnapshotRecord, in place: RegionName, _ session: Session) throws {
        guard place == region.name, source.root != nil else { return }
        guard try session.snapshot(source.id)?.root == source.root else { throw Failure(.notFound(snapshot: source.id)) }
    }

    /// The snapshot, as the caller may read it in its own region.
    private func source(
        of copy: SnapshotCopying
    ) throws(Failure) -> (snapshot: SnapshotRecord, disk: Digest?, products: [ProductCode], decision: AccessDecision) {
        guard plane.settings.regionNames.contains(copy.sourceRegion.description) else {
            throw Failure(.invalid(region: copy.sourceRegion.description))
        }
        guard try plane.regions().contains(copy.sourceRegion) else { throw Failure(.notFound(snapshot: copy.source)) }
        let source = try plane.open(copy.sourceRegion)
        return try source.database.read("look up the snapshot \(copy.source)") { session in
            let snapshot = try visibleSnapshot(copy.source, session)
            try snapshot.checkReadable()
            return (
                snapshot, try session.disk(of: snapshot.id), try session.products(of: snapshot.id.description),
                try access(to: snapshot, session, in: source).use(by: caller)
            )
        }
    }

    func checkSnapshotRoom(_ session: Session) throws {
        let count = try session.first("SELECT count(*) AS n FROM snapshots WHERE owner = ?", try account) { row in
            try row.int("n")
        }
        try ServiceLimits.refusal(count ?? 0, limit: plane.settings.limits.snapshots, of: "snapshots").check()
    }
}

/// What the volumes of an instance hold besides the root one: durable under a lease, and named by no row yet.
struct DataDisks: Sendable {
    /// The tree of a volume that nothing was written to.
    fileprivate let blank: Digest
    fileprivate let stored: [StoredDisk]
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
