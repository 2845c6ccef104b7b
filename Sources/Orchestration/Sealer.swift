import Cloud
import Crypto
import ImageStore
import Ledger
import Model
import Pipeline
import Recipes

/// What an image is apart from its tree.
package struct ImageProperties: Sendable {
    package var recipe: ResourceName
    package var version: VersionPattern
    package var nameTemplate: Template
    package var pipeline: ResourceName
    package var description: String
    package var architecture: Architecture
    package var volumes: [BlockDeviceMapping]
    package var tags: TagSet
    package var parent: ImageID?
    /// For the tag `ingot:base-image`.
    package var baseImage: String
    /// The digest of all that was to be built.
    package var source: Digest
    package var began: Instant
}

/// An image that stands for a tree: a new version, or the one that was there.
package struct Sealed: Sendable {
    package var image: ImageRecord
    package var isNew: Bool
}

/// Registers trees as images: one version, one name, and nothing where nothing changed.
struct Sealer {
    let workspace: Workspace
    let region: any Region

    init(_ workspace: Workspace, region: any Region) {
        self.workspace = workspace
        self.region = region
    }

    /// The tree must be durable in the region's store. `token` names the intention.
    func seal(_ root: Digest, _ properties: ImageProperties, token: String) throws(Failure) -> Sealed {
        if let same = try unchanged(root, properties) { return Sealed(image: same, isNew: false) }
        return try workspace.exclusively("sealing \(properties.recipe) in \(region.name)") { (lease) throws(Failure) in
            if let same = try unchanged(root, properties) { return Sealed(image: same, isNew: false) }
            return Sealed(image: try register(root, properties, token, lease), isNew: true)
        }
    }

    /// The newest version, where it has this tree and these properties.
    func unchanged(_ root: Digest, _ properties: ImageProperties) throws(Failure) -> ImageRecord? {
        guard let latest = try region.latest(of: properties.recipe, .any), latest.root == root,
            latest.architecture == properties.architecture, latest.description == properties.description
        else { return nil }
        let wanted = try volumes(properties, size: latest.logicalSize).map {
            VolumeMapping(deviceName: $0.deviceName, volume: $0.volume)
        }
        let has = latest.volumes.map { VolumeMapping(deviceName: $0.deviceName, volume: $0.volume) }
        return wanted == has && properties.tags.allSatisfy { latest.tags[$0.key] == $0.value } ? latest : nil
    }

    private func register(
        _ root: Digest, _ properties: ImageProperties, _ token: String, _ lease: LeaseRecord
    ) throws(Failure) -> ImageRecord {
        let size = try logicalSize(of: root)
        let version = try properties.version.next(after: try region.versions(of: properties.recipe))
        let new = try image(properties, version, size, token)
        let release = Release(recipe: properties.recipe, version: version)
        let intent = OperationIntent(holder: Holder.current, release: release.description, source: nil)
        let operation = try workspace.ledger.intend(
            .register, subject: release.description, region: region.name, intent: try JSON.text(intent), token: token,
            at: workspace.now, under: lease)
        try workspace.failpoint("seal.intended")
        do throws(Failure) {
            let pending = try region.registerPending(new)
            try workspace.failpoint("seal.pending")
            let image = try region.markAvailable(pending.id, root: root, logicalSize: size, at: workspace.now)
            try workspace.failpoint("seal.available")
            _ = try workspace.ledger.complete(
                operation.id, result: try JSON.text(["image": image.id.description]), at: workspace.now)
            return image
        } catch {
            try Recovery(workspace).undo(operation, reason: error.message)
            throw error
        }
    }

    private func image(
        _ properties: ImageProperties, _ version: ImageVersion, _ size: Int64, _ token: String
    ) throws(Failure) -> NewImage {
        let values: [Template.Variable: String] = [
            .version: version.semantic, .buildNumber: String(version.build), .recipe: properties.recipe.description,
            .pipeline: properties.pipeline.description, .region: region.name.description, .buildDate: properties.began.inNames,
        ]
        let volumes = try volumes(properties, size: size)
        return NewImage(
            name: try properties.nameTemplate.amiName(values), description: properties.description,
            release: Release(recipe: properties.recipe, version: version), architecture: properties.architecture,
            created: workspace.now, parent: properties.parent, rootDeviceName: volumes[0].deviceName, volumes: volumes,
            tags: try automaticTags(properties, version).merging(properties.tags),
            token: token)
    }

    private func automaticTags(_ properties: ImageProperties, _ version: ImageVersion) throws(Failure) -> TagSet {
        try TagSet([
            Tag(key: "ingot:recipe", value: properties.recipe.description),
            Tag(key: "ingot:version", value: version.description),
            Tag(key: "ingot:base-image", value: properties.baseImage),
            Tag(key: "ingot:build-date", value: properties.began.description),
            Tag(key: "ingot:source-digest", value: "sha256:" + properties.source.hex),
        ])
    }

    /// The recipe's volumes; without any, one root volume. A size that is not given is what the content needs and a quarter more,
    /// 8 GiB at least.
    private func volumes(_ properties: ImageProperties, size: Int64) throws(Failure) -> [VolumeMapping] {
        let needed = Int(size / (1 << 30) * 5 / 4) + 1
        let usual = max(8, needed)
        if properties.volumes.isEmpty { return [VolumeMapping(deviceName: "/dev/xvda", volume: Volume(size: usual))] }
        return try properties.volumes.enumerated().map { (position, mapping) throws(Failure) in
            let ebs = mapping.ebs
            let chosen = ebs.volumeSize ?? usual
            guard position > 0 || chosen >= needed else {
                throw Failure(
                    .invalid, "the root volume of \(chosen) GiB is too small for \(Amount.bytes(size)) of files",
                    hint: "set volumeSize of \(mapping.deviceName) to \(needed) or more")
            }
            return VolumeMapping(
                deviceName: mapping.deviceName,
                volume: Volume(
                    size: chosen, type: ebs.volumeType, iops: ebs.iops, throughput: ebs.throughput,
                    isDeletedOnTermination: ebs.deleteOnTermination))
        }
    }

    private func logicalSize(of root: Digest) throws(Failure) -> Int64 {
        let tree = try Tree(root, in: try workspace.store(of: region))
        var size: UInt64 = 0
        try tree.walk { (_, node) throws(Failure) in
            size += node.content?.size ?? 0
            return true
        }
        return Int64(clamping: size)
    }
}

/// What recovery needs to finish or undo an operation.
struct OperationIntent: Codable {
    /// The process that acts.
    var holder: String
    /// The image version that is registered: `web-server/1.4.2/3`.
    var release: String?
    /// The image that is copied: `us-east-1 ami-…`.
    var source: String?
}
