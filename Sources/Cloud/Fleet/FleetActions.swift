import Model

/// Auto Scaling's actions, by its names. Groups move on when somebody asks about them: each action first does what is due by the clock.
package protocol FleetActions: Sendable {
    func autoScalingGroups() throws(Failure) -> [AutoScalingGroup]
    func createGroup(_ new: GroupCreation) throws(Failure) -> AutoScalingGroup
    func updateGroup(_ name: String, _ change: GroupChange) throws(Failure)
    /// Refused while it has instances, unless they go with it.
    func deleteGroup(_ name: String, isForced: Bool) throws(Failure)
    /// Terminates an instance of a group, which makes another in its place or becomes smaller.
    func terminateMember(_ id: InstanceID, shrinks: Bool) throws(Failure) -> ScalingActivity
    func setMemberHealth(_ id: InstanceID, isHealthy: Bool) throws(Failure)
    func setMembersProtected(_ ids: [InstanceID], in group: String, _ isProtected: Bool) throws(Failure)
    /// The newest first.
    func scalingActivities() throws(Failure) -> [ScalingActivity]

    func startRefresh(
        of group: String, desired: GroupTemplate?, _ preferences: InstanceRefresh.Preferences?
    ) throws(Failure) -> InstanceRefresh
    func cancelRefresh(of group: String) throws(Failure) -> InstanceRefresh
    func rollBackRefresh(of group: String) throws(Failure) -> InstanceRefresh
    /// The newest first.
    func instanceRefreshes(of group: String) throws(Failure) -> [InstanceRefresh]
}

/// A template as a request names it.
package struct GroupTemplate: Hashable, Sendable {
    package var reference: LaunchTemplateReference
    /// A number, `$Latest` or `$Default`.
    package var version: String

    package init(reference: LaunchTemplateReference, version: String) {
        self.reference = reference
        self.version = version
    }
}

/// CreateAutoScalingGroup.
package struct GroupCreation: Sendable {
    package var name: String
    package var template: GroupTemplate
    package var size: AutoScalingGroup.Size
    /// Where one is empty, it follows from the other.
    package var subnets: [SubnetID] = []
    package var zones: [String] = []
    package var settings = GroupChange()
    package var tags: [GroupTag] = []

    package init(name: String, template: GroupTemplate, size: AutoScalingGroup.Size) {
        self.name = name
        self.template = template
        self.size = size
    }
}

/// UpdateAutoScalingGroup: what is not nil.
package struct GroupChange: Sendable {
    package var template: GroupTemplate?
    package var least: Int?
    package var most: Int?
    package var desired: Int?
    package var cooldown: Int?
    package var healthCheckType: String?
    package var healthCheckGracePeriod: Int?
    package var warmup: Int?
    package var protectsNewInstances: Bool?
    package var maintenance: HealthRange?
    package var subnets: [SubnetID]?

    package init() {}
}
