import Model
import Records
import SQLite

extension Session {
    func snapshot(_ id: SnapshotID) throws -> SnapshotRecord? { try snapshots("id = ?", [id]).first }

    /// The snapshots of an image's volumes that are there.
    func snapshots(of image: ImageRecord) throws -> [SnapshotRecord] {
        try snapshots(
            "id IN (SELECT value FROM json_each(?))", [Self.list(image.volumes.compactMap(\.snapshot))])
    }

    /// An image that needs the snapshot: one that is there, or that can come back out of the Recycle Bin.
    func user(of snapshot: SnapshotID, where condition: String = "true") throws -> ImageID? {
        try first(
            """
            SELECT images.id AS id FROM volumes JOIN images ON images.id = volumes.image
            WHERE volumes.snapshot = ? AND (\(Catalogue.live) OR recycled_until IS NOT NULL) AND \(condition)
            ORDER BY images.rowid
            """, snapshot
        ) { row in try row.parsed("id") }
    }

    /// Deletes a snapshot that no image needs, or puts it into the Recycle Bin. False where an image needs it or a lock holds it.
    func deleteSnapshot(_ id: SnapshotID, under rules: [RetentionRule], at now: Instant) throws -> Bool {
        guard let snapshot = try snapshot(id), try user(of: id) == nil, !(snapshot.lock?.protects(at: now) ?? false) else {
            return false
        }
        if snapshot.state == .completed, let span = RetentionRule.retention(rules, of: .snapshot, tags: snapshot.tags) {
            try run("UPDATE snapshots SET recycled = ?, recycled_until = ? WHERE id = ?", now, now + span, id)
        } else {
            try removeSnapshot(id.description)
        }
        return true
    }

    func removeSnapshot(_ id: String) throws {
        try setTags(TagSet(), of: id)
        try run("DELETE FROM snapshots WHERE id = ?", id)
    }
}

extension SnapshotRecord {
    /// What decides over its use.
    func access(_ encryption: SnapshotEncryption) -> SnapshotAccess {
        SnapshotAccess(
            id: id, owner: owner, permissions: isPublicAccessBlocked ? permissions.subtracting([.everyone]) : permissions,
            encryption: encryption)
    }

    /// Its encryption does not decide over who sees and who owns it.
    func isVisible(to caller: Caller) -> Bool { access(.none).isVisible(to: caller) }

    func refusal(toModify caller: Caller) -> PlaneError? { access(.none).refusal(toModify: caller) }
}

extension EmbeddedActions {
    /// A snapshot that is there for the caller.
    func visibleSnapshot(_ id: SnapshotID, _ session: Session) throws -> SnapshotRecord {
        guard let snapshot = try session.snapshot(id), snapshot.recycled == nil, snapshot.isVisible(to: caller)
        else { throw Failure(.notFound(snapshot: id)) }
        return snapshot
    }

    /// One that an image or an instance can be made with: the caller has subscribed to its products. That it is the caller's own says nothing,
    /// as it may be of a volume that was made of somebody else's.
    func usableSnapshot(_ id: SnapshotID, _ session: Session) throws -> SnapshotRecord {
        let snapshot = try visibleSnapshot(id, session).asOf(now)
        try snapshot.checkReadable()
        try ProductCode.refusal(toUse: try session.products(of: id.description), by: caller).check()
        return snapshot
    }
}
