import Cloud
import Model

struct StartInstanceRefresh: QueryAction {
    private let name: String
    private let desired: GroupTemplate?
    private let preferences: InstanceRefresh.Preferences?

    init(_ input: QueryInput) throws(APIError) {
        name = try input.groupName()
        let strategy = input.string("Strategy") ?? "Rolling"
        guard strategy == "Rolling" else {
            throw APIError(.validationError, "Instances are replaced by the strategy Rolling here, not by \(strategy.prefix(40))")
        }
        desired = try input.structure("DesiredConfiguration")?.groupTemplate()
        preferences = try input.structure("Preferences").map { given throws(APIError) in
            var preferences = InstanceRefresh.Preferences()
            preferences.health.least = try given.int("MinHealthyPercentage") ?? preferences.health.least
            preferences.health.most = try given.int("MaxHealthyPercentage") ?? preferences.health.most
            preferences.warmup = try given.int("InstanceWarmup") ?? 0
            preferences.checkpoints = try given.members("CheckpointPercentages").map { text throws(APIError) in
                guard let number = Int(text) else { throw .invalid(text, of: "CheckpointPercentages") }
                return number
            }
            preferences.checkpointDelay = try given.int("CheckpointDelay") ?? preferences.checkpointDelay
            preferences.skipsMatching = try given.bool("SkipMatching") ?? false
            preferences.rollsBack = try given.bool("AutoRollback") ?? false
            preferences.protected = try given.choice("ScaleInProtectedInstances") ?? .wait
            preferences.bakeTime = try given.int("BakeTime") ?? 0
            // No instance is ever in standby here.
            _ = given.string("StandbyInstances")
            return preferences
        }
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let refresh = try asking { () throws(Failure) in
            try call.actions.startRefresh(of: name, desired: desired, preferences)
        }
        answer.element("InstanceRefreshId", refresh.id)
    }
}

struct CancelInstanceRefresh: QueryAction {
    private let name: String

    init(_ input: QueryInput) throws(APIError) {
        name = try input.groupName()
        _ = try input.bool("WaitForTransitioningInstances")
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let refresh = try asking { () throws(Failure) in try call.actions.cancelRefresh(of: name) }
        answer.element("InstanceRefreshId", refresh.id)
    }
}

struct RollbackInstanceRefresh: QueryAction {
    private let name: String

    init(_ input: QueryInput) throws(APIError) { name = try input.groupName() }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let refresh = try asking { () throws(Failure) in try call.actions.rollBackRefresh(of: name) }
        answer.element("InstanceRefreshId", refresh.id)
    }
}

struct DescribeInstanceRefreshes: QueryAction {
    private let name: String
    private let ids: [String]
    private let page: (limit: Int, token: PageToken?)

    init(_ input: QueryInput) throws(APIError) {
        name = try input.groupName()
        ids = try input.members("InstanceRefreshIds")
        page = try input.scalingPage()
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let all = try asking { () throws(Failure) in try call.actions.instanceRefreshes(of: name) }
        let part = all.filter { ids.isEmpty || ids.contains($0.id) }.page(after: page.token, limit: page.limit)
        answer.members("InstanceRefreshes", part.items) { refresh, xml in xml.refresh(refresh) }
        answer.element("NextToken", ifPresent: part.next?.description)
    }
}

extension XMLWriter {
    fileprivate mutating func refresh(_ refresh: InstanceRefresh) {
        element("InstanceRefreshId", refresh.id)
        element("AutoScalingGroupName", refresh.group)
        element("Status", refresh.status.rawValue)
        element("StatusReason", ifPresent: refresh.reason)
        element("StartTime", refresh.started.withMilliseconds)
        element("EndTime", ifPresent: refresh.ended?.withMilliseconds)
        element("PercentageComplete", refresh.percent)
        element("InstancesToUpdate", refresh.total * (100 - refresh.percent) / 100)
        element("Strategy", "Rolling")
        preferences(refresh.preferences)
        if refresh.hasDesiredConfiguration {
            element("DesiredConfiguration") { xml in
                xml.template(refresh.desired.id, refresh.desired.name, refresh.desired.version)
            }
        }
        if let rollback = refresh.rollback {
            element("RollbackDetails") { xml in
                xml.element("RollbackReason", rollback.reason)
                xml.element("RollbackStartTime", rollback.started.withMilliseconds)
                xml.element("PercentageCompleteOnRollback", rollback.percent)
                xml.element("InstancesToUpdateOnRollback", rollback.total * (100 - rollback.percent) / 100)
            }
        }
    }

    private mutating func preferences(_ preferences: InstanceRefresh.Preferences) {
        element("Preferences") { xml in
            xml.element("MinHealthyPercentage", preferences.health.least)
            xml.element("MaxHealthyPercentage", preferences.health.most)
            xml.element("InstanceWarmup", preferences.warmup)
            xml.members("CheckpointPercentages", preferences.checkpoints.map { String($0) })
            xml.element("CheckpointDelay", preferences.checkpointDelay)
            xml.element("SkipMatching", preferences.skipsMatching)
            xml.element("AutoRollback", preferences.rollsBack)
            xml.element("ScaleInProtectedInstances", preferences.protected.rawValue)
            xml.element("BakeTime", preferences.bakeTime)
        }
    }
}
