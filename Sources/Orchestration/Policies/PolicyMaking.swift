import Cloud
import Model

/// How what a policy makes at one due time is tagged and described.
struct PolicyMaking {
    let policy: LifecyclePolicy
    /// What is due, as one schedule.
    let schedule: PolicySchedule
    let due: Instant
    let now: Instant

    init(_ policy: LifecyclePolicy, _ schedule: PolicySchedule, due: Instant, now: Instant) {
        self.policy = policy
        self.schedule = schedule
        self.due = due
        self.now = now
    }

    /// AWS's tags of what a policy makes.
    static let policyTag = "aws:dlm:lifecycle-policy-id"
    static let scheduleTag = "aws:dlm:lifecycle-schedule-name"
    private static let managedTag = "dlm:managed"
    /// Ingot's own: the due time, and of an image or a copy what it was made of. By them a run that is done again finds what it made.
    static let dueTag = "aws:dlm:ingot-due"
    static let sourceTag = "aws:dlm:ingot-source"

    var description: String { "Created for policy: \(policy.id) schedule: \(schedule.title)" }

    /// What every product has.
    private func managed(source: String?) throws(Failure) -> TagSet {
        var tags = [
            try Tag(reserved: Self.policyTag, value: policy.id.description),
            try Tag(reserved: Self.scheduleTag, value: schedule.title),
            try Tag(key: Self.managedTag, value: "true"),
            try Tag(reserved: Self.dueTag, value: due.description),
        ]
        if let source { tags.append(try Tag(reserved: Self.sourceTag, value: source)) }
        return try TagSet(tags)
    }

    /// Of a product: `inherited` are the tags of what it is made of.
    ///
    /// - Parameter source: what it is made of, where the product itself does not say.
    func tags(source: String? = nil, inherited: TagSet, instance: InstanceID?) throws(Failure) -> TagSet {
        let copied = schedule.copiesTags ?? false ? inherited.unreserved : TagSet()
        return try copied.merging(try added(instance)).merging(try managed(source: source))
    }

    /// Of a copy.
    func copyTags(_ rule: PolicySchedule.RegionCopy, source: String, original: TagSet) throws(Failure) -> TagSet {
        let copied = rule.copiesTags ?? false ? original.unreserved : TagSet()
        return try copied.merging(try managed(source: source))
    }

    private func added(_ instance: InstanceID?) throws(Failure) -> TagSet {
        var tags = schedule.tagsToAdd ?? []
        for tag in schedule.variableTags ?? [] {
            switch PolicyVariable(rawValue: tag.value) {
            case .instance: tags.append(try Tag(key: tag.key, value: instance?.description ?? ""))
            case .timestamp: tags.append(try Tag(key: tag.key, value: now.withMilliseconds))
            case nil: continue
            }
        }
        return try TagSet(tags)
    }
}

extension TagSet {
    /// What a policy's product says of itself; nil where it is none.
    ///
    /// - Parameter source: what it was made of, where that is known without tags.
    func product(_ id: String, of source: String? = nil) -> PolicyProduct? {
        guard let schedule = self[PolicyMaking.scheduleTag], let source = source ?? self[PolicyMaking.sourceTag],
            let due = self[PolicyMaking.dueTag].flatMap({ try? Instant(parsing: $0) })
        else { return nil }
        return PolicyProduct(id: id, source: source, schedule: schedule, due: due)
    }
}
