import Cloud
import ImageStore
import Model
import Platform
import Recipes
import Sandbox

/// Where a build or an import works: in its region's open store or, where its image will be encrypted, in the store of that key. There its parent, the
/// results of its stages and the tree of one that failed are as unreadable as the image, once the build has ended; what must be in the clear
/// meanwhile, since programs run on it, is in a folder that goes with this object or, where the process was killed, with the next command.
final class BuildPlace: Sendable {
    let key: KeyARN?
    let store: ObjectStore
    private let workspace: Workspace
    /// Keeps what the build brings to the store of a key.
    private let lease: StoreWriter?
    private let folder: String

    /// `ebs` is what is said of the image's root volume, `parent` the image that it is built on, where it is one. `Failure(.denied)` while
    /// the key cannot be used.
    init(
        of ebs: BlockDeviceMapping.EBS?, on parent: ImageRecord?, in region: any Region, _ workspace: Workspace
    ) throws(Failure) {
        self.workspace = workspace
        folder = "\(workspace.home)/tmp/\(workspace.holder.name)-\(try workspace.token())"
        key = try region.key(for: ebs, parent: parent)
        if let key {
            store = try region.store(under: key)
            lease = try StoreWriter(store)
        } else {
            store = try workspace.store(of: region)
            lease = nil
        }
    }

    deinit {
        if key != nil { try? Files.removeTree(folder) }
    }

    /// A writer into the store: `open`, which writes to the region's open one, where that is it.
    func writer(or open: StoreWriter) -> StoreWriter { lease ?? open }

    /// Mountable files of the build's trees.
    func mountableImages() throws(Failure) -> TreeImageCache { try workspace.mountableImages(of: store, in: folder) }
}

extension Region {
    /// The key of a volume of what is built: as the recipe says; else that of the parent image, since what is encrypted never becomes
    /// open; else as the account's setting says.
    func key(for ebs: BlockDeviceMapping.EBS?, parent: ImageRecord?) throws(Failure) -> KeyARN? {
        if ebs?.encrypted == true { return try volumeKey(isEncrypted: true, key: ebs?.kmsKeyId) }
        guard let parent, let key = parent.key else { return try volumeKey(isEncrypted: false, key: nil) }
        guard ebs?.encrypted != false else {
            throw Failure(
                .invalid, "the parent image \(parent.id) is encrypted, and so is what is made of it",
                hint: "leave 'encrypted: false' out")
        }
        // A key is of its region: of one in another a copy is made first, under the key that copies get.
        return try volumeKey(isEncrypted: true, key: parent.region == name ? key.description : nil)
    }
}
