import Cloud
import Model

extension GroupChange {
    /// What creating and changing a group have in common.
    init(_ input: QueryInput) throws(APIError) {
        self.init()
        least = try input.int("MinSize")
        most = try input.int("MaxSize")
        desired = try input.int("DesiredCapacity")
        cooldown = try input.int("DefaultCooldown")
        healthCheckType = input.string("HealthCheckType")
        healthCheckGracePeriod = try input.int("HealthCheckGracePeriod")
        warmup = try input.int("DefaultInstanceWarmup")
        protectsNewInstances = try input.bool("NewInstancesProtectedFromScaleIn")
        if let policy = input.structure("InstanceMaintenancePolicy") {
            maintenance = HealthRange(
                least: try policy.int("MinHealthyPercentage") ?? 90, most: try policy.int("MaxHealthyPercentage") ?? 100)
        }
        if let text = input.string("VPCZoneIdentifier") {
            subnets = try text.split(separator: ",").map { part throws(APIError) in
                let id = String(part.drop { $0 == " " })
                do throws(Failure) { return try SubnetID(parsing: id) } catch {
                    throw APIError(.validationError, "The subnet ID '\(id.prefix(60))' does not exist")
                }
            }
        }
        if let type = healthCheckType, type != "EC2" {
            throw APIError(.validationError, "Instances are checked by EC2 alone here, not by \(type.prefix(40))")
        }
        let numbers = [least, most, desired, cooldown, healthCheckGracePeriod, warmup].compactMap(\.self)
        guard numbers.allSatisfy({ -1...1_000_000 ~= $0 }) else {
            throw APIError(.validationError, "A number of the request is out of its bounds")
        }
    }
}

struct CreateAutoScalingGroup: QueryAction {
    private let creation: GroupCreation

    init(_ input: QueryInput) throws(APIError) {
        let settings = try GroupChange(input)
        guard let template = try input.groupTemplate() else {
            throw APIError(
                .validationError, "Valid requests must contain a LaunchTemplate: there are no launch configurations here.")
        }
        guard let least = settings.least, let most = settings.most else { throw .missing("MinSize, MaxSize") }
        var creation = GroupCreation(
            name: try input.groupName(), template: template,
            size: AutoScalingGroup.Size(least: least, most: most, desired: settings.desired ?? least))
        creation.settings = settings
        creation.subnets = settings.subnets ?? []
        creation.settings.subnets = nil
        creation.zones = try input.members("AvailabilityZones")
        creation.tags = try input.memberStructures("Tags").map { tag throws(APIError) in
            _ = (tag.string("ResourceId"), tag.string("ResourceType"))
            return GroupTag(
                key: try tag.required("Key"), value: tag.text("Value") ?? "",
                isPropagated: try tag.bool("PropagateAtLaunch") ?? false)
        }
        guard try input.members("TerminationPolicies").allSatisfy({ $0 == "Default" || $0 == "OldestInstance" }) else {
            throw APIError(.validationError, "The oldest instances go first here; there is no other termination policy.")
        }
        self.creation = creation
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        _ = try asking { () throws(Failure) in try call.actions.createGroup(creation) }
    }
}

struct UpdateAutoScalingGroup: QueryAction {
    private let name: String
    private let change: GroupChange

    init(_ input: QueryInput) throws(APIError) {
        name = try input.groupName()
        var change = try GroupChange(input)
        change.template = try input.groupTemplate()
        self.change = change
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.updateGroup(name, change) }
    }
}

struct SetDesiredCapacity: QueryAction {
    private let name: String
    private let change: GroupChange

    init(_ input: QueryInput) throws(APIError) {
        name = try input.groupName()
        var change = GroupChange()
        change.desired = try input.int("DesiredCapacity")
        guard change.desired != nil else { throw .missing("DesiredCapacity") }
        // A cooldown holds nothing up: instances are there at once.
        _ = try input.bool("HonorCooldown")
        self.change = change
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in
            let group = try call.actions.autoScalingGroups().first { $0.name == name }
            if let group, let desired = change.desired {
                if desired > group.size.most {
                    throw Failure(
                        PlaneError(
                            .validationError,
                            "New SetDesiredCapacity value \(desired) is above max value \(group.size.most) for the AutoScalingGroup."
                        ))
                }
                if desired < group.size.least {
                    throw Failure(
                        PlaneError(
                            .validationError,
                            "New SetDesiredCapacity value \(desired) is below min value \(group.size.least) for the AutoScalingGroup."
                        ))
                }
            }
            try call.actions.updateGroup(name, change)
        }
    }
}

struct DeleteAutoScalingGroup: QueryAction {
    private let name: String
    private let isForced: Bool

    init(_ input: QueryInput) throws(APIError) {
        name = try input.groupName()
        isForced = try input.bool("ForceDelete") ?? false
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.deleteGroup(name, isForced: isForced) }
    }
}
