import Cloud
import Model

/// Into the archive.
struct ModifySnapshotTier: EC2Action {
    private let id: SnapshotID

    init(_ input: QueryInput) throws(APIError) {
        id = try input.snapshotID()
        let tier = input.string("StorageTier") ?? StorageTier.archive.rawValue
        guard tier == StorageTier.archive.rawValue else { throw .invalid(tier, of: "StorageTier") }
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let snapshot = try asking { () throws(Failure) in try call.actions.archiveSnapshot(id) }
        answer.element("snapshotId", id.description)
        answer.element("tieringStartTime", ifPresent: snapshot.tiering?.started.withMilliseconds)
    }
}

/// Out of the archive, for some days or for good.
struct RestoreSnapshotTier: EC2Action {
    private let id: SnapshotID
    private let days: Int?

    init(_ input: QueryInput) throws(APIError) {
        id = try input.snapshotID()
        days = try input.int("TemporaryRestoreDays")
        let isPermanent = try input.bool("PermanentRestore") ?? false
        guard (days != nil) != isPermanent else {
            throw APIError(
                "InvalidParameterCombination", "Specify either TemporaryRestoreDays or PermanentRestore, and not both")
        }
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let snapshot = try asking { () throws(Failure) in try call.actions.restoreSnapshotTier(id, days: days) }
        answer.element("snapshotId", id.description)
        answer.element("restoreStartTime", ifPresent: snapshot.tiering?.started.withMilliseconds)
        answer.element("restoreDuration", ifPresent: days)
        answer.element("isPermanentRestore", days == nil)
    }
}

struct DescribeSnapshotTierStatus: EC2Action {
    private let filters: [ResourceFilter]
    private let limit: Int?
    private let token: PageToken?

    init(_ input: QueryInput) throws(APIError) {
        filters = try input.filters()
        limit = try input.limit()
        token = try input.pageToken()
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let all = try asking { () throws(Failure) in try call.actions.describeSnapshots(SnapshotQuery(owners: [.own])) }
        let shown = try all.kept { snapshot throws(APIError) in
            try filters.accept(
                [
                    "snapshot-id": [snapshot.id.description], "volume-id": [snapshot.shownVolume],
                    "last-tiering-operation": snapshot.tiering.map { [$0.move.rawValue] } ?? [],
                ], tags: snapshot.tags)
        }
        let page = shown.page(after: token, limit: limit)
        answer.list("snapshotTierStatusSet", page.items) { snapshot, xml in
            xml.element("snapshotId", snapshot.id.description)
            xml.element("volumeId", snapshot.shownVolume)
            xml.element("status", snapshot.state.rawValue)
            xml.element("ownerId", snapshot.owner.description)
            xml.tags(snapshot.tags)
            xml.element("storageTier", snapshot.shownTier.rawValue)
            if let tiering = snapshot.tiering {
                xml.element("lastTieringStartTime", tiering.started.withMilliseconds)
                xml.element("lastTieringProgress", 100)
                xml.element("lastTieringOperationStatus", tiering.move.rawValue)
                if tiering.move == .archival { xml.element("archivalCompleteTime", tiering.started.withMilliseconds) }
            }
            xml.element("restoreExpiryTime", ifPresent: snapshot.restoredUntil?.withMilliseconds)
        }
        answer.element("nextToken", ifPresent: page.next?.description)
    }
}

extension SnapshotRecord {
    var shownVolume: String { Self.shown(volume) }

    /// EC2 shows this id where a snapshot is of no volume, as those of copies are.
    static func shown(_ volume: VolumeID?) -> String { volume?.description ?? "vol-ffffffff" }
}
