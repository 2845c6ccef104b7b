import Crypto
import Model

/// An image as the catalogue of one region holds it.
package struct ImageRecord: Sendable, Hashable {
    package var id: ImageID
    package var region: RegionName
    /// Unique in a region among pending, available and disabled images.
    package var name: AMIName
    package var description: String
    package var state: ImageState
    /// Why the image failed.
    package var failureReason: String?
    /// What it is a version of; nil for an image that no recipe made.
    package var release: Release?
    /// The Merkle root of the content; nil while the image is pending, and when it failed before it had content.
    package var root: Digest?
    /// The sum of the sizes of all files, in bytes; 0 until the image is available.
    package var logicalSize: Int64
    package var architecture: Architecture
    package var created: Instant
    package var owner: AccountID
    /// Where a copy was copied from.
    package var source: ImageSource?
    /// The image that the build started from, in the region of the build.
    package var parent: ImageID?
    package var rootDeviceName: String
    package var volumes: [VolumeMapping]
    package var tags: TagSet
    /// Who may launch it besides the owner.
    package var permissions: Set<LaunchPermission> = []
    package var machine = MachineAttributes()
    package var products: [ProductCode] = []
    package var watermarks: [Watermark] = []
    /// Devices that are no EBS volumes.
    package var virtualDevices: [VirtualDevice] = []
    /// The time that was set; nil where none was.
    package var chosenDeprecation: Instant?
    package var protection = DeregistrationProtection.disabled
    package var lastLaunched: Instant?
    /// The instance that it was made of.
    package var sourceInstance: InstanceID?
    /// When it came into the Recycle Bin and when it leaves; the state is `deregistered` meanwhile.
    package var recycled: RecycledSpan?

    package init(
        id: ImageID, region: RegionName, name: AMIName, description: String, state: ImageState, failureReason: String?,
        release: Release?, root: Digest?, logicalSize: Int64, architecture: Architecture, created: Instant, owner: AccountID,
        source: ImageSource?, parent: ImageID?, rootDeviceName: String, volumes: [VolumeMapping], tags: TagSet
    ) {
        self.id = id
        self.region = region
        self.name = name
        self.description = description
        self.state = state
        self.failureReason = failureReason
        self.release = release
        self.root = root
        self.logicalSize = logicalSize
        self.architecture = architecture
        self.created = created
        self.owner = owner
        self.source = source
        self.parent = parent
        self.rootDeviceName = rootDeviceName
        self.volumes = volumes
        self.tags = tags
    }
}

extension ImageRecord {
    /// The key under which its content is; nil where it is not encrypted.
    package var key: KeyARN? { rootVolume?.volume.key }

    /// The volume that instances start from; nil for an image on an instance store.
    package var rootVolume: VolumeMapping? { volumes.first { $0.deviceName == rootDeviceName } }

    package var isPublic: Bool { permissions.contains(.everyone) }

    /// When others no longer find it in lists.
    package var deprecation: Instant? {
        ImageDeprecation.effective(chosenDeprecation, created: created, isPublic: isPublic)
    }
}

/// An image version of a recipe: `web-server/1.4.2/3`.
package struct Release: Sendable, Hashable, CustomStringConvertible {
    package var recipe: ResourceName
    package var version: ImageVersion

    package init(recipe: ResourceName, version: ImageVersion) {
        self.recipe = recipe
        self.version = version
    }

    package var description: String { "\(recipe)/\(version)" }
}

/// The image that a copy was made of.
package struct ImageSource: Sendable, Hashable {
    package var region: RegionName
    package var image: ImageID

    package init(region: RegionName, image: ImageID) {
        self.region = region
        self.image = image
    }
}

/// A volume that instances of the image get. The one of the root device, and any other with content, has a snapshot.
package struct VolumeMapping: Sendable, Hashable {
    package var deviceName: String
    package var volume: Volume
    /// Given by the region.
    package var snapshot: SnapshotID?

    package init(deviceName: String, volume: Volume, snapshot: SnapshotID? = nil) {
        self.deviceName = deviceName
        self.volume = volume
        self.snapshot = snapshot
    }
}

/// An EBS volume to be made.
package struct Volume: Sendable, Hashable {
    /// GiB.
    package var size: Int
    package var type: VolumeType
    package var isEncrypted: Bool
    package var iops: Int?
    /// MiB a second.
    package var throughput: Int?
    package var isDeletedOnTermination: Bool
    /// The key of an encrypted one; nil for the account's default.
    package var key: KeyARN?

    package init(
        size: Int, type: VolumeType = .gp3, isEncrypted: Bool = false, iops: Int? = nil, throughput: Int? = nil,
        isDeletedOnTermination: Bool = true, key: KeyARN? = nil
    ) {
        self.size = size
        self.type = type
        self.isEncrypted = isEncrypted
        self.iops = iops
        self.throughput = throughput
        self.isDeletedOnTermination = isDeletedOnTermination
        self.key = key
    }
}

/// What the caller says of an image that is to be made.
package struct NewImage: Sendable {
    package var name: AMIName
    package var description: String
    package var release: Release?
    package var architecture: Architecture
    package var created: Instant
    package var source: ImageSource?
    package var parent: ImageID?
    package var rootDeviceName: String
    /// The volume of the root device must be among them; it alone gets a snapshot.
    package var volumes: [VolumeMapping]
    package var tags: TagSet
    package var snapshotTags: TagSet
    /// Names the intention, so that registering again after a crash makes no second image.
    package var token: String
    /// Nil for the account that acts where no other is named.
    package var owner: AccountID?
    package var machine = MachineAttributes()

    package init(
        name: AMIName, description: String = "", release: Release? = nil, architecture: Architecture, created: Instant,
        source: ImageSource? = nil, parent: ImageID? = nil, rootDeviceName: String = "/dev/xvda", volumes: [VolumeMapping],
        tags: TagSet = TagSet(), snapshotTags: TagSet = TagSet(), token: String, owner: AccountID? = nil
    ) {
        self.name = name
        self.description = description
        self.release = release
        self.architecture = architecture
        self.created = created
        self.source = source
        self.parent = parent
        self.rootDeviceName = rootDeviceName
        self.volumes = volumes
        self.tags = tags
        self.snapshotTags = snapshotTags
        self.token = token
        self.owner = owner
    }
}
