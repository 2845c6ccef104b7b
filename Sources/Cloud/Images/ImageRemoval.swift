import Model
import Records
import SQLite

// DeregisterImage, and the Recycle Bin that keeps what a rule says.
extension EmbeddedActions {
    @discardableResult
    func deregisterImage(_ id: ImageID, deletingSnapshots: Bool) throws(Failure) -> [SnapshotDeletion] {
        try write("deregister the image \(id)") { session in
            let image = try existing(id, session)
            let now = now
            try image.access(isExcluded: false).refusal(toDeregister: caller, protection: image.protection, at: now).check()
            let rules = try session.retentionRules(of: image.owner).map(\.rule)
            let retention =
                image.state == .available || image.state == .disabled
                ? RetentionRule.retention(rules, of: .image, tags: image.tags) : nil
            try session.deregister(image, recycled: retention.map { RecycledSpan(entered: now, leaves: now + $0) })
            try session.emptyRecycleBin(at: now)
            guard deletingSnapshots else { return [] }
            return try image.volumes.compactMap(\.snapshot).map { snapshot in
                let isDeleted = try session.deleteSnapshot(snapshot, under: rules, at: now)
                return SnapshotDeletion(snapshot, isDeleted ? .success : .skipped)
            }
        }
    }

    func retentionRules() throws(Failure) -> [StoredRetentionRule] {
        try read("list the rules of the Recycle Bin of \(region.name)") { try $0.retentionRules(of: account) }
    }

    func addRetentionRule(_ rule: RetentionRule) throws(Failure) -> StoredRetentionRule {
        guard RetentionRule.days.contains(rule.days), rule.tags.isEmpty || rule.excluded.isEmpty else {
            throw Failure(
                PlaneError(
                    .invalidParameterValue,
                    "A retention rule lasts 1 to 365 days, and has tags or excluded tags, not both."))
        }
        let stored = StoredRetentionRule(id: try region.token(), rule: rule)
        return try write("add a rule to the Recycle Bin of \(region.name)") { session in
            try session.run(
                "INSERT INTO retention_rules VALUES (?, ?, ?, ?, ?, ?)", stored.id, try account, rule.resource.rawValue,
                rule.days, try CanonicalJSON.text(of: rule.tags), try CanonicalJSON.text(of: rule.excluded))
            return stored
        }
    }

    func removeRetentionRule(_ id: String) throws(Failure) {
        try write("remove a rule of the Recycle Bin of \(region.name)") { session in
            let count = try session.run("DELETE FROM retention_rules WHERE id = ? AND account = ?", id, try account)
            guard count == 1 else { throw Failure(PlaneError(.invalidID, "The rule '\(id)' does not exist.")) }
        }
    }

    func imagesInRecycleBin(_ ids: [ImageID]?) throws(Failure) -> [RecycledImage] {
        try read("list the Recycle Bin of \(region.name)") { session in
            let images = try session.images(where: "recycled_until > ? AND owner = ?", [now, try account], in: region.name)
            guard let ids else { return images.compactMap { RecycledImage($0) } }
            let missing = ids.filter { id in !images.contains { $0.id == id } }
            guard missing.isEmpty else { throw Failure(.notFound(images: missing)) }
            return images.filter { ids.contains($0.id) }.compactMap { RecycledImage($0) }
        }
    }

    func restoreImage(_ id: ImageID) throws(Failure) {
        try write("restore the image \(id)") { session in
            guard let image = try session.images(of: [id], in: region.name).first, caller.isAccount(image.owner),
                let span = image.recycled, now < span.leaves
            else { throw Failure(.notFound(images: [id])) }
            try checkRoom(for: image, session)
            if let release = image.release, let other = try session.image(of: release, where: Catalogue.live) {
                throw Failure(.conflict, "the version \(release) is already taken by the image \(other)")
            }
            try session.run(
                "UPDATE images SET state = 'available', recycled = NULL, recycled_until = NULL WHERE id = ?", id)
        }
    }

    /// The image, whoever may see it; one that never was is not found.
    func existing(_ id: ImageID, _ session: Session) throws -> ImageRecord {
        guard let image = try session.images(of: [id], in: region.name).first else { throw Failure(.notFound(images: [id])) }
        return image
    }
}

extension Session {
    /// Takes the image out of the plane. Its row is remembered; in the Recycle Bin its content too.
    func deregister(_ image: ImageRecord, recycled: RecycledSpan?) throws {
        try run(
            "UPDATE snapshots SET state = 'error' WHERE state = 'pending' AND id IN (SELECT snapshot FROM volumes WHERE image = ?)",
            image.id)
        try run(
            "UPDATE images SET state = 'deregistered', recycled = ?, recycled_until = ? WHERE id = ?", recycled?.entered,
            recycled?.leaves, image.id)
        if recycled == nil { try run("DELETE FROM launch_permissions WHERE image = ?", image.id) }
    }

    /// Forgets what has been in the Recycle Bin for as long as its rule said.
    func emptyRecycleBin(at now: Instant) throws {
        try run(
            "DELETE FROM launch_permissions WHERE image IN (SELECT id FROM images WHERE recycled_until <= ?)", now)
        try run("UPDATE images SET recycled = NULL, recycled_until = NULL WHERE recycled_until <= ?", now)
        let expired = try rows("SELECT id FROM snapshots WHERE recycled_until <= ?", now) { row in try row.text("id") }
        for id in expired { try removeSnapshot(id) }
    }

    func retentionRules(of account: AccountID) throws -> [StoredRetentionRule] {
        try rows("SELECT * FROM retention_rules WHERE account = ? ORDER BY id", account) { row in
            let rule = RetentionRule(
                try row.named("resource"), days: try row.int("days"), tags: try StoredTags.read(row.text("tags")),
                excluded: try StoredTags.read(row.text("excluded")))
            return StoredRetentionRule(id: try row.text("id"), rule: rule)
        }
    }
}
