import Crypto
import ImageStore
import Model
import Records
import SQLite

// CopyImage: the content is moved and durable before the catalogue names the copy, so a crash leaves no half-made image, and nothing to
// undo.
extension EmbeddedActions {
    func copyImage(_ copy: ImageCopying) throws(Failure) -> ImageID {
        let name = try Self.name(copy.name)
        if let known: ImageID = try region.database.read(
            "look up a token", { try known(Self.action, token: copy.clientToken, request: copy, $0) })
        {
            return known
        }
        let original = try original(of: copy)
        let decision = original.access.copy(by: caller)
        if let refusal = decision.refusal { throw Failure(refusal) }
        if original.image.machine.rootDevice == .instanceStore, copy.isEncrypted || copy.key != nil {
            throw Failure(.instanceStoreEncrypted)
        }
        let places = try places(of: original, copy)
        if case .failing(let reason) = decision { return try register(copy, name, original, places, failing: reason) }
        if let reason = places.values.compactMap(\.failure).first {
            return try register(copy, name, original, places, failing: reason)
        }
        // The leases keep what is found in the stores until the catalogue names it.
        let moves = ContentMoves(plane, to: region)
        defer { withExtendedLifetime(moves) {} }
        if !isDryRun {
            for (id, snapshot) in original.snapshots.sorted(by: { $0.key < $1.key }) {
                guard let root = snapshot.root else { continue }
                try moves.move(
                    root, with: original.disks[id], from: copy.sourceRegion, under: snapshot.key, to: places[id]?.key)
            }
            if original.image.machine.rootDevice == .instanceStore, let root = original.image.root {
                try moves.move(root, from: copy.sourceRegion, under: nil, to: nil)
            }
            try moves.publish()
        }
        return try register(copy, name, original, places, failing: nil)
    }

    /// Where the copy of each snapshot goes.
    private func places(of original: Original, _ copy: ImageCopying) throws(Failure) -> [SnapshotID: EncryptionPlace] {
        let wish = EncryptionWish(isEncrypted: copy.isEncrypted, key: copy.key, isCopy: true)
        var places: [SnapshotID: EncryptionPlace] = [:]
        for (id, snapshot) in original.snapshots { places[id] = try place(wish, of: snapshot, from: copy.sourceRegion) }
        return places
    }

    private static let action = "CopyImage"

    /// What is copied, as it is in its own region.
    private struct Original {
        var image: ImageRecord
        var snapshots: [SnapshotID: SnapshotRecord]
        /// The bytes of those that have their own.
        var disks: [SnapshotID: Digest]
        var products: [SnapshotID: [ProductCode]]
        var access: ImageAccess
    }

    private func original(of copy: ImageCopying) throws(Failure) -> Original {
        guard plane.settings.regionNames.contains(copy.sourceRegion.description) else {
            throw Failure(.invalid(region: copy.sourceRegion.description))
        }
        guard try plane.regions().contains(copy.sourceRegion) else { throw Failure(.notFound(images: [copy.source])) }
        let source = try plane.open(copy.sourceRegion)
        let setting = try allowedImages()
        return try source.database.read("look up the image \(copy.source)") { session in
            guard let image = try session.images(of: [copy.source], in: source.name).first else {
                throw Failure(.notFound(images: [copy.source]))
            }
            let snapshots = try session.snapshots(of: image)
            var access = access(to: image, setting)
            access.snapshots = try snapshots.map { try self.access(to: $0, session, in: source) }
            var products: [SnapshotID: [ProductCode]] = [:]
            var disks: [SnapshotID: Digest] = [:]
            for snapshot in snapshots {
                products[snapshot.id] = try session.products(of: snapshot.id.description)
                disks[snapshot.id] = try session.disk(of: snapshot.id)
            }
            return Original(
                image: image, snapshots: Dictionary(snapshots.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first }),
                disks: disks, products: products, access: access)
        }
    }

    private func register(
        _ copy: ImageCopying, _ name: AMIName, _ original: Original, _ places: [SnapshotID: EncryptionPlace],
        failing reason: StateReason?
    ) throws(Failure) -> ImageID {
        let account = try account
        let id: ImageID = try region.newID()
        let snapshots = try original.image.volumes.map { (mapping) throws(Failure) -> SnapshotID? in
            mapping.snapshot == nil ? nil : try region.newID()
        }
        return try write("copy the image \(copy.source)") { session in
            try once(Self.action, token: copy.clientToken, request: copy, session) {
                var image = try image(of: copy, name, original, id, account, session)
                try checkRoom(for: image, session)
                if let reason {
                    image.state = .failed
                    image.failureReason = reason.message
                }
                for (position, snapshot) in snapshots.enumerated() {
                    guard let snapshot, let before = image.volumes[position].snapshot.flatMap({ original.snapshots[$0] }) else {
                        continue
                    }
                    try checkIsThere(before, in: copy.sourceRegion, session)
                    let place = places[before.id] ?? .open
                    try session.enter(
                        self.snapshot(snapshot, copying: before, for: image, copy.snapshotTags, place, failing: reason))
                    if reason == nil, let disk = original.disks[before.id] { try session.setDisk(disk, of: snapshot) }
                    try session.enter(original.products[before.id] ?? [], of: snapshot.description)
                    image.volumes[position].snapshot = snapshot
                    image.volumes[position].volume.isEncrypted = place != .open
                    image.volumes[position].volume.key = place.key
                }
                if reason != nil { image.root = nil }
                try session.enter(image, token: Self.token(id))
                return id
            }
        }
    }

    private func image(
        of copy: ImageCopying, _ name: AMIName, _ original: Original, _ id: ImageID, _ account: AccountID, _ session: Session
    ) throws -> ImageRecord {
        let source = original.image
        var image = image(id, name, copy.description ?? source.description, account, architecture: source.architecture)
        image.root = source.root
        image.logicalSize = source.logicalSize
        image.source = ImageSource(region: source.region, image: source.id)
        image.rootDeviceName = source.rootDeviceName
        image.volumes = source.volumes
        image.virtualDevices = source.virtualDevices
        image.machine = source.machine
        // The bundle stays where it is.
        image.machine.manifestLocation = nil
        image.inherit(from: source)
        // A version belongs to the account that built it, and to one image of a region.
        if source.owner == account, let release = source.release, try session.image(of: release, where: Catalogue.live) == nil {
            image.release = release
        }
        let inherited = copy.copiesTags && source.owner == account ? source.tags.unreserved : TagSet()
        image.tags = try inherited.merging(copy.tags)
        return image
    }

    private func snapshot(
        _ id: SnapshotID, copying before: SnapshotRecord, for image: ImageRecord, _ tags: TagSet, _ place: EncryptionPlace,
        failing reason: StateReason?
    ) -> SnapshotRecord {
        var snapshot = SnapshotRecord(
            id: id, state: reason == nil ? .completed : .error, description: image.snapshotDescription,
            root: reason == nil ? before.root : nil, logicalSize: reason == nil ? before.logicalSize : 0,
            progress: reason == nil ? 100 : 0, started: image.created, completed: image.created, owner: image.owner,
            volumeSize: before.volumeSize, isEncrypted: place != .open, tags: tags)
        snapshot.key = place.key
        snapshot.stateMessage = reason?.message
        return snapshot
    }
}
