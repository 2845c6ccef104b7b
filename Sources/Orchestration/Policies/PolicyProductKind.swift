import Cloud
import Model

/// What a policy makes: snapshots or images.
protocol PolicyProductKind {
    /// All that the policy made in a region, or copied to it, and that is still there.
    static func products(of policy: LifecyclePolicyID, _ actions: any RegionActions) throws(Failure) -> [PolicyProduct]
    static func make(
        _ target: PolicyTargets.Target, _ making: PolicyMaking, _ actions: any RegionActions
    ) throws(Failure) -> [PolicyProduct]
    /// Returns the id of the copy.
    static func copy(
        _ product: PolicyProduct, _ copying: PolicyCopying, _ making: PolicyMaking, _ target: any RegionActions
    ) throws(Failure) -> String
    /// False where something keeps it: a lock, a protection, an image that needs it.
    static func remove(_ product: PolicyProduct, _ actions: any RegionActions) throws(Failure) -> Bool
    /// When the newest backup of each source was made, whoever made it.
    static func backups(of policy: LifecyclePolicyID, _ actions: any RegionActions) throws(Failure) -> [String: Instant]
    /// Does nothing where it is shared already.
    static func share(_ product: PolicyProduct, with accounts: [String], _ actions: any RegionActions) throws(Failure)
    static func unshare(_ product: PolicyProduct, from accounts: [String], _ actions: any RegionActions) throws(Failure)
    /// False where something needs it outside of the archive.
    static func archive(_ product: PolicyProduct, _ actions: any RegionActions) throws(Failure) -> Bool
    /// Does nothing to what is deprecated already.
    static func deprecate(_ product: PolicyProduct, at time: Instant, _ actions: any RegionActions) throws(Failure)
}

extension PolicyProductKind {
    /// Those of the policy itself count from the time that they were due at.
    static func newest(
        _ backups: some Sequence<(source: String?, tags: TagSet, made: Instant)>, of policy: LifecyclePolicyID
    ) -> [String: Instant] {
        var newest: [String: Instant] = [:]
        for backup in backups {
            guard let source = backup.source else { continue }
            let isOwn = backup.tags[PolicyMaking.policyTag] == policy.description
            let made = (isOwn ? backup.tags.product("", of: source)?.due : nil) ?? backup.made
            newest[source] = max(made, newest[source] ?? made)
        }
        return newest
    }
}

/// From where and by which rule something is copied.
struct PolicyCopying {
    let region: RegionName
    let own: any RegionActions
    let rule: PolicySchedule.RegionCopy
}

extension Failure {
    /// Whether what was to be deleted is kept by something that is meant to keep it.
    var isKept: Bool {
        switch planeError?.code {
        case .invalidSnapshotInUse, .operationNotPermitted, .incorrectState: true
        default: false
        }
    }
}
