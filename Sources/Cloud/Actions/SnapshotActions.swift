import Model

/// EC2's actions on snapshots, by its names.
package protocol SnapshotActions: Sendable {
    /// The snapshots that the account can see and the query lets through, oldest first. Returns where the list goes on, if the query's
    /// limit cut it.
    func describeSnapshots(
        _ query: SnapshotQuery, receive: (SnapshotRecord) throws(Failure) -> Void
    ) throws(Failure) -> PageToken?
    /// The owner's snapshot with its permissions.
    func snapshotAttributes(_ id: SnapshotID) throws(Failure) -> SnapshotRecord
    /// A completed snapshot of what the volume holds.
    func createSnapshot(of volume: VolumeID, description: String, tags: TagSet) throws(Failure) -> SnapshotRecord
    /// Snapshots of the volumes of an instance, all of the same moment.
    func createSnapshots(_ new: InstanceSnapshots) throws(Failure) -> [SnapshotRecord]
    /// Copies a snapshot that the account may read, from any region to this one. The copy is completed when this returns.
    func copySnapshot(_ copy: SnapshotCopying) throws(Failure) -> SnapshotID
    /// Refused while an image needs it or a lock holds it.
    func deleteSnapshot(_ id: SnapshotID) throws(Failure)

    /// Accounts, or everyone.
    func changeVolumePermissions(
        of id: SnapshotID, adding added: Set<LaunchPermission>, removing removed: Set<LaunchPermission>) throws(Failure)
    func resetVolumePermissions(of id: SnapshotID) throws(Failure)
    func publicAccessToSnapshots() throws(Failure) -> SnapshotPublicAccess
    func setPublicAccessToSnapshots(_ access: SnapshotPublicAccess) throws(Failure)

    /// Moves a snapshot that no enabled image needs to the archive tier.
    func archiveSnapshot(_ id: SnapshotID) throws(Failure) -> SnapshotRecord
    /// Brings it back, for some days or for good.
    func restoreSnapshotTier(_ id: SnapshotID, days: Int?) throws(Failure) -> SnapshotRecord

    /// Locks the snapshot for `span`, or changes its lock. `coolOff` is for the mode `compliance` alone.
    func lockSnapshot(
        _ id: SnapshotID, mode: SnapshotLock.Mode, coolOff: TimeSpan?, until end: Instant
    ) throws(Failure) -> SnapshotLock
    func unlockSnapshot(_ id: SnapshotID) throws(Failure)

    func snapshotsInRecycleBin(_ ids: [SnapshotID]?) throws(Failure) -> [RecycledSnapshot]
    func restoreSnapshot(_ id: SnapshotID) throws(Failure) -> SnapshotRecord
}

extension SnapshotActions {
    package func describeSnapshots(_ query: SnapshotQuery) throws(Failure) -> [SnapshotRecord] {
        var snapshots: [SnapshotRecord] = []
        _ = try describeSnapshots(query) { snapshots.append($0) }
        return snapshots
    }
}

/// Which snapshots to describe.
package struct SnapshotQuery: Hashable, Sendable {
    /// Nil for all that the account can see; one that it cannot see is an error.
    package var ids: [SnapshotID]?
    package var owners: [ImageQuery.Owner]
    /// Who must have the permission to make volumes of it.
    package var restorableBy: [ImageQuery.Executor]
    package var filters: [ResourceFilter]
    package var limit: Int?
    package var after: PageToken?

    package init(
        ids: [SnapshotID]? = nil, owners: [ImageQuery.Owner] = [], restorableBy: [ImageQuery.Executor] = [],
        filters: [ResourceFilter] = [], limit: Int? = nil, after: PageToken? = nil
    ) {
        self.ids = ids
        self.owners = owners
        self.restorableBy = restorableBy
        self.filters = filters
        self.limit = limit
        self.after = after
    }
}

/// CreateSnapshots.
package struct InstanceSnapshots: Sendable, Hashable {
    package var instance: InstanceID
    package var description = ""
    package var leavesOutRoot = false
    package var leftOut: [VolumeID] = []
    package var copiesVolumeTags = false
    package var tags = TagSet()

    package init(instance: InstanceID) { self.instance = instance }
}

/// CopySnapshot.
package struct SnapshotCopying: Sendable, Encodable {
    package var sourceRegion: RegionName
    package var source: SnapshotID
    package var description: String
    package var isEncrypted: Bool
    /// An id, an alias or an ARN; needs `isEncrypted`.
    package var key: String?
    package var tags: TagSet

    package init(
        sourceRegion: RegionName, source: SnapshotID, description: String = "", isEncrypted: Bool = false, key: String? = nil,
        tags: TagSet = TagSet()
    ) {
        self.sourceRegion = sourceRegion
        self.source = source
        self.description = description
        self.isEncrypted = isEncrypted
        self.key = key
        self.tags = tags
    }
}
