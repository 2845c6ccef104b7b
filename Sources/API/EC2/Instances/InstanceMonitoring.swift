import Cloud
import Model

/// Marks instances as looked at each minute: kept and shown, as nothing is measured here.
struct MonitorInstances: InstanceMonitoringAction {
    static let isOn = true
    let ids: [InstanceID]
}

struct UnmonitorInstances: InstanceMonitoringAction {
    static let isOn = false
    let ids: [InstanceID]
}

protocol InstanceMonitoringAction: EC2Action {
    static var isOn: Bool { get }
    var ids: [InstanceID] { get }
    init(ids: [InstanceID])
}

extension InstanceMonitoringAction {
    init(_ input: QueryInput) throws(APIError) { self.init(ids: try input.changedInstances()) }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.modifyInstances(ids, .monitoring(Self.isOn)) }
        answer.list("instancesSet", ids) { id, xml in
            xml.element("instanceId", id.description)
            xml.element("monitoring") { $0.element("state", Self.isOn ? "pending" : "disabling") }
        }
    }
}
