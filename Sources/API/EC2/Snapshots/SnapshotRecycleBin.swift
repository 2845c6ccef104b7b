import Cloud
import Model

struct ListSnapshotsInRecycleBin: EC2Action {
    private let ids: [SnapshotID]?
    private let limit: Int?
    private let token: PageToken?

    init(_ input: QueryInput) throws(APIError) {
        let texts = try input.strings("SnapshotId")
        ids = texts.isEmpty ? nil : try texts.map { text throws(APIError) in try SnapshotID(asked: text) }
        limit = try input.limit()
        token = try input.pageToken()
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let snapshots = try asking { () throws(Failure) in try call.actions.snapshotsInRecycleBin(ids) }
        let page = snapshots.page(after: token, limit: limit)
        answer.list("snapshotSet", page.items) { snapshot, xml in
            xml.element("snapshotId", snapshot.id.description)
            xml.element("recycleBinEnterTime", snapshot.span.entered.withMilliseconds)
            xml.element("recycleBinExitTime", snapshot.span.leaves.withMilliseconds)
            xml.element("description", snapshot.description)
            xml.element("volumeId", SnapshotRecord.shown(snapshot.volume))
        }
        answer.element("nextToken", ifPresent: page.next?.description)
    }
}

struct RestoreSnapshotFromRecycleBin: EC2Action {
    private let id: SnapshotID

    init(_ input: QueryInput) throws(APIError) { id = try input.snapshotID() }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let snapshot = try asking { () throws(Failure) in try call.actions.restoreSnapshot(id) }
        answer.snapshot(snapshot)
    }
}
