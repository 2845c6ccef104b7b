import Crypto
import Model

/// EC2's actions on images, by its names.
package protocol ImageActions: Sendable {
    // MARK: Looking

    /// The images that the account can see and the query lets through, in the order in which they were registered. Returns where the
    /// list goes on, if the query's limit cut it.
    func describeImages(
        _ query: ImageQuery, receive: (ImageDescription) throws(Failure) -> Void
    ) throws(Failure) -> PageToken?
    /// The owner's image with all its attributes, as DescribeImageAttribute takes one of them.
    func imageAttributes(_ id: ImageID) throws(Failure) -> ImageRecord
    /// The image, what it was made of, and so on, as far as the regions know.
    func imageAncestry(_ id: ImageID) throws(Failure) -> [ImageAncestor]
    /// What in the plane refers to these images.
    func imageReferences(_ ids: [ImageID]) throws(Failure) -> [ImageReferenceEntry]

    // MARK: Making and removing

    func registerImage(_ new: ImageRegistration) throws(Failure) -> ImageID
    /// Copies an image that the account may read, from any region to this one. The copy is available when this returns.
    func copyImage(_ copy: ImageCopying) throws(Failure) -> ImageID
    /// What became of the image's snapshots; empty where they were not to be deleted.
    @discardableResult
    func deregisterImage(_ id: ImageID, deletingSnapshots: Bool) throws(Failure) -> [SnapshotDeletion]

    // MARK: Attributes

    func setDescription(_ text: String, of id: ImageID) throws(Failure)
    func requireIMDSv2(of id: ImageID) throws(Failure)
    func addProductCodes(_ codes: [ProductCode], to id: ImageID) throws(Failure)
    func changeLaunchPermissions(
        of id: ImageID, adding added: Set<LaunchPermission>, removing removed: Set<LaunchPermission>) throws(Failure)
    func resetLaunchPermissions(of id: ImageID) throws(Failure)
    /// Gives back the account's own permission on somebody else's image.
    func cancelLaunchPermission(on id: ImageID) throws(Failure)

    // MARK: Life

    func enableDeprecation(of id: ImageID, at time: Instant) throws(Failure)
    func disableDeprecation(of id: ImageID) throws(Failure)
    /// Takes away all launch permissions too.
    func disableImage(_ id: ImageID) throws(Failure)
    func enableImage(_ id: ImageID) throws(Failure)
    func enableDeregistrationProtection(
        of id: ImageID, withCooldown: Bool
    ) throws(Failure) -> DeregistrationProtection
    func disableDeregistrationProtection(of id: ImageID) throws(Failure) -> DeregistrationProtection
    /// Returns the watermark's key.
    func attachWatermark(_ name: String, to id: ImageID) throws(Failure) -> String
    func detachWatermark(_ key: String, from id: ImageID) throws(Failure)

    // MARK: The account's settings

    /// Whether the account's images cannot be made public. New accounts begin so.
    func isPublicAccessToImagesBlocked() throws(Failure) -> Bool
    func blockPublicAccessToImages(_ isBlocked: Bool) throws(Failure)
    func allowedImages() throws(Failure) -> AllowedImages
    func setAllowedImages(_ setting: AllowedImages) throws(Failure)

    // MARK: Recycle Bin

    /// Nil for all.
    func imagesInRecycleBin(_ ids: [ImageID]?) throws(Failure) -> [RecycledImage]
    func restoreImage(_ id: ImageID) throws(Failure)
}

extension ImageActions {
    package func describeImages(_ query: ImageQuery) throws(Failure) -> [ImageDescription] {
        var images: [ImageDescription] = []
        _ = try describeImages(query) { images.append($0) }
        return images
    }
}
