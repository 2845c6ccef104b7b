import Cloud
import Crypto
import ImageStore
import Ledger
import Model
import Recipes

/// Copies images to other regions. A copy is available only once every byte of it has arrived and been verified.
package struct Distributor {
    /// What a copy did.
    package struct Copy: Sendable {
        package var image: ImageRecord
        /// What was moved; nothing where the copy was there already.
        package var moved: Transfer.Result
        package var isNew: Bool
    }

    /// What the copy is called, by default what the original is called; and whether it is encrypted, as what is encrypted always is.
    package struct Naming: Sendable {
        package var name: AMIName?
        package var description: String?
        package var tags: TagSet
        package var isEncrypted: Bool
        /// A key of the target region, by id, alias or ARN; nil for the account's default key.
        package var key: String?

        package init(
            name: AMIName? = nil, description: String? = nil, tags: TagSet = TagSet(), isEncrypted: Bool = false,
            key: String? = nil
        ) {
            self.name = name
            self.description = description
            self.tags = tags
            self.isEncrypted = isEncrypted
            self.key = key
        }
    }

    private let workspace: Workspace
    private let progress: @Sendable (_ region: RegionName, _ done: UInt64, _ total: UInt64) -> Void

    package init(
        _ workspace: Workspace,
        progress: @escaping @Sendable (_ region: RegionName, _ done: UInt64, _ total: UInt64) -> Void = { _, _, _ in }
    ) {
        self.workspace = workspace
        self.progress = progress
    }

    /// Copies the image, or returns the copy that is there. `Failure(.notFound)` for a region that does not exist, `.conflict` for an
    /// image that is not available, `.busy` while somebody else copies it there.
    package func copy(_ image: ImageRecord, to name: RegionName, naming: Naming = Naming()) throws(Failure) -> Copy {
        _ = try RegionName(existing: name.description)
        guard name != image.region else {
            throw Failure(.invalid, "the image \(image.id) is in \(name) already", hint: "name another region")
        }
        guard image.state == .available, let root = image.root else {
            throw Failure(.conflict, "the image \(image.id) is \(image.state) and cannot be copied")
        }
        let target = try workspace.plane.makeRegion(name)
        // Both keys are asked before anything is begun: that of the original, and that of the copy.
        _ = try workspace.contents(of: image)
        let isEncrypted = naming.isEncrypted || naming.key != nil
        let key = try target.volumeKey(isEncrypted: isEncrypted || image.key != nil, key: naming.key)
        func existing() throws(Failure) -> ImageRecord? {
            guard let copy = try self.existing(image, in: target) else { return nil }
            return isEncrypted && copy.key != key ? nil : copy
        }
        if let copy = try existing(), try !lacksDocuments(copy, of: image, in: target) {
            return Copy(image: copy, moved: Transfer.Result(), isNew: false)
        }
        return try workspace.exclusively("copying \(image.id) to \(name)") { (lease) throws(Failure) in
            if let copy = try existing() {
                if try lacksDocuments(copy, of: image, in: target) {
                    let writer = try StoreWriter(try workspace.store(of: target))
                    defer { withExtendedLifetime(writer) {} }
                    try bringDocuments(of: image, to: copy, target, writer)
                }
                return Copy(image: copy, moved: Transfer.Result(), isNew: false)
            }
            return try copy(image, root, to: target, key, naming, lease)
        }
    }

    /// The available copy of an image in a region: one that was made of it, or that has its version and content by way of another region.
    package func existing(_ image: ImageRecord, in region: any Region) throws(Failure) -> ImageRecord? {
        let source = ImageSource(region: image.region, image: image.id)
        if let copy = try region.images(ImageFilter(states: [.available], source: source)).last { return copy }
        guard let release = image.release, let root = image.root else { return nil }
        return try region.images(ImageFilter(recipe: release.recipe, states: [.available], root: root)).last {
            $0.release == release
        }
    }

    /// Whether a copy has no documents and its image has: it was copied before there were any.
    private func lacksDocuments(_ copy: ImageRecord, of image: ImageRecord, in target: any Region) throws(Failure) -> Bool {
        if try target.evidence(of: copy.id) != nil { return false }
        return try workspace.plane.region(image.region).evidence(of: image.id) != nil
    }

    private func bringDocuments(
        of image: ImageRecord, to copy: ImageRecord, _ target: any Region, _ writer: StoreWriter
    ) throws(Failure) {
        let source = try workspace.plane.region(image.region)
        guard let evidence = try source.evidence(of: image.id) else { return }
        _ = try move(evidence, from: try workspace.store(of: source), to: writer, target.name)
        try target.attachEvidence(evidence, to: copy.id)
    }

    private func copy(
        _ image: ImageRecord, _ root: Digest, to target: any Region, _ key: KeyARN?, _ naming: Naming, _ lease: LeaseRecord
    ) throws(Failure) -> Copy {
        let token = "copy-\(try workspace.token())"
        let intent = OperationIntent(holder: workspace.holder.name)
        let operation = try workspace.ledger.intend(
            .copy, subject: "\(image.id) to \(target.name)", region: target.name, intent: try CanonicalJSON.text(of: intent),
            token: token,
            at: workspace.now, under: lease)
        var moved = Transfer.Result()
        do throws(Failure) {
            try workspace.failpoint("copy.intended")
            let pending = try target.registerPending(try new(image, key, naming, token))
            try workspace.failpoint("copy.pending")
            // The lease on the target's store lasts until the image is in the catalogue.
            let writer = try StoreWriter(try workspace.store(of: target))
            let contents = key == nil ? writer : try StoreWriter(try target.store(under: key))
            defer { withExtendedLifetime((writer, contents)) {} }
            moved = try move(root, from: try workspace.contents(of: image), to: contents, target.name)
            try bringDocuments(of: image, to: pending, target, writer)
            try workspace.failpoint("copy.moved")
            let copy = try target.markAvailable(pending.id, root: root, logicalSize: image.logicalSize, at: workspace.now)
            try workspace.failpoint("copy.available")
            _ = try workspace.ledger.complete(
                operation.id,
                result: try CanonicalJSON.text(of: ["image": copy.id.description, "bytes": String(moved.storedBytes)]),
                at: workspace.now)
            return Copy(image: copy, moved: moved, isNew: true)
        } catch {
            // Where even this fails, the intention stays, and the next command's recovery takes it up.
            if let copy = try? Recovery(workspace).settle(operation, reason: error.message) {
                return Copy(image: copy, moved: moved, isNew: true)
            }
            throw Failure(error.code, "the copy of \(image.id) to \(target.name) failed", hint: error.hint, cause: error)
        }
    }

    private func move(
        _ root: Digest, from source: ObjectStore, to writer: StoreWriter, _ name: RegionName
    ) throws(Failure) -> Transfer.Result {
        let progress = progress
        let moved = try Transfer(from: source, to: writer, progress: { progress(name, $0, $1) }).run(root)
        try writer.publish()
        return moved
    }

    /// Tags go with the copy, as Image Builder does it; the copy's own win.
    private func new(
        _ image: ImageRecord, _ key: KeyARN?, _ naming: Naming, _ token: String
    ) throws(Failure) -> NewImage {
        var volumes = image.volumes
        for index in volumes.indices {
            let isEncrypted = key != nil && (volumes[index].deviceName == image.rootDeviceName || naming.isEncrypted)
            volumes[index].volume.isEncrypted = isEncrypted || volumes[index].volume.isEncrypted
            volumes[index].volume.key = volumes[index].volume.isEncrypted ? key : nil
        }
        return NewImage(
            name: naming.name ?? image.name, description: naming.description ?? image.description, release: image.release,
            architecture: image.architecture, created: workspace.now,
            source: ImageSource(region: image.region, image: image.id), rootDeviceName: image.rootDeviceName,
            volumes: volumes, tags: try image.tags.merging(naming.tags), token: token)
    }
}
