import Cloud
import Crypto
import Model
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
    /// The disk that the files were read from, where they were.
    package var disk: ImportedDisk? = nil
    package var began: Instant
}

/// The very bytes of a root disk, durable in the region's store.
package struct ImportedDisk: Sendable {
    /// The tree that holds them.
    package var root: Digest
    /// GiB.
    package var volumeSize: Int
}

/// An image that stands for a tree: a new version, or the one that was there.
package struct Sealed: Sendable {
    package var image: ImageRecord
    package var isNew: Bool
}
