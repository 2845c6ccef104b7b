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
    /// Does nothing to what is deprecated already.
    static func deprecate(_ product: PolicyProduct, at time: Instant, _ actions: any RegionActions) throws(Failure)
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
