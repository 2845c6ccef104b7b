import Model
import Records
import SQLite

extension EmbeddedActions {
    package func autoScalingGroups() throws(Failure) -> [AutoScalingGroup] {
        try advanceGroups()
        return try read("list the Auto Scaling groups") { try $0.groups(of: try account) }
    }

    package func scalingActivities() throws(Failure) -> [ScalingActivity] {
        try advanceGroups()
        return try read("list what Auto Scaling did") { try $0.activities(of: try account) }
    }

    package func createGroup(_ new: GroupCreation) throws(Failure) -> AutoScalingGroup {
        try new.size.refusal.check()
        try new.settings.maintenance?.refusal.check()
        let group = try writeNetwork("make the Auto Scaling group \(new.name)") { session, account in
            guard try session.group(new.name, of: account) == nil else {
                throw Failure(
                    PlaneError(
                        .alreadyExists,
                        "AutoScalingGroup by this name already exists - A group with the name \(new.name) already exists"))
            }
            let subnets = try subnets(new.subnets, new.zones, session, account)
            var group = AutoScalingGroup(
                name: new.name, created: now, template: try choice(new.template, session), size: new.size,
                subnets: subnets.map(\.id.description), zones: Set(subnets.map(\.zone)).sorted())
            try apply(new.settings, to: &group, session, account)
            group.tags = new.tags
            try session.put(group, of: account)
            return group
        }
        try advanceGroups()
        return group
    }

    package func updateGroup(_ name: String, _ change: GroupChange) throws(Failure) {
        try change.maintenance?.refusal.check()
        try writeNetwork("change the Auto Scaling group \(name)") { session, account in
            var group = try group(name, session, account)
            try apply(change, to: &group, session, account)
            try session.put(group, of: account)
        }
        try advanceGroups()
    }

    package func deleteGroup(_ name: String, isForced: Bool) throws(Failure) {
        try advanceGroups()
        let members = try write("delete the Auto Scaling group \(name)") { session in
            let account = try account
            let group = try group(name, session, account)
            guard group.members.isEmpty || isForced else {
                throw Failure(
                    PlaneError(
                        .resourceInUse,
                        "You cannot delete an AutoScalingGroup while there are instances or pending Spot instance request(s) still in the group."
                    ))
            }
            try session.run("DELETE FROM auto_scaling_groups WHERE owner = ? AND name = ?", account, name)
            return group.members.map(\.instance)
        }
        for id in members { try terminate(id) }
    }

    package func terminateMember(_ id: InstanceID, shrinks: Bool) throws(Failure) -> ScalingActivity {
        try advanceGroups()
        let activity = try write("terminate the instance \(id) of a group") { session in
            let account = try account
            var group = try self.group(of: id, session, account)
            if shrinks, group.size.desired == group.size.least {
                throw Failure(
                    PlaneError(
                        .validationError,
                        """
                        Currently, desiredSize equals minSize (\(group.size.least)). Terminating instance without replacement will \
                        violate group's min size constraint. Either set shouldDecrementDesiredCapacity flag to false or lower group's \
                        min size.
                        """))
            }
            group.members.removeAll { $0.instance == id }
            if shrinks { group.size.desired -= 1 }
            try session.put(group, of: account)
            return try note("Terminating EC2 instance: \(id)", "a user request", group.name, session, account)
        }
        try terminate(id)
        try advanceGroups()
        return activity
    }

    package func setMemberHealth(_ id: InstanceID, isHealthy: Bool) throws(Failure) {
        try change(id) { $0.isHealthy = isHealthy }
        try advanceGroups()
    }

    package func setMembersProtected(
        _ ids: [InstanceID], in name: String, _ isProtected: Bool
    ) throws(Failure) {
        for id in ids { try change(id) { $0.isProtected = isProtected } }
    }

    private func change(_ id: InstanceID, _ body: (inout GroupMember) -> Void) throws(Failure) {
        try write("change the instance \(id) of a group") { session in
            let account = try account
            var group = try group(of: id, session, account)
            for index in group.members.indices where group.members[index].instance == id { body(&group.members[index]) }
            try session.put(group, of: account)
        }
    }

    // MARK: Parts

    func group(_ name: String, _ session: Session, _ account: AccountID) throws -> AutoScalingGroup {
        guard let group = try session.group(name, of: account) else {
            throw Failure(PlaneError(.validationError, "AutoScalingGroup name not found - AutoScalingGroup '\(name)' not found"))
        }
        return group
    }

    private func group(of id: InstanceID, _ session: Session, _ account: AccountID) throws -> AutoScalingGroup {
        guard let group = try session.groups(of: account).first(where: { $0.members.contains { $0.instance == id } }) else {
            throw Failure(
                PlaneError(.validationError, "Instance Id not found - No managed instance found for instance ID: \(id)"))
        }
        return group
    }

    func note(
        _ description: String, _ cause: String, _ group: String, _ session: Session, _ account: AccountID, failure: String? = nil
    ) throws -> ScalingActivity {
        let activity = ScalingActivity(
            id: try region.newUUID(), group: group, description: description,
            cause: "At \(now) \(cause)", started: now, isSuccessful: failure == nil, message: failure)
        try session.put(activity, of: account)
        return activity
    }

    /// With the version as it was written.
    func choice(_ template: GroupTemplate, _ session: Session) throws -> TemplateChoice {
        let known = try self.template(template.reference, session)
        guard let selector = LaunchTemplateSelector(template.version) else {
            throw Failure(PlaneError(.validationError, "Invalid launch template version: \(template.version.prefix(40))"))
        }
        _ = try version(selector.number(in: known), of: known, session)
        return TemplateChoice(id: known.id, name: known.name, version: template.version)
    }

    private func apply(
        _ change: GroupChange, to group: inout AutoScalingGroup, _ session: Session, _ account: AccountID
    ) throws {
        if let template = change.template { group.template = try choice(template, session) }
        group.size.least = change.least ?? group.size.least
        group.size.most = change.most ?? group.size.most
        let wanted = change.desired ?? min(max(group.size.desired, group.size.least), group.size.most)
        group.size.desired = wanted
        try group.size.refusal.check()
        group.cooldown = change.cooldown ?? group.cooldown
        group.healthCheckType = change.healthCheckType ?? group.healthCheckType
        group.healthCheckGracePeriod = change.healthCheckGracePeriod ?? group.healthCheckGracePeriod
        group.warmup = change.warmup ?? group.warmup
        group.protectsNewInstances = change.protectsNewInstances ?? group.protectsNewInstances
        group.maintenance = change.maintenance ?? group.maintenance
        if let ids = change.subnets {
            let subnets = try subnets(ids, [], session, account)
            group.subnets = subnets.map(\.id.description)
            group.zones = Set(subnets.map(\.zone)).sorted()
        }
    }

    /// The subnets that are named, or the default ones of the zones that are.
    private func subnets(
        _ ids: [SubnetID], _ zones: [String], _ session: Session, _ account: AccountID
    ) throws -> [Subnet] {
        let known = try session.subnets(of: account)
        if !ids.isEmpty {
            let named = try ids.map { id in
                guard let subnet = known.first(where: { $0.id == id }) else {
                    throw Failure(PlaneError(.validationError, "The subnet ID '\(id)' does not exist"))
                }
                return subnet
            }
            guard zones.allSatisfy({ zone in named.contains { $0.zone == zone } }) else {
                throw Failure(
                    PlaneError(
                        .validationError,
                        "The availability zones of the specified subnets and the Auto Scaling group do not match"))
            }
            return named
        }
        guard !zones.isEmpty else {
            throw Failure(PlaneError(.validationError, "At least one Availability Zone or VPC Subnet is required."))
        }
        return try zones.map { zone in
            guard let subnet = known.first(where: { $0.zone == zone && $0.isDefault }) else {
                throw Failure(PlaneError(.validationError, "Invalid availability zone: \(zone.prefix(60))"))
            }
            return subnet
        }
    }
}
