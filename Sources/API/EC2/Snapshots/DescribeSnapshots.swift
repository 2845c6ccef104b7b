import Cloud
import Model

/// The snapshots that the caller can see.
struct DescribeSnapshots: EC2Action {
    private let query: SnapshotQuery

    init(_ input: QueryInput) throws(APIError) {
        var query = SnapshotQuery(filters: try input.filters(), limit: try input.limit(), after: try input.pageToken())
        query.ids = try input.snapshotIDs()
        if query.ids != nil, query.limit != nil {
            throw APIError(
                "InvalidParameterCombination", "The parameter snapshotSet cannot be used with the parameter maxResults")
        }
        for text in try input.strings("Owner") { query.owners.append(try ImageQuery.Owner(asked: text, input)) }
        for text in try input.strings("RestorableBy") {
            query.restorableBy.append(try ImageQuery.Executor(asked: text, input))
        }
        self.query = query
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        answer.open("snapshotSet")
        let next = try asking { () throws(Failure) in
            try call.actions.describeSnapshots(query) { snapshot throws(Failure) in
                answer.element("item") { $0.snapshot(snapshot) }
            }
        }
        answer.close("snapshotSet")
        answer.element("nextToken", ifPresent: next?.description)
    }
}

extension QueryInput {
    func snapshotID(_ key: String = "SnapshotId") throws(APIError) -> SnapshotID {
        try SnapshotID(asked: try required(key))
    }

    fileprivate func snapshotIDs() throws(APIError) -> [SnapshotID]? {
        let texts = try strings("SnapshotId")
        return texts.isEmpty ? nil : try texts.map { text throws(APIError) in try SnapshotID(asked: text) }
    }
}

extension XMLWriter {
    /// The members of one snapshot.
    mutating func snapshot(_ snapshot: SnapshotRecord) {
        element("snapshotId", snapshot.id.description)
        element("volumeId", snapshot.shownVolume)
        element("status", snapshot.state.rawValue)
        element("statusMessage", ifPresent: snapshot.stateMessage)
        element("startTime", snapshot.started.withMilliseconds)
        element("completionTime", ifPresent: snapshot.completed?.withMilliseconds)
        element("progress", "\(snapshot.progress)%")
        element("ownerId", snapshot.owner.description)
        element("volumeSize", snapshot.volumeSize)
        element("description", snapshot.description)
        tags(snapshot.tags)
        element("encrypted", snapshot.isEncrypted)
        element("kmsKeyId", ifPresent: snapshot.key?.description)
        element("storageTier", snapshot.shownTier.rawValue)
        element("restoreExpiryTime", ifPresent: snapshot.restoredUntil?.withMilliseconds)
        element("fullSnapshotSizeInBytes", snapshot.logicalSize)
        element("transferType", "standard")
    }
}
