import Model
import Records
import SQLite

// DescribeSnapshots: SQL narrows by what has an index, the rules and filters decide over each snapshot.
extension EmbeddedActions {
    func describeSnapshots(
        _ query: SnapshotQuery, receive: (SnapshotRecord) throws(Failure) -> Void
    ) throws(Failure) -> PageToken? {
        let filters = try query.filters.map { (filter) throws(Failure) in
            guard let field = SnapshotFilterField(filter.name) else { throw Failure(.invalid(filter: filter.name)) }
            return (filter: filter, field: field)
        }
        let found = try read("list the snapshots of \(region.name)") { session in try candidates(query, session) }
        if let ids = query.ids {
            let missing = ids.first { id in
                !found.contains { $0.snapshot.id == id && $0.snapshot.isVisible(to: caller) }
            }
            if let missing { throw Failure(.notFound(snapshot: missing)) }
        }
        var given = 0
        for (row, snapshot) in found {
            guard snapshot.isVisible(to: caller), isOfOwners(snapshot, query), isRestorable(snapshot, query)
            else { continue }
            let shown = shown(snapshot).asOf(now)
            let alias = plane.settings.directory.account(snapshot.owner)?.alias
            guard filters.allSatisfy({ $0.filter.accepts($0.field.values(shown, alias)) }) else { continue }
            if let limit = query.limit, given == limit { return PageToken(after: row - 1) }
            try receive(shown)
            given += 1
        }
        return nil
    }

    private func candidates(_ query: SnapshotQuery, _ session: Session) throws -> [(row: Int64, snapshot: SnapshotRecord)] {
        var conditions = ["recycled_until IS NULL", "rowid > ?"]
        var values: [any Bindable] = [query.after?.row ?? 0]
        if let ids = query.ids {
            conditions.append("id IN (SELECT value FROM json_each(?))")
            values.append(Session.list(ids))
        } else {
            conditions.append(
                """
                (owner = ? OR id IN (SELECT snapshot FROM volume_permissions
                    WHERE (kind = 'group' AND grantee = 'all') OR (kind = 'account' AND grantee = ?)))
                """)
            let account = caller.principal.account?.description ?? ""
            values += [account, account] as [any Bindable]
        }
        for filter in query.filters {
            guard filter.name.hasPrefix(ImageFilterField.tagPrefix), let literals = filter.literals else { continue }
            conditions.append(
                "id IN (SELECT resource FROM tags WHERE key = ? AND value IN (SELECT value FROM json_each(?)))")
            let key = String(filter.name.dropFirst(ImageFilterField.tagPrefix.count))
            values += [key, JSONTexts.list(literals)] as [any Bindable]
        }
        return try session.numberedSnapshots(conditions.joined(separator: " AND "), values).sorted { $0.row < $1.row }
    }

    private func isOfOwners(_ snapshot: SnapshotRecord, _ query: SnapshotQuery) -> Bool {
        let alias = plane.settings.directory.account(snapshot.owner)?.alias
        return query.owners.isEmpty
            || query.owners.contains { owner in
                switch owner {
                case .own: caller.isAccount(snapshot.owner)
                case .account(let id): snapshot.owner == id
                case .alias(let name): alias == name
                }
            }
    }

    /// Unlike images, one's own snapshots count as restorable by oneself.
    private func isRestorable(_ snapshot: SnapshotRecord, _ query: SnapshotQuery) -> Bool {
        query.restorableBy.isEmpty
            || query.restorableBy.contains { executor in
                switch executor {
                case .everyone: snapshot.permissions.contains(.everyone)
                case .own: caller.isAccount(snapshot.owner) || snapshot.permissions.contains { $0.reaches(caller) }
                case .account(let id): snapshot.owner == id || snapshot.permissions.contains(.account(id))
                }
            }
    }

    /// Of another's snapshot neither tags nor whom it is shared with.
    private func shown(_ snapshot: SnapshotRecord) -> SnapshotRecord {
        if caller.isAccount(snapshot.owner) { return snapshot }
        var shown = snapshot
        shown.tags = TagSet()
        shown.permissions.formIntersection([.everyone])
        return shown
    }
}

/// What a filter of DescribeSnapshots looks at.
struct SnapshotFilterField: Sendable {
    let values: @Sendable (SnapshotRecord, OwnerAlias?) -> [String]

    /// Nil where DescribeSnapshots has no such filter.
    init?(_ name: String) {
        if name.hasPrefix(ImageFilterField.tagPrefix) {
            let key = String(name.dropFirst(ImageFilterField.tagPrefix.count))
            values = { snapshot, _ in snapshot.tags[key].map { [$0] } ?? [] }
        } else if let known = Self.known[name] {
            values = known
        } else {
            return nil
        }
    }

    /// Every name but `tag:<key>`.
    static let known: [String: @Sendable (SnapshotRecord, OwnerAlias?) -> [String]] = [
        "description": { snapshot, _ in [snapshot.description] },
        "encrypted": { snapshot, _ in [snapshot.isEncrypted ? "true" : "false"] },
        "owner-alias": { _, alias in alias.map { [$0.rawValue] } ?? [] },
        "owner-id": { snapshot, _ in [snapshot.owner.description] },
        "progress": { snapshot, _ in ["\(snapshot.progress)%"] },
        "snapshot-id": { snapshot, _ in [snapshot.id.description] },
        "start-time": { snapshot, _ in [snapshot.started.withMilliseconds] },
        "status": { snapshot, _ in [snapshot.state.rawValue] },
        "storage-tier": { snapshot, _ in [snapshot.shownTier.rawValue] },
        "tag-key": { snapshot, _ in snapshot.tags.map(\.key) },
        // No longer in the documents, and still taken.
        "tag-value": { snapshot, _ in snapshot.tags.map(\.value) },
        "transfer-type": { _, _ in ["standard"] },
        "volume-id": { snapshot, _ in snapshot.volume.map { [$0.description] } ?? [] },
        "volume-size": { snapshot, _ in [String(snapshot.volumeSize)] },
    ]
}
