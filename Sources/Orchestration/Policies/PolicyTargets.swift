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
    var sources: Set<String> { all.reduce(into: []) { $0.formUnion($1.sources) } }

    init(_ policy: LifecyclePolicy, _ actions: any RegionActions) throws(Failure) {
        let details = policy.details
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

    private static func volumes(of instance: InstanceRecord, _ parameters: PolicyDetails.Parameters?) -> Target {
        let excluded = parameters?.excludedDataVolumeTags ?? []
        let leftOut = instance.volumes.filter { volume in
            volume.attachment?.device != instance.rootDeviceName && excluded.contains { volume.tags[$0.key] == $0.value }
        }
        return .volumes(
            instance, leavingOutRoot: parameters?.excludesBootVolume ?? false, leftOut: leftOut.map(\.id))
    }
}
