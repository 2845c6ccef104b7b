import Model
import Records
import SQLite

// BundleInstance and CancelBundleTask. What is asked for is carried out by a `ConversionWorker`.
extension EmbeddedActions {
    package func bundleInstance(_ new: InstanceBundle) throws(Failure) -> ConversionTask {
        guard plane.buckets?.has(new.bucket) ?? false else { throw Failure(.noBucket(new.bucket)) }
        guard new.manifest != nil, new.part(BundleManifest.mostParts) != nil else {
            throw Failure(PlaneError(.invalidParameter, "The S3 prefix \(new.prefix.prefix(100)) is not valid."))
        }
        try settle()
        let account = try account
        let instance = try readOne(new.instance)
        guard instance.isInstanceStore else { throw Failure(.notInstanceStore(new.instance)) }
        guard instance.state == .running else {
            throw Failure(PlaneError(.incorrectState, "The instance '\(new.instance)' is not in the 'running' state."))
        }
        let id: ResourceID<BundleTaskKind> = try region.newID()
        return try enter(id, .bundle, .bundle(new), token: nil, key: nil, disks: [], TagSet()) { session in
            let all = try session.conversions("kind = 'bundle-task' AND status IN ('active', 'deleting')")
            guard !all.contains(where: { $0.owner == account && $0.bundle?.instance == new.instance }) else {
                throw Failure(.bundlingInProgress(new.instance))
            }
            // Until its end a task has the prefix for itself, so that it can remove what it wrote.
            let rival = all.compactMap(\.bundle).first { $0.manifest == new.manifest }
            if let object = rival?.manifest ?? plane.buckets.flatMap({ new.obstacle(in: $0) }) {
                throw Failure(.bundlePlaceTaken(object.bucket, object.key))
            }
        }
    }
}

extension ConversionTask {
    /// What a bundle task was asked for; nil for another task.
    package var bundle: InstanceBundle? {
        if case .bundle(let wish) = request { wish } else { nil }
    }
}
