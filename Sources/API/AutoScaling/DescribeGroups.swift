import Cloud
import Model

struct DescribeAutoScalingGroups: QueryAction {
    private let names: [String]
    private let filters: [ResourceFilter]
    private let page: (limit: Int, token: PageToken?)

    init(_ input: QueryInput) throws(APIError) {
        names = try input.members("AutoScalingGroupNames")
        filters = try input.memberStructures("Filters").map { filter throws(APIError) in
            ResourceFilter(try filter.required("Name"), try filter.members("Values"))
        }
        page = try input.scalingPage()
        _ = try input.bool("IncludeInstances")
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let all = try asking { () throws(Failure) in try call.actions.autoScalingGroups() }
        let shown = try all.kept { group throws(APIError) in
            guard names.isEmpty || names.contains(group.name) else { return false }
            var values = ["tag-key": group.tags.map(\.key), "tag-value": group.tags.map(\.value)]
            for filter in filters where filter.name.hasPrefix("tag:") {
                values[filter.name] = group.tags.filter { $0.key == filter.name.dropFirst(4) }.map(\.value)
            }
            return try filters.accept(values)
        }
        let part = shown.page(after: page.token, limit: page.limit)
        answer.members("AutoScalingGroups", part.items) { group, xml in xml.group(group, call) }
        answer.element("NextToken", ifPresent: part.next?.description)
    }
}

struct DescribeAutoScalingInstances: QueryAction {
    private let ids: [String]
    private let page: (limit: Int, token: PageToken?)

    init(_ input: QueryInput) throws(APIError) {
        ids = try input.members("InstanceIds")
        page = try input.scalingPage()
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let groups = try asking { () throws(Failure) in try call.actions.autoScalingGroups() }
        let all = groups.flatMap { group in group.members.map { (group: group.name, member: $0) } }
            .filter { ids.isEmpty || ids.contains($0.member.instance.description) }
        let part = all.page(after: page.token, limit: page.limit)
        answer.members("AutoScalingInstances", part.items) { entry, xml in
            xml.member(entry.member)
            xml.element("AutoScalingGroupName", entry.group)
        }
        answer.element("NextToken", ifPresent: part.next?.description)
    }
}

struct DescribeScalingActivities: QueryAction {
    private let ids: [String]
    private let group: String?
    private let page: (limit: Int, token: PageToken?)

    init(_ input: QueryInput) throws(APIError) {
        ids = try input.members("ActivityIds")
        group = input.string("AutoScalingGroupName")
        page = try input.scalingPage()
        _ = try input.bool("IncludeDeletedGroups")
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let all = try asking { () throws(Failure) in try call.actions.scalingActivities() }
        let shown = all.filter { activity in
            (group == nil || activity.group == group) && (ids.isEmpty || ids.contains(activity.id))
        }
        let part = shown.page(after: page.token, limit: page.limit)
        answer.members("Activities", part.items) { activity, xml in xml.activity(activity, call) }
        answer.element("NextToken", ifPresent: part.next?.description)
    }
}

extension XMLWriter {
    fileprivate mutating func group(_ group: AutoScalingGroup, _ call: Call) {
        element("AutoScalingGroupName", group.name)
        element(
            "AutoScalingGroupARN",
            ARN(
                "autoscaling", in: call.region, of: call.account,
                "autoScalingGroup:\(group.created.seconds):autoScalingGroupName/\(group.name)"
            ).description
        )
        template(group.template.id, group.template.name, group.template.version)
        element("MinSize", group.size.least)
        element("MaxSize", group.size.most)
        element("DesiredCapacity", group.size.desired)
        element("DefaultCooldown", group.cooldown)
        members("AvailabilityZones", group.zones)
        members("LoadBalancerNames", [String]())
        members("TargetGroupARNs", [String]())
        element("HealthCheckType", group.healthCheckType)
        element("HealthCheckGracePeriod", group.healthCheckGracePeriod)
        members("Instances", group.members) { member, xml in xml.member(member) }
        element("CreatedTime", group.created.withMilliseconds)
        members("SuspendedProcesses", [String]())
        element("VPCZoneIdentifier", group.subnets.joined(separator: ","))
        members("EnabledMetrics", [String]())
        members("Tags", group.tags) { tag, xml in
            xml.element("ResourceId", group.name)
            xml.element("ResourceType", "auto-scaling-group")
            xml.element("Key", tag.key)
            xml.element("Value", tag.value)
            xml.element("PropagateAtLaunch", tag.isPropagated)
        }
        members("TerminationPolicies", ["Default"])
        element("NewInstancesProtectedFromScaleIn", group.protectsNewInstances)
        element("DefaultInstanceWarmup", ifPresent: group.warmup)
        if let range = group.maintenance {
            element("InstanceMaintenancePolicy") { xml in
                xml.element("MinHealthyPercentage", range.least)
                xml.element("MaxHealthyPercentage", range.most)
            }
        }
    }

    fileprivate mutating func member(_ member: GroupMember) {
        element("InstanceId", member.instance.description)
        element("InstanceType", member.type)
        element("AvailabilityZone", member.zone)
        element("LifecycleState", "InService")
        element("HealthStatus", member.isHealthy ? "Healthy" : "Unhealthy")
        template(member.template, member.templateName, String(member.version))
        element("ProtectedFromScaleIn", member.isProtected)
    }
}
