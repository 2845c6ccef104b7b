import Cloud
import Model

/// The images of a policy.
enum PolicyImages: PolicyProductKind {
    private static func images(of policy: LifecyclePolicyID, _ actions: any RegionActions) throws(Failure) -> [ImageRecord] {
        try actions.describeImages(
            ImageQuery(
                owners: [.own], filters: [ResourceFilter("tag:\(PolicyMaking.policyTag)", [policy.description])],
                includesDeprecated: true, includesDisabled: true)
        ).map(\.image)
    }

    static func products(of policy: LifecyclePolicyID, _ actions: any RegionActions) throws(Failure) -> [PolicyProduct] {
        try images(of: policy, actions).compactMap { $0.tags.product($0.id.description) }
    }

    static func make(
        _ target: PolicyTargets.Target, _ making: PolicyMaking, _ actions: any RegionActions
    ) throws(Failure) -> [PolicyProduct] {
        guard case .instance(let instance) = target else { return [] }
        var new = InstanceImage(name: name(of: instance.id.description, making))
        new.description = making.description
        new.tags = try making.tags(source: instance.id.description, inherited: instance.tags, instance: instance.id)
        new.snapshotTags = new.tags
        new.isWithoutReboot = making.policy.details.parameters?.isWithoutReboot ?? true
        let id = try actions.createImage(of: instance.id, new)
        return [new.tags.product(id.description)].compactMap { $0 }
    }

    /// Of one source there is one image a due time.
    private static func name(of source: String, _ making: PolicyMaking) -> String {
        "\(making.policy.id)_\(source)_\(making.due.inNames)"
    }

    static func copy(
        _ product: PolicyProduct, _ copying: PolicyCopying, _ making: PolicyMaking, _ target: any RegionActions
    ) throws(Failure) -> String {
        let id = try ImageID(parsing: product.id)
        let original = try copying.own.imageAttributes(id)
        let tags = try making.copyTags(copying.rule, source: product.source, original: original.tags)
        let copy = try target.copyImage(
            ImageCopying(
                name: name(of: product.source, making), description: making.description, sourceRegion: copying.region, source: id,
                isEncrypted: copying.rule.isEncrypted, key: copying.rule.key, tags: tags, snapshotTags: tags))
        let made = try target.imageAttributes(copy)
        guard made.state == .available else {
            throw Failure(.failed, "the copy \(copy) of \(id) failed: \(made.failureReason ?? "nobody says why")")
        }
        return copy.description
    }

    static func remove(_ product: PolicyProduct, _ actions: any RegionActions) throws(Failure) -> Bool {
        do throws(Failure) {
            try actions.deregisterImage(try ImageID(parsing: product.id), deletingSnapshots: true)
        } catch {
            if error.isKept { return false }
            // Somebody else was faster.
            if error.code != .notFound { throw error }
        }
        return true
    }

    static func backups(of policy: LifecyclePolicyID, _ actions: any RegionActions) throws(Failure) -> [String: Instant] {
        let images = try actions.describeImages(
            ImageQuery(owners: [.own], includesDeprecated: true, includesDisabled: true)
        ).map(\.image)
        return newest(
            images.filter { $0.state == .available }.map { ($0.sourceInstance?.description, $0.tags, $0.created) }, of: policy)
    }

    // Rules of snapshots: policies of images that have them are refused.
    static func share(_ product: PolicyProduct, with accounts: [String], _ actions: any RegionActions) {}
    static func unshare(_ product: PolicyProduct, from accounts: [String], _ actions: any RegionActions) {}
    static func archive(_ product: PolicyProduct, _ actions: any RegionActions) -> Bool { false }

    static func deprecate(_ product: PolicyProduct, at time: Instant, _ actions: any RegionActions) throws(Failure) {
        let id = try ImageID(parsing: product.id)
        guard try actions.imageAttributes(id).chosenDeprecation == nil else { return }
        try actions.enableDeprecation(of: id, at: time)
    }
}
