import Cloud
import Model

/// Whether the account's snapshots can be public in this region.
struct GetSnapshotBlockPublicAccessState: EC2Action {
    init(_ input: QueryInput) {}

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try call.endDryRun()
        let state = try asking { () throws(Failure) in try call.actions.publicAccessToSnapshots() }
        answer.element("state", state.rawValue)
        answer.element("managedBy", "account")
    }
}

struct EnableSnapshotBlockPublicAccess: EC2Action {
    private let state: SnapshotPublicAccess

    init(_ input: QueryInput) throws(APIError) {
        let text = try input.required("State")
        guard let state = SnapshotPublicAccess(rawValue: text), state != .unblocked else { throw .invalid(text, of: "State") }
        self.state = state
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.setPublicAccessToSnapshots(state) }
        answer.element("state", state.rawValue)
    }
}

struct DisableSnapshotBlockPublicAccess: EC2Action {
    init(_ input: QueryInput) {}

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.setPublicAccessToSnapshots(.unblocked) }
        answer.element("state", SnapshotPublicAccess.unblocked.rawValue)
    }
}
