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

    /// What the copy is called; by default what the original is called.
    package struct Naming: Sendable {
        package var name: AMIName?
        package var description: String?
        package var tags: TagSet

        package init(name: AMIName? = nil, description: String? = nil, tags: TagSet = TagSet()) {
            self.name = name
            self.description = description
            self.tags = tags
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

    package func copy(_ image: ImageRecord, to name: RegionName, naming: Naming = Naming()) throws(Failure) -> Copy {
        guard name != image.region else {
            throw Failure(.invalid, "the image \(image.id) is in \(name) already", hint: "name another region")
        }
        guard image.state == .available, let root = image.root else {
            throw Failure(.conflict, "the image \(image.id) is \(image.state) and cannot be copied")
        }
        let target = try workspace.plane.makeRegion(name)
        if let copy = try existing(image, in: target) { return Copy(image: copy, moved: Transfer.Result(), isNew: false) }
        return try workspace.exclusively("copying \(image.id) to \(name)") { (lease) throws(Failure) in
            if let copy = try existing(image, in: target) { return Copy(image: copy, moved: Transfer.Result(), isNew: false) }
            return try copy(image, root, to: target, naming, lease)
        }
    }

    /// The available copy of an image in a region.
    package func existing(_ image: ImageRecord, in region: any Region) throws(Failure) -> ImageRecord? {
        let source = ImageSource(region: image.region, image: image.id)
        return try region.images(ImageFilter(states: [.available], source: source)).last
    }

    private func copy(
        _ image: ImageRecord, _ root: Digest, to target: any Region, _ naming: Naming, _ lease: LeaseRecord
    ) throws(Failure) -> Copy {
        let token = "copy-\(try workspace.token())"
        let source = ImageSource(region: image.region, image: image.id)
        let intent = OperationIntent(holder: Holder.current, release: nil, source: "\(source.region) \(source.image)")
        let operation = try workspace.ledger.intend(
            .copy, subject: "\(image.id) to \(target.name)", region: target.name, intent: try JSON.text(intent), token: token,
            at: workspace.now, under: lease)
        try workspace.failpoint("copy.intended")
        do throws(Failure) {
            let pending = try target.registerPending(try new(image, source, naming, token))
            try workspace.failpoint("copy.pending")
            let moved = try move(root, from: try workspace.plane.region(image.region), to: target)
            try workspace.failpoint("copy.moved")
            let copy = try target.markAvailable(pending.id, root: root, logicalSize: image.logicalSize, at: workspace.now)
            _ = try workspace.ledger.complete(
                operation.id, result: try JSON.text(["image": copy.id.description, "bytes": String(moved.storedBytes)]),
                at: workspace.now)
            return Copy(image: copy, moved: moved, isNew: true)
        } catch {
            try Recovery(workspace).undo(operation, reason: error.message)
            throw Failure(error.code, "the copy of \(image.id) to \(target.name) failed", hint: error.hint, cause: error)
        }
    }

    private func move(_ root: Digest, from source: any Region, to target: any Region) throws(Failure) -> Transfer.Result {
        let writer = try StoreWriter(try workspace.store(of: target))
        let name = target.name
        let progress = progress
        let moved = try Transfer(from: try workspace.store(of: source), to: writer, progress: { progress(name, $0, $1) }).run(
            root)
        try writer.publish()
        return moved
    }

    /// Tags go with the copy, as Image Builder does it; the copy's own win.
    private func new(_ image: ImageRecord, _ source: ImageSource, _ naming: Naming, _ token: String) throws(Failure) -> NewImage {
        NewImage(
            name: naming.name ?? image.name, description: naming.description ?? image.description, release: image.release,
            architecture: image.architecture, created: workspace.now, source: source, rootDeviceName: image.rootDeviceName,
            volumes: image.volumes, tags: try image.tags.merging(naming.tags), token: token)
    }
}
