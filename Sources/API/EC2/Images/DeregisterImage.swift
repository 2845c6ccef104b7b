import Cloud
import Model

/// Removes an image, and its snapshots where that is asked for.
struct DeregisterImage: EC2Action {
    private let id: ImageID
    private let deletesSnapshots: Bool

    init(_ input: QueryInput) throws(APIError) {
        id = try input.imageID()
        deletesSnapshots = try input.bool("DeleteAssociatedSnapshots") ?? false
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let deletions = try asking { () throws(Failure) in
            try call.actions.deregisterImage(id, deletingSnapshots: deletesSnapshots)
        }
        answer.done()
        if deletions.isEmpty { return }
        answer.list("deleteSnapshotResultSet", deletions) { deletion, xml in
            xml.element("snapshotId", deletion.snapshot.description)
            xml.element("returnCode", deletion.outcome.rawValue)
        }
    }
}
