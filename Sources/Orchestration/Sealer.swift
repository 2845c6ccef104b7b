import Cloud
import Crypto
import ImageStore
import Ledger
import Model
import Recipes
import Text

/// Registers trees as images: one version, one name, and nothing where nothing changed.
struct Sealer {
    let workspace: Workspace
    let region: any Region
    /// Where the tree is; nil for the region's open store.
    private let place: BuildPlace?

    init(_ workspace: Workspace, region: any Region, place: BuildPlace? = nil) {
        self.workspace = workspace
        self.region = region
        self.place = place
    }

    /// The tree must be durable where the build works, or in the region's open store, and the caller hold a lease on it (a `StoreWriter`) since
    /// it was found there, so that no collection takes it away before the catalogue names it. `token` names the intention; `build` is whose
    /// image it will be.
    ///
    /// `test` is run while the new image is pending, so that nobody can launch it; where it throws, the image is failed and stays so.
    /// `document` makes the documents about the image, and gives the root of their tree, durable in the region's store.
    func seal(
        _ root: Digest, _ properties: ImageProperties, token: String, build: BuildID? = nil,
        document: Document? = nil, test: ((ImageRecord) throws(Failure) -> Void)? = nil
    ) throws(Failure) -> Sealed {
        if let same = try unchanged(root, properties) { return Sealed(image: same, isNew: false) }
        // Sealing is short, so another pipeline of the recipe is waited for.
        let what = "sealing \(properties.recipe) in \(region.name)"
        let begun = try workspace.exclusively(what, patience: .minutes(1)) { (lease) throws(Failure) -> Begun in
            if let same = try unchanged(root, properties) { return .sealed(Sealed(image: same, isNew: false)) }
            let pending = try begin(root, properties, token, build, lease)
            if test != nil { return .pending(pending) }
            return .sealed(Sealed(image: try finish(pending, document: document), isNew: true))
        }
        // Tests take their time, and keep nobody else waiting.
        switch begun {
        case .sealed(let sealed): return sealed
        case .pending(let pending): return Sealed(image: try finish(pending, document: document, after: test), isNew: true)
        }
    }

    /// Makes the documents about a pending image.
    typealias Document = (ImageRecord) throws(Failure) -> Digest

    private enum Begun {
        case sealed(Sealed)
        case pending(Pending)
    }

    /// An image that is registered, and the intention behind it.
    private struct Pending {
        var image: ImageRecord
        var operation: OperationRecord
        var root: Digest
        var disk: ImportedDisk?
        var size: Int64
    }

    /// The newest version that the recipe's pattern means, where it has this tree and these properties.
    func unchanged(_ root: Digest, _ properties: ImageProperties) throws(Failure) -> ImageRecord? {
        guard let latest = try newest(properties), latest.root == root, latest.architecture == properties.architecture,
            latest.description == properties.description, hasTags(latest, properties)
        else { return nil }
        let wanted = try volumes(properties, size: latest.logicalSize)
        let has = latest.volumes.map { VolumeMapping(deviceName: $0.deviceName, volume: $0.volume) }
        return wanted == has ? latest : nil
    }

    private func newest(_ properties: ImageProperties) throws(Failure) -> ImageRecord? {
        guard let latest = try region.latest(of: properties.recipe, .any) else { return nil }
        func matches(_ image: ImageRecord) -> Bool { image.release.map { properties.version.matches($0.version) } ?? false }
        if matches(latest) { return latest }
        // The pattern was changed: to a lower version, or to one that has no image yet.
        return try region.images(ImageFilter(recipe: properties.recipe, states: [.available])).filter(matches).max { a, b in
            guard let a = a.release?.version, let b = b.release?.version else { return false }
            return a < b
        }
    }

    /// Whether the image has the tags that it would get. Tags that somebody added later do not count against it; but where the source
    /// changed, what is there in excess may be a tag that the recipe no longer has.
    private func hasTags(_ image: ImageRecord, _ properties: ImageProperties) -> Bool {
        guard properties.tags.allSatisfy({ image.tags[$0.key] == $0.value }) else { return false }
        if image.tags[Self.sourceTag] == Self.text(of: properties.source) { return true }
        return image.tags.allSatisfy { $0.key.hasPrefix(Self.tagPrefix) || properties.tags[$0.key] != nil }
    }

    private static let tagPrefix = "ingot:"
    private static let sourceTag = "ingot:source-digest"
    private static func text(of source: Digest) -> String { "sha256:" + source.hex }

    private func begin(
        _ root: Digest, _ properties: ImageProperties, _ token: String, _ build: BuildID?, _ lease: LeaseRecord
    ) throws(Failure) -> Pending {
        let size = try logicalSize(of: root)
        let version = try properties.version.next(after: try region.versions(of: properties.recipe))
        let new = try image(properties, version, size, token)
        let subject = Release(recipe: properties.recipe, version: version).description
        let intent = OperationIntent(holder: workspace.holder.name, build: build?.number)
        let operation = try workspace.ledger.intend(
            .register, subject: subject, region: region.name, intent: try CanonicalJSON.text(of: intent), token: token,
            at: workspace.now,
            under: lease)
        do throws(Failure) {
            try workspace.failpoint("seal.intended")
            return Pending(
                image: try region.registerPending(new), operation: operation, root: root, disk: properties.disk,
                size: size)
        } catch {
            // Where even this fails, the intention stays, and the next command's recovery takes it up.
            _ = try? Recovery(workspace).settle(operation, reason: error.message)
            throw error
        }
    }

    private func finish(
        _ pending: Pending, document: Document?, after test: ((ImageRecord) throws(Failure) -> Void)? = nil
    ) throws(Failure) -> ImageRecord {
        if let test { try pass(pending, test) }
        do throws(Failure) {
            try workspace.failpoint("seal.pending")
            if let document {
                try region.attachEvidence(try document(pending.image), to: pending.image.id)
                try workspace.failpoint("seal.documented")
            }
            let image = try region.markAvailable(
                pending.image.id, root: pending.root, disk: pending.disk?.root, logicalSize: pending.size, at: workspace.now)
            try workspace.failpoint("seal.available")
            try complete(pending, ["image": image.id.description])
            return image
        } catch {
            if let image = try? Recovery(workspace).settle(pending.operation, reason: error.message) { return image }
            throw error
        }
    }

    /// Runs the test. An image that it does not like is failed for ever; one whose test was stopped is taken back.
    private func pass(_ pending: Pending, _ test: (ImageRecord) throws(Failure) -> Void) throws(Failure) {
        do throws(Failure) { try test(pending.image) } catch {
            if error.code == .cancelled {
                _ = try? Recovery(workspace).settle(pending.operation, reason: error.message)
                throw error
            }
            let reason = error.chain.joined(separator: ": ")
            _ = try region.markFailed(pending.image.id, reason: reason, at: workspace.now)
            try workspace.failpoint("seal.failed")
            try complete(pending, ["image": pending.image.id.description, "failed": reason])
            throw Failure(
                error.code, "the image \(pending.image.id) failed its tests and is not available", hint: error.hint, cause: error)
        }
    }

    private func complete(_ pending: Pending, _ result: [String: String]) throws(Failure) {
        _ = try workspace.ledger.complete(pending.operation.id, result: try CanonicalJSON.text(of: result), at: workspace.now)
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
            Tag(key: Self.tagPrefix + "recipe", value: properties.recipe.description),
            Tag(key: Self.tagPrefix + "version", value: version.description),
            Tag(key: Self.tagPrefix + "base-image", value: properties.baseImage),
            Tag(key: Self.tagPrefix + "build-date", value: properties.began.description),
            Tag(key: Self.sourceTag, value: Self.text(of: properties.source)),
        ])
    }

    /// The recipe's volumes; without any, one root volume. A size that is not given is that of the disk that the content came from, or what
    /// it needs and a quarter more, 8 GiB at least.
    private func volumes(_ properties: ImageProperties, size: Int64) throws(Failure) -> [VolumeMapping] {
        let needed = Int(size / (1 << 30) * 5 / 4) + 1
        let usual = properties.disk?.volumeSize ?? max(8, needed)
        if properties.volumes.isEmpty {
            let key = try key(nil, isRoot: true, properties)
            return [VolumeMapping(deviceName: "/dev/xvda", volume: Volume(size: usual, isEncrypted: key != nil, key: key))]
        }
        return try properties.volumes.enumerated().map { (position, mapping) throws(Failure) in
            let ebs = mapping.ebs
            let chosen = ebs.volumeSize ?? usual
            guard position > 0 || chosen >= needed else {
                throw Failure(
                    .invalid, "the root volume of \(chosen) GiB is too small for \(Amount.bytes(size)) of files",
                    hint: "set volumeSize of \(mapping.deviceName) to \(needed) or more")
            }
            let key = try key(ebs, isRoot: position == 0, properties)
            return VolumeMapping(
                deviceName: mapping.deviceName,
                volume: Volume(
                    size: chosen, type: ebs.volumeType, isEncrypted: key != nil, iops: ebs.iops, throughput: ebs.throughput,
                    isDeletedOnTermination: ebs.deleteOnTermination, key: key))
        }
    }

    /// The key of a volume; of a build's root volume, the one that was found when it began.
    private func key(
        _ ebs: BlockDeviceMapping.EBS?, isRoot: Bool, _ properties: ImageProperties
    ) throws(Failure) -> KeyARN? {
        if isRoot, let place { return place.key }
        let parent = isRoot ? try properties.parent.map { (id) throws(Failure) in try region.image(id) } : nil
        return try region.key(for: ebs, parent: parent)
    }

    private func logicalSize(of root: Digest) throws(Failure) -> Int64 {
        let store = if let place { place.store } else { try workspace.store(of: region) }
        let tree = try Tree(root, in: store)
        var size: UInt64 = 0
        try tree.walk { (_, node) throws(Failure) in
            size += node.content?.size ?? 0
            return true
        }
        return Int64(clamping: size)
    }
}
