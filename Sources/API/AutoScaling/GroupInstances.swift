import Cloud
import Model

struct TerminateInstanceInAutoScalingGroup: QueryAction {
    private let id: InstanceID
    private let shrinks: Bool

    init(_ input: QueryInput) throws(APIError) {
        id = try input.managedInstance(try input.required("InstanceId"))
        guard let shrinks = try input.bool("ShouldDecrementDesiredCapacity") else {
            throw .missing("ShouldDecrementDesiredCapacity")
        }
        self.shrinks = shrinks
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let activity = try asking { () throws(Failure) in try call.actions.terminateMember(id, shrinks: shrinks) }
        answer.element("Activity") { $0.activity(activity, call) }
    }
}

struct SetInstanceHealth: QueryAction {
    private let id: InstanceID
    private let isHealthy: Bool

    init(_ input: QueryInput) throws(APIError) {
        id = try input.managedInstance(try input.required("InstanceId"))
        switch try input.required("HealthStatus") {
        case "Healthy": isHealthy = true
        case "Unhealthy": isHealthy = false
        default: throw APIError(.validationError, "HealthStatus must be Healthy or Unhealthy")
        }
        _ = try input.bool("ShouldRespectGracePeriod")
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.setMemberHealth(id, isHealthy: isHealthy) }
    }
}

struct SetInstanceProtection: QueryAction {
    private let name: String
    private let ids: [InstanceID]
    private let isProtected: Bool

    init(_ input: QueryInput) throws(APIError) {
        name = try input.groupName()
        ids = try input.members("InstanceIds").map { text throws(APIError) in try input.managedInstance(text) }
        guard let isProtected = try input.bool("ProtectedFromScaleIn") else { throw .missing("ProtectedFromScaleIn") }
        self.isProtected = isProtected
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.setMembersProtected(ids, in: name, isProtected) }
    }
}

extension QueryInput {
    fileprivate func managedInstance(_ text: String) throws(APIError) -> InstanceID {
        do throws(Failure) { return try InstanceID(parsing: text) } catch {
            throw APIError(
                .validationError,
                "Instance Id not found - No managed instance found for instance ID: \(text.prefix(60))")
        }
    }
}
