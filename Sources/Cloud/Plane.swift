import Crypto
import ImageStore
import Model

/// Where images live: a set of regions. The embedded simulation is one end of it; a client of the AWS API can be another.
package protocol Plane: Sendable {
    /// The regions that were made, by name.
    func regions() throws(Failure) -> [RegionName]
    /// `Failure(.notFound)` when the region was not made.
    func region(_ name: RegionName) throws(Failure) -> any Region
    /// Makes the region where it is missing.
    func makeRegion(_ name: RegionName) throws(Failure) -> any Region
    /// Its accounts, regions and limits.
    var settings: PlaneSettings { get }
    /// What an account can do in a region, which is made where it is missing. One that the settings do not have is `InvalidRegion`.
    func actions(in region: RegionName, as principal: Principal, isDryRun: Bool) throws(Failure) -> any RegionActions
}

extension Plane {
    package func actions(in region: RegionName, as principal: Principal) throws(Failure) -> any RegionActions {
        try actions(in: region, as: principal, isDryRun: false)
    }

    package func actions(in region: RegionName, as account: AccountID) throws(Failure) -> any RegionActions {
        try actions(in: region, as: .account(account), isDryRun: false)
    }
}

/// One region as the pipelines work with it: its images, snapshots and parameters, whoever owns them. What accounts may do with them
/// stands in `RegionActions`.
package protocol Region: PolicyRuns {
    var name: RegionName { get }
    /// The folder of the packs of unencrypted images.
    var storeFolder: String { get }
    /// Those of the account that acts where no other is named.
    var parameters: any ParameterStore { get }
    /// `Failure(.corrupt)` where the catalogue is damaged.
    func verifyCatalogue() throws(Failure)
    func parameters(of account: AccountID) -> any ParameterStore

    /// Enters a pending image, its snapshots and their tags in one transaction, and gives it an id.
    ///
    /// A second call with the same token returns the image of the first, in whatever state it is by then.
    /// `Failure(.conflict)` when the name is in use, or the recipe has an image of this version.
    func registerPending(_ new: NewImage) throws(Failure) -> ImageRecord
    /// The content is durable: the image can be used, its snapshots are completed.
    ///
    /// `disk` is the tree of the very bytes of the root disk that the files were read from, where they were.
    func markAvailable(
        _ id: ImageID, root: Digest, disk: Digest?, logicalSize: Int64, at: Instant
    ) throws(Failure) -> ImageRecord
    /// Names the tree of documents about an image that is there, which must be durable in the region's store. Another one that it had is
    /// forgotten. `Failure(.conflict)` for an image that failed or was deregistered.
    func attachEvidence(_ root: Digest, to id: ImageID) throws(Failure)
    /// The tree of documents about an image; nil where it has none.
    func evidence(of id: ImageID) throws(Failure) -> Digest?
    /// Making it went wrong: name and version are free again.
    func markFailed(_ id: ImageID, reason: String, at: Instant) throws(Failure) -> ImageRecord
    func disable(_ id: ImageID) throws(Failure) -> ImageRecord
    func enable(_ id: ImageID) throws(Failure) -> ImageRecord
    /// Removes the image from the plane; its id and version are remembered. With `deletingSnapshots` its snapshots go too, except
    /// those that other images use. Returns the ids of the deleted snapshots.
    @discardableResult
    func deregister(_ id: ImageID, deletingSnapshots: Bool) throws(Failure) -> [SnapshotID]
    /// Adds the tags; where the resource has a key, the new value wins.
    func tag(_ resource: TaggedResource, with tags: TagSet) throws(Failure)
    func untag(_ resource: TaggedResource, keys: [String]) throws(Failure)

    /// The images that the filter lets through, oldest first.
    func images(_ filter: ImageFilter) throws(Failure) -> [ImageRecord]
    /// The image, also a deregistered one; `Failure(.notFound)` where there is none.
    func image(_ id: ImageID) throws(Failure) -> ImageRecord
    /// The pending, available or disabled image of that name, if there is one: the acting account's, or the
    /// only one; `Failure(.conflict)` where several others have one.
    func image(named name: AMIName) throws(Failure) -> ImageRecord?
    /// The available image of the highest version that matches, if there is one.
    func latest(of recipe: ResourceName, _ versions: VersionSelector) throws(Failure) -> ImageRecord?
    /// Every version that was ever given out under the recipe's name, ascending: a number is not used twice.
    func versions(of recipe: ResourceName) throws(Failure) -> [ImageVersion]
    func snapshots(_ ids: [SnapshotID]?) throws(Failure) -> [SnapshotRecord]
    /// What an image lacks that was made of a running instance without a restart; nil for every other image.
    func missingWrites(of image: ImageID) throws(Failure) -> MissingWrites?
    /// Forgets what has been in the Recycle Bin for as long as its rule said.
    func emptyRecycleBin(at: Instant) throws(Failure)
    /// The key of a new volume that is to be encrypted, or that the account's setting encrypts: the one that is named by id, alias or ARN,
    /// else the account's default. Nil for an open volume. `Failure(.denied)` where the acting account may not use it.
    func volumeKey(isEncrypted: Bool, key: String?) throws(Failure) -> KeyARN?
    /// The store of what is under a key; nil for what is not encrypted. `Failure(.denied)` while the key cannot be used.
    func store(under key: KeyARN?) throws(Failure) -> ObjectStore
    /// The store with the content of an image, which the acting account may decrypt.
    func contents(of image: ImageRecord) throws(Failure) -> ObjectStore
    /// What an export of the image writes. `Failure(.conflict)` where it has no content.
    func exported(_ image: ImageRecord) throws(Failure) -> ExportedImage
    /// The certificate, in PEM, for which bundles of images are encrypted that are registered in the region.
    func bundleCertificate() throws(Failure) -> [UInt8]
    /// The keys that have a store of their own here.
    func encryptedStores() throws(Failure) -> [KeyID]
    /// The store of a key, for maintenance: where nothing in it is needed it opens without the key too, so that it can be emptied.
    func encryptedStore(_ id: KeyID, isNeeded: Bool) throws(Failure) -> ObjectStore
    /// Those of `roots` whose content is under a key, or under none.
    func roots(under key: KeyID?) throws(Failure) -> Set<Digest>
    /// The root digest of every snapshot, and of every image that is not deregistered, or in the Recycle Bin, and its evidence: what
    /// collection keeps.
    func roots() throws(Failure) -> Set<Digest>
}

extension Region {
    package func markAvailable(
        _ id: ImageID, root: Digest, logicalSize: Int64, at instant: Instant
    ) throws(Failure) -> ImageRecord {
        try markAvailable(id, root: root, disk: nil, logicalSize: logicalSize, at: instant)
    }
}
