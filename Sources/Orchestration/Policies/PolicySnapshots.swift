import Cloud
import Model

/// The snapshots of a policy.
enum PolicySnapshots: PolicyProductKind {
    private static func snapshots(
        of policy: LifecyclePolicyID, _ actions: any RegionActions
    ) throws(Failure) -> [SnapshotRecord] {
        try actions.describeSnapshots(
            SnapshotQuery(
                owners: [.own], filters: [ResourceFilter("tag:\(PolicyMaking.policyTag)", [policy.description])]))
    }

    static func products(of policy: LifecyclePolicyID, _ actions: any RegionActions) throws(Failure) -> [PolicyProduct] {
        try snapshots(of: policy, actions).compactMap { $0.product }
    }

    static func make(
        _ target: PolicyTargets.Target, _ making: PolicyMaking, _ actions: any RegionActions
    ) throws(Failure) -> [PolicyProduct] {
        switch target {
        case .volume(let volume):
            let tags = try making.tags(inherited: volume.tags, instance: nil)
            return try [actions.createSnapshot(of: volume.id, description: making.description, tags: tags)].compactMap(\.product)
        case .volumes(let instance, let leavingOutRoot, let leftOut):
            var new = InstanceSnapshots(instance: instance.id)
            new.description = making.description
            new.leavesOutRoot = leavingOutRoot
            new.leftOut = leftOut
            // Each has the tags of its own volume.
            new.copiesVolumeTags = making.schedule.copiesTags ?? false
            new.tags = try making.tags(inherited: TagSet(), instance: instance.id)
            return try actions.createSnapshots(new).compactMap(\.product)
        case .instance: return []
        }
    }

    static func copy(
        _ product: PolicyProduct, _ copying: PolicyCopying, _ making: PolicyMaking, _ target: any RegionActions
    ) throws(Failure) -> String {
        let id = try SnapshotID(parsing: product.id)
        let original = try copying.own.snapshotAttributes(id)
        let tags = try making.copyTags(copying.rule, source: product.source, original: original.tags)
        let copy = try target.copySnapshot(
            SnapshotCopying(
                sourceRegion: copying.region, source: id, description: making.description,
                isEncrypted: copying.rule.isEncrypted || original.isEncrypted, key: copying.rule.key, tags: tags))
        let made = try target.snapshotAttributes(copy)
        guard made.state == .completed else {
            throw Failure(.failed, "the copy \(copy) of \(id) failed: \(made.stateMessage ?? "nobody says why")")
        }
        return copy.description
    }

    static func remove(_ product: PolicyProduct, _ actions: any RegionActions) throws(Failure) -> Bool {
        do throws(Failure) { try actions.deleteSnapshot(try SnapshotID(parsing: product.id)) } catch {
            if error.isKept { return false }
            // Somebody else was faster.
            if error.code != .notFound { throw error }
        }
        return true
    }

    static func backups(of policy: LifecyclePolicyID, _ actions: any RegionActions) throws(Failure) -> [String: Instant] {
        let snapshots = try actions.describeSnapshots(SnapshotQuery(owners: [.own])).filter { $0.state == .completed }
        return newest(snapshots.map { ($0.volume?.description, $0.tags, $0.started) }, of: policy)
    }

    static func share(_ product: PolicyProduct, with accounts: [String], _ actions: any RegionActions) throws(Failure) {
        try actions.changeVolumePermissions(
            of: try SnapshotID(parsing: product.id), adding: try permissions(accounts), removing: [])
    }

    static func unshare(_ product: PolicyProduct, from accounts: [String], _ actions: any RegionActions) throws(Failure) {
        let permissions = try permissions(accounts)
        let id = try SnapshotID(parsing: product.id)
        if try actions.snapshotAttributes(id).permissions.isDisjoint(with: permissions) { return }
        try actions.changeVolumePermissions(of: id, adding: [], removing: permissions)
    }

    private static func permissions(_ accounts: [String]) throws(Failure) -> Set<LaunchPermission> {
        Set(try accounts.map { (text) throws(Failure) in .account(try AccountID(parsing: text)) })
    }

    static func archive(_ product: PolicyProduct, _ actions: any RegionActions) throws(Failure) -> Bool {
        do throws(Failure) { _ = try actions.archiveSnapshot(try SnapshotID(parsing: product.id)) } catch {
            if error.isKept { return false }
            throw error
        }
        return true
    }

    static func deprecate(_ product: PolicyProduct, at time: Instant, _ actions: any RegionActions) {}
}

extension SnapshotRecord {
    fileprivate var product: PolicyProduct? {
        var product = tags.product(id.description, of: volume?.description)
        // One that was restored for some days is still the archive's.
        if tier == .archive || restoredUntil != nil { product?.archived = tiering?.started ?? started }
        return product
    }
}
