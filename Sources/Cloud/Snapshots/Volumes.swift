import Crypto
import Model
import Records
import SQLite

// Volumes, which have one owner and are shared with nobody.
extension EmbeddedActions {
    func describeVolumes(
        _ query: VolumeQuery, receive: (VolumeRecord) throws(Failure) -> Void
    ) throws(Failure) -> PageToken? {
        let filters = try query.filters.map { (filter) throws(Failure) in
            guard let field = VolumeFilterField(filter.name) else { throw Failure(.invalid(filter: filter.name)) }
            return (filter: filter, field: field)
        }
        let zones = plane.settings.zones(of: region.name)
        let found = try read("list the volumes of \(region.name)") { session in
            guard let ids = query.ids else {
                return try session.volumes("owner = ? AND rowid > ?", [try account, query.after?.row ?? 0])
            }
            let list = Session.list(ids)
            return try session.volumes("owner = ? AND id IN (SELECT value FROM json_each(?))", [try account, list])
        }
        if let missing = query.ids?.first(where: { id in !found.contains { $0.volume.id == id } }) {
            throw Failure(.notFound(volume: missing))
        }
        var given = 0
        for (row, volume) in found where filters.allSatisfy({ $0.filter.accepts($0.field.values(volume, zones)) }) {
            if let limit = query.limit, given == limit { return PageToken(after: row - 1) }
            try receive(volume)
            given += 1
        }
        return nil
    }

    func createVolume(_ new: VolumeCreation) throws(Failure) -> VolumeRecord {
        let account = try account
        let id: VolumeID = try region.newID()
        guard plane.settings.zones(of: region.name).contains(where: { $0.name == new.zone }) else {
            throw Failure(PlaneError(.invalidZoneNotFound, "The zone '\(new.zone)' does not exist."))
        }
        let (place, content, disk, moves) = try content(of: new)
        defer { withExtendedLifetime(moves) {} }
        return try write("make a volume in \(new.zone)") { session in
            let made = try once("CreateVolume", token: new.clientToken, request: new, session) {
                let snapshot = try new.snapshot.map { (id) in
                    let snapshot = try visibleSnapshot(id, session).asOf(now)
                    try snapshot.checkReadable()
                    return snapshot
                }
                if let content { try checkIsThere(content, in: region.name, session) }
                try checkVolumeRoom(session)
                var record = try volume(id, new, snapshot, account)
                record.volume.isEncrypted = place != .open
                record.volume.key = place.key
                if place.failure != nil {
                    record.state = .error
                    record.root = nil
                }
                try session.enter(record)
                if let snapshot { try session.enter(try session.products(of: snapshot.id.description), of: id.description) }
                if let disk, record.root != nil { try session.setDisk(disk, of: id) }
                return id
            }
            return try ownVolume(made, session)
        }
    }

    /// Where a new volume goes, with what it is made of there before the catalogue names it.
    private func content(
        of new: VolumeCreation
    ) throws(Failure) -> (place: EncryptionPlace, snapshot: SnapshotRecord?, disk: Digest?, moves: ContentMoves) {
        let moves = ContentMoves(plane, to: region)
        let found = try new.snapshot.map { (id) throws(Failure) in
            try region.database.read("look up the snapshot \(id)") { session in
                let snapshot = try visibleSnapshot(id, session).asOf(now)
                return (
                    snapshot: snapshot, disk: try session.disk(of: id),
                    decision: try access(to: snapshot, session).use(by: caller)
                )
            }
        }
        let place = try place(EncryptionWish(isEncrypted: new.isEncrypted, key: new.key), of: found?.snapshot)
        if case .failing(let reason) = found?.decision { return (.failing(reason), found?.snapshot, nil, moves) }
        if let snapshot = found?.snapshot, let root = snapshot.root, place.failure == nil, !isDryRun, snapshot.key != place.key {
            try moves.move(root, with: found?.disk, from: region.name, under: snapshot.key, to: place.key)
            try moves.publish()
        }
        return (place, found?.snapshot, found?.disk, moves)
    }

    private func volume(
        _ id: VolumeID, _ new: VolumeCreation, _ snapshot: SnapshotRecord?, _ owner: AccountID
    ) throws(Failure) -> VolumeRecord {
        guard let size = new.size ?? snapshot?.volumeSize else { throw Failure(.missing("size/snapshot")) }
        if let snapshot, size < snapshot.volumeSize {
            throw Failure(.smaller(size, than: snapshot.id, needing: snapshot.volumeSize))
        }
        try VolumePerformance.refusal(type: new.type, size: size, iops: new.iops, throughput: new.throughput).check()
        let volume = Volume(
            size: size, type: new.type, isEncrypted: snapshot?.isEncrypted ?? false,
            iops: new.iops ?? VolumePerformance.usualIOPS(new.type, size: size),
            throughput: new.throughput ?? VolumePerformance.usualThroughput(new.type), isDeletedOnTermination: false)
        return VolumeRecord(
            id: id, owner: owner, state: .available, zone: new.zone, volume: volume, snapshot: snapshot?.id,
            root: snapshot?.root, logicalSize: snapshot?.logicalSize ?? 0, created: now, attachment: nil, tags: new.tags)
    }

    func deleteVolume(_ id: VolumeID) throws(Failure) {
        try write("delete the volume \(id)") { session in
            let volume = try ownVolume(id, session)
            if let attachment = volume.attachment {
                throw Failure(
                    PlaneError(.volumeInUse, "Volume \(id) is currently attached to \(attachment.instance)"))
            }
            try session.setTags(TagSet(), of: id.description)
            try session.run("DELETE FROM ebs_volumes WHERE id = ?", id)
        }
        region.removeDisk(of: id)
    }

    func ownVolume(_ id: VolumeID, _ session: Session) throws -> VolumeRecord {
        guard let volume = try session.volumes("id = ?", [id]).first?.volume, caller.isAccount(volume.owner) else {
            throw Failure(.notFound(volume: id))
        }
        return volume
    }

    private func checkVolumeRoom(_ session: Session) throws {
        let count = try session.first("SELECT count(*) AS n FROM ebs_volumes WHERE owner = ?", try account) { row in
            try row.int("n")
        }
        try ServiceLimits.refusal(count ?? 0, limit: plane.settings.limits.volumes, of: "volumes").check()
    }
}

extension Session {
    func volumes(_ condition: String, _ values: [any Bindable]) throws -> [(row: Int64, volume: VolumeRecord)] {
        var found = try rows("SELECT rowid AS row, * FROM ebs_volumes WHERE \(condition) ORDER BY rowid", values) { row in
            (row: try row.integer("row"), volume: try row.ebsVolume())
        }
        let tags = try tags(of: found.map(\.volume.id))
        for index in found.indices { found[index].volume.tags = tags[found[index].volume.id.description] ?? TagSet() }
        return found
    }

    func enter(_ record: VolumeRecord) throws {
        let volume = record.volume
        try run(
            """
            INSERT INTO ebs_volumes (id, owner, state, zone, size, type, iops, throughput, encrypted, snapshot, root,
                logical_size, created, instance, device, attached, delete_on_termination, key)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            record.id, record.owner, record.state.rawValue, record.zone, volume.size, volume.type.rawValue, volume.iops,
            volume.throughput, volume.isEncrypted, record.snapshot, record.root, record.logicalSize, record.created,
            record.attachment?.instance, record.attachment?.device, record.attachment?.attached,
            record.attachment?.isDeletedOnTermination ?? false, volume.key)
        try setTags(record.tags, of: record.id.description)
    }
}

extension Row {
    fileprivate func ebsVolume() throws -> VolumeRecord {
        let volume = Volume(
            size: try int("size"), type: try named("type"), isEncrypted: try bool("encrypted"), iops: try intIfPresent("iops"),
            throughput: try intIfPresent("throughput"), isDeletedOnTermination: try bool("delete_on_termination"),
            key: try parsedIfPresent("key"))
        var attachment: VolumeRecord.Attachment?
        if let instance: InstanceID = try parsedIfPresent("instance") {
            attachment = VolumeRecord.Attachment(
                instance: instance, device: try text("device"), attached: try instant("attached"),
                isDeletedOnTermination: volume.isDeletedOnTermination)
        }
        return VolumeRecord(
            id: try parsed("id"), owner: try parsed("owner"), state: try named("state"), zone: try text("zone"), volume: volume,
            snapshot: try parsedIfPresent("snapshot"), root: try digestIfPresent("root"),
            logicalSize: try integer("logical_size"), created: try instant("created"), attachment: attachment, tags: TagSet())
    }
}

/// What a filter of DescribeVolumes looks at.
struct VolumeFilterField: Sendable {
    let values: @Sendable (VolumeRecord, [AvailabilityZone]) -> [String]

    /// Nil where DescribeVolumes has no such filter.
    init?(_ name: String) {
        if name.hasPrefix(ImageFilterField.tagPrefix) {
            let key = String(name.dropFirst(ImageFilterField.tagPrefix.count))
            values = { volume, _ in volume.tags[key].map { [$0] } ?? [] }
        } else if let known = Self.known[name] {
            values = known
        } else {
            return nil
        }
    }

    /// Every name but `tag:<key>`. Volumes here are neither fast restored, nor attached to several instances, nor managed by a service.
    static let known: [String: @Sendable (VolumeRecord, [AvailabilityZone]) -> [String]] = [
        "attachment.attach-time": { volume, _ in list(volume.attachment?.attached.withMilliseconds) },
        "attachment.delete-on-termination": { volume, _ in list(volume.attachment.map { word($0.isDeletedOnTermination) }) },
        "attachment.device": { volume, _ in list(volume.attachment?.device) },
        "attachment.instance-id": { volume, _ in list(volume.attachment?.instance.description) },
        "attachment.status": { volume, _ in list(volume.attachment.map { _ in "attached" }) },
        "availability-zone": { volume, _ in [volume.zone] },
        "availability-zone-id": { volume, zones in list(zones.first { $0.name == volume.zone }?.id) },
        "create-time": { volume, _ in [volume.created.withMilliseconds] },
        "encrypted": { volume, _ in [word(volume.volume.isEncrypted)] },
        "fast-restored": { _, _ in [word(false)] },
        "multi-attach-enabled": { _, _ in [word(false)] },
        "operator.managed": { _, _ in [word(false)] },
        "operator.principal": { _, _ in [] },
        "size": { volume, _ in [String(volume.volume.size)] },
        "snapshot-id": { volume, _ in list(volume.snapshot?.description) },
        "status": { volume, _ in [volume.state.rawValue] },
        "tag-key": { volume, _ in volume.tags.map(\.key) },
        // No longer in the documents, and still taken.
        "tag-value": { volume, _ in volume.tags.map(\.value) },
        "volume-id": { volume, _ in [volume.id.description] },
        "volume-type": { volume, _ in [volume.volume.type.rawValue] },
    ]

    private static func word(_ value: Bool) -> String { value ? "true" : "false" }

    private static func list(_ value: String?) -> [String] { value.map { [$0] } ?? [] }
}
