import Model
import Records
import SQLite

// What happens to a snapshot after it was made.
extension EmbeddedActions {
    func snapshotAttributes(_ id: SnapshotID) throws(Failure) -> SnapshotRecord {
        try read("look up the snapshot \(id)") { try ownSnapshot(id, $0) }
    }

    func deleteSnapshot(_ id: SnapshotID) throws(Failure) {
        try write("delete the snapshot \(id)") { session in
            let snapshot = try ownSnapshot(id, session)
            if let image = try session.user(of: id) { throw Failure(.inUse(id, by: image)) }
            if snapshot.lock?.protects(at: now) ?? false {
                throw Failure(PlaneError(.operationNotPermitted, "The snapshot '\(id)' is locked and can't be deleted."))
            }
            let rules = try session.retentionRules(of: snapshot.owner).map(\.rule)
            _ = try session.deleteSnapshot(id, under: rules, at: now)
            try session.emptyRecycleBin(at: now)
        }
    }

    func changeVolumePermissions(
        of id: SnapshotID, adding added: Set<LaunchPermission>, removing removed: Set<LaunchPermission>
    ) throws(Failure) {
        try write("share the snapshot \(id)") { session in
            let snapshot = try ownSnapshot(id, session)
            let isSmall = added.union(removed).allSatisfy { $0.kind == .account || $0.kind == .group }
            guard isSmall else {
                throw Failure(PlaneError(.invalidParameterValue, "Snapshots are shared with accounts or the group all."))
            }
            let new = added.subtracting(snapshot.permissions)
            var access = try access(to: snapshot, session)
            access.hasProducts = try !session.products(of: id.description).isEmpty
            try access.refusal(
                toShareWith: new, by: caller, while: try session.publicAccessToSnapshots(of: snapshot.owner)
            ).check()
            for permission in removed {
                try session.run(
                    "DELETE FROM volume_permissions WHERE snapshot = ? AND kind = ? AND grantee = ?", id,
                    permission.kind.rawValue, permission.grantee)
            }
            for permission in new.subtracting(removed) {
                try session.run(
                    "INSERT INTO volume_permissions VALUES (?, ?, ?)", id, permission.kind.rawValue, permission.grantee)
            }
        }
    }

    func resetVolumePermissions(of id: SnapshotID) throws(Failure) {
        try write("share the snapshot \(id)") { session in
            _ = try ownSnapshot(id, session)
            try session.run("DELETE FROM volume_permissions WHERE snapshot = ?", id)
        }
    }

    // MARK: The archive

    func archiveSnapshot(_ id: SnapshotID) throws(Failure) -> SnapshotRecord {
        try write("archive the snapshot \(id)") { session in
            let snapshot = try ownSnapshot(id, session)
            try snapshot.checkReadable()
            if let image = try session.user(of: id, where: "state <> 'disabled'") { throw Failure(.inUse(id, by: image)) }
            try session.run(
                "UPDATE snapshots SET tier = 'archive', restore_until = NULL, tiered = ?, tiering = ? WHERE id = ?", now,
                Tiering.Move.archival.rawValue, id)
            return try ownSnapshot(id, session)
        }
    }

    func restoreSnapshotTier(_ id: SnapshotID, days: Int?) throws(Failure) -> SnapshotRecord {
        try write("restore the snapshot \(id)") { session in
            let snapshot = try ownSnapshot(id, session)
            if let days, !Self.restoreDays.contains(days) {
                throw Failure(PlaneError(.invalidParameterValue, "An archived snapshot is restored for 1 to 180 days."))
            }
            guard snapshot.tier == .archive || snapshot.restoredUntil != nil else {
                throw Failure(PlaneError(.incorrectState, "The snapshot '\(id)' is not archived."))
            }
            let end = days.map { now + .days(Int64($0)) }
            let move = days == nil ? Tiering.Move.permanentRestore : .temporaryRestore
            try session.run(
                "UPDATE snapshots SET tier = 'standard', restore_until = ?, tiered = ?, tiering = ? WHERE id = ?", end, now,
                move.rawValue, id)
            return try ownSnapshot(id, session)
        }
    }

    private static var restoreDays: ClosedRange<Int> { 1...180 }

    // MARK: Locks

    func lockSnapshot(
        _ id: SnapshotID, mode: SnapshotLock.Mode, coolOff: TimeSpan?, until end: Instant
    ) throws(Failure) -> SnapshotLock {
        try write("lock the snapshot \(id)") { session in
            let snapshot = try ownSnapshot(id, session)
            let lock = SnapshotLock(mode: mode, locked: now, cools: coolOff.map { now + $0 }, ends: end)
            try lock.refusal.check()
            try snapshot.lock?.refusal(toReplaceWith: lock, at: now).check()
            try session.run(
                "UPDATE snapshots SET lock_mode = ?, locked = ?, lock_cools = ?, lock_ends = ? WHERE id = ?", mode.rawValue,
                lock.locked, lock.cools, lock.ends, id)
            return lock
        }
    }

    func unlockSnapshot(_ id: SnapshotID) throws(Failure) {
        try write("unlock the snapshot \(id)") { session in
            let snapshot = try ownSnapshot(id, session)
            guard let lock = snapshot.lock, lock.protects(at: now) else {
                throw Failure(PlaneError(.incorrectState, "The snapshot '\(id)' is not locked."))
            }
            try lock.refusal(toUnlockAt: now).check()
            try session.run(
                "UPDATE snapshots SET lock_mode = NULL, locked = NULL, lock_cools = NULL, lock_ends = NULL WHERE id = ?", id)
        }
    }

    // MARK: The Recycle Bin

    func snapshotsInRecycleBin(_ ids: [SnapshotID]?) throws(Failure) -> [RecycledSnapshot] {
        try read("list the Recycle Bin of \(region.name)") { session in
            let snapshots = try session.snapshots("recycled_until > ? AND owner = ?", [now, try account])
            guard let ids else { return snapshots.compactMap { RecycledSnapshot($0) } }
            if let missing = ids.first(where: { id in !snapshots.contains { $0.id == id } }) {
                throw Failure(.notFound(snapshot: missing))
            }
            return snapshots.filter { ids.contains($0.id) }.compactMap { RecycledSnapshot($0) }
        }
    }

    func restoreSnapshot(_ id: SnapshotID) throws(Failure) -> SnapshotRecord {
        try write("restore the snapshot \(id)") { session in
            guard let snapshot = try session.snapshot(id), caller.isAccount(snapshot.owner), let span = snapshot.recycled,
                now < span.leaves
            else { throw Failure(.notFound(snapshot: id)) }
            try session.run("UPDATE snapshots SET recycled = NULL, recycled_until = NULL WHERE id = ?", id)
            return try ownSnapshot(id, session)
        }
    }

    /// The caller's own snapshot. A temporary restore that is over has put it back into the archive.
    private func ownSnapshot(_ id: SnapshotID, _ session: Session) throws -> SnapshotRecord {
        guard let snapshot = try session.snapshot(id), snapshot.recycled == nil else { throw Failure(.notFound(snapshot: id)) }
        try snapshot.refusal(toModify: caller).check()
        return snapshot.asOf(now)
    }
}

extension SnapshotRecord {
    /// As it is at that time: the end of a temporary restore puts it back into the archive.
    package func asOf(_ now: Instant) -> SnapshotRecord {
        guard let end = restoredUntil, end <= now else { return self }
        var snapshot = self
        snapshot.tier = .archive
        snapshot.restoredUntil = nil
        return snapshot
    }
}
