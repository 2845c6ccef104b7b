import Crypto
import ImageStore
import Model
import Records
import SQLite

// CreateImage, RegisterImage and CopyImage.
extension EmbeddedActions {
    func createImage(_ new: ImageCreation) throws(Failure) -> ImageID {
        let account = try account
        let name = try Self.name(new.name)
        let id: ImageID = try region.newID()
        let snapshot: SnapshotID = try region.newID()
        var image = image(id, name, new.description, account, architecture: new.architecture)
        image.root = new.root
        image.logicalSize = new.logicalSize
        image.parent = new.launchedFrom
        image.sourceInstance = new.instance
        image.rootDeviceName = new.rootDeviceName
        image.volumes = new.volumes
        image.virtualDevices = new.virtualDevices
        image.machine = new.machine
        image.tags = new.tags
        return try write("create an image of \(new.instance)") { session in
            guard let position = image.volumes.firstIndex(where: { $0.deviceName == new.rootDeviceName }) else {
                throw Failure(Self.noRoot(new.rootDeviceName))
            }
            image.volumes[position].snapshot = snapshot
            if let parent = try new.launchedFrom.flatMap({ try session.images(of: [$0], in: region.name).first }) {
                image.inherit(from: parent)
            }
            // An instance may have lost a product with a volume, or taken one on.
            if try session.first("SELECT 1 AS one FROM instances WHERE id = ?", new.instance, read: { _ in true }) != nil {
                image.products = try session.products(of: new.instance.description)
            }
            try checkRoom(for: image, session)
            let volume = image.volumes[position].volume
            try session.enter(self.snapshot(snapshot, of: image, volume, tags: new.snapshotTags))
            try session.enter(image.products, of: snapshot.description)
            if let data = new.data { try snapshotData(data, for: &image, of: new.instance, tags: new.snapshotTags, session) }
            try session.enter(image, token: Self.token(id))
            if let missing = new.missing { try session.enter(missing, of: id) }
            return id
        }
    }

    func registerImage(_ new: ImageRegistration) throws(Failure) -> ImageID {
        let account = try account
        let name = try Self.name(new.name)
        let id: ImageID = try region.newID()
        var image = image(id, name, new.description, account, architecture: new.architecture)
        image.rootDeviceName = new.rootDeviceName
        image.virtualDevices = new.virtualDevices
        image.machine = new.machine
        image.tags = new.tags
        try ProductCode.refusal(
            toRegisterBilling: new.machine.billingProducts, by: plane.settings.directory.account(account)
        ).check()
        if let location = new.machine.manifestLocation { return try registerBundle(new, as: image, at: location) }
        return try write("register the image \(name)") { session in
            image.volumes = try new.volumes.map { try sized($0, session) }
            let root = image.volumes.first { $0.deviceName == new.rootDeviceName }
            guard let content = root?.snapshot, let snapshot = try session.snapshot(content) else {
                throw Failure(Self.noRoot(new.rootDeviceName))
            }
            image.root = snapshot.root
            image.logicalSize = snapshot.logicalSize
            image.products = try Set(
                image.volumes.compactMap(\.snapshot).flatMap { try session.products(of: $0.description) }
            ).sorted()
            try checkRoom(for: image, session)
            try session.enter(image, token: Self.token(id))
            return id
        }
    }

    /// The mapping with the size and the encryption of its snapshot, which the account must be able to use.
    func sized(_ mapping: VolumeMapping, _ session: Session) throws -> VolumeMapping {
        guard let id = mapping.snapshot else { return mapping }
        let snapshot = try usableSnapshot(id, session)
        var sized = mapping
        sized.volume.isEncrypted = snapshot.isEncrypted
        sized.volume.key = snapshot.key
        if sized.volume.size == 0 { sized.volume.size = snapshot.volumeSize }
        guard sized.volume.size >= snapshot.volumeSize else {
            throw Failure(.smaller(sized.volume.size, than: id, needing: snapshot.volumeSize))
        }
        return sized
    }

    private static func noRoot(_ device: String) -> PlaneError {
        PlaneError(.invalidBlockDeviceMapping, "The root device '\(device)' has no snapshot in the block device mapping.")
    }
}

// What all of them do.
extension EmbeddedActions {
    static func name(_ text: String) throws(Failure) -> AMIName {
        do throws(Failure) { return try AMIName(parsing: text) } catch { throw Failure(.malformedName, hint: error.hint) }
    }

    /// Images of actions are named by client tokens elsewhere; in their own table the id is name enough.
    static func token(_ id: ImageID) -> String { "action-\(id)" }

    /// An available image with nothing in it yet.
    func image(
        _ id: ImageID, _ name: AMIName, _ description: String, _ owner: AccountID, architecture: Architecture
    ) -> ImageRecord {
        ImageRecord(
            id: id, region: region.name, name: name, description: description, state: .available, failureReason: nil,
            release: nil, root: nil, logicalSize: 0, architecture: architecture, created: now, owner: owner, source: nil,
            parent: nil, rootDeviceName: "/dev/xvda", volumes: [], tags: TagSet())
    }

    /// A completed snapshot with the image's content.
    func snapshot(_ id: SnapshotID, of image: ImageRecord, _ volume: Volume, tags: TagSet) -> SnapshotRecord {
        var snapshot = SnapshotRecord(
            id: id, state: .completed, description: image.snapshotDescription, root: image.root,
            logicalSize: image.logicalSize, progress: 100, started: image.created, completed: image.created,
            owner: image.owner, volumeSize: volume.size, isEncrypted: volume.isEncrypted, tags: tags)
        snapshot.key = volume.key
        return snapshot
    }

    /// The name must be free, and the account have room for one image more.
    func checkRoom(for image: ImageRecord, _ session: Session) throws {
        if let other = try session.image(named: image.name, of: image.owner) { throw Failure(.nameTaken(image.name, by: other)) }
        let count = try session.first("SELECT count(*) AS n FROM images WHERE owner = ? AND \(Catalogue.live)", image.owner) {
            row in
            try row.int("n")
        }
        try ServiceLimits.refusal(count ?? 0, limit: plane.settings.limits.images, of: "AMIs").check()
    }
}

extension ImageRecord {
    /// Watermarks and product codes go on to what is made of an image.
    mutating func inherit(from parent: ImageRecord) {
        watermarks = parent.watermarks
        products = parent.products
        machine.billingProducts = parent.machine.billingProducts
    }
}
