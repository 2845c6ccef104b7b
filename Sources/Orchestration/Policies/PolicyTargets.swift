import Cloud
import Model

/// The volumes or instances that have one of a policy's target tags.
struct PolicyTargets {
    /// One of them, and what its products are made of: the volume, the instance, or the instance's volumes.
    enum Target {
        case volume(VolumeRecord)
        /// Snapshots of the volumes that are not left out.
        case volumes(InstanceRecord, leavingOutRoot: Bool, leftOut: [VolumeID])
        case instance(InstanceRecord)

        var sources: Set<String> {
            switch self {
            case .volume(let volume): [volume.id.description]
            case .volumes(let instance, _, _): Set(instance.volumes.map(\.id.description))
            case .instance(let instance): [instance.id.description]
            }
        }
    }

    let all: [Target]
    /// Of a default policy: all that is there, also what it leaves out.
    private(set) var existing: Set<String> = []
    var sources: Set<String> { all.reduce(into: []) { $0.formUnion($1.sources) } }

    init(_ policy: LifecyclePolicy, _ actions: any RegionActions) throws(Failure) {
        let details = policy.details
        if details.isDefault {
            (all, existing) = try Self.ofDefault(details, actions)
            return
        }
        let tags = details.targetTags ?? []
        func isMeant(_ own: TagSet) -> Bool { tags.contains { own[$0.key] == $0.value } }
        if details.isOfVolumes {
            all = try actions.describeVolumes(VolumeQuery()).filter { isMeant($0.tags) }.map { .volume($0) }
            return
        }
        let instances = try actions.instances().filter {
            isMeant($0.tags) && ($0.state == .running || $0.state == .stopped)
        }
        all = instances.map { details.isOfImages ? .instance($0) : Self.volumes(of: $0, details.parameters) }
    }

    /// All volumes or instances that the policy does not leave out.
    private static func ofDefault(
        _ details: PolicyDetails, _ actions: any RegionActions
    ) throws(Failure) -> (targets: [Target], existing: Set<String>) {
        let exclusions = details.exclusions
        func isLeftOut(_ own: TagSet) -> Bool { exclusions?.tags?.contains { own[$0.key] == $0.value } ?? false }
        let instances = try actions.instances().filter { $0.state != .terminated }
        guard details.isOfVolumes else {
            let targets = instances.filter { ($0.state == .running || $0.state == .stopped) && !isLeftOut($0.tags) }
            return (targets.map { .instance($0) }, Set(instances.map(\.id.description)))
        }
        let roots = Set(
            instances.flatMap { instance in
                instance.volumes.filter { $0.attachment?.device == instance.rootDeviceName }.map(\.id)
            })
        let volumes = try actions.describeVolumes(VolumeQuery())
        let targets = volumes.filter { volume in
            !isLeftOut(volume.tags) && !(exclusions?.bootVolumes ?? false && roots.contains(volume.id))
                && !(exclusions?.volumeTypes?.contains(volume.volume.type.rawValue) ?? false)
        }
        return (targets.map { .volume($0) }, Set(volumes.map(\.id.description)))
    }

    private static func volumes(of instance: InstanceRecord, _ parameters: PolicyDetails.Parameters?) -> Target {
        let excluded = parameters?.excludedDataVolumeTags ?? []
        let leftOut = instance.volumes.filter { volume in
            volume.attachment?.device != instance.rootDeviceName && excluded.contains { volume.tags[$0.key] == $0.value }
        }
        return .volumes(
            instance, leavingOutRoot: parameters?.excludesBootVolume ?? false, leftOut: leftOut.map(\.id))
    }
}
