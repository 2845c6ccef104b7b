import Crypto
import Model

/// CreateImage: an image of what an instance holds.
package struct ImageCreation: Sendable {
    package var name: String
    package var description: String
    package var instance: InstanceID
    /// The image that the instance was launched from.
    package var launchedFrom: ImageID?
    /// What the instance holds, and the sum of the sizes of its files in bytes.
    package var root: Digest
    package var logicalSize: Int64
    package var architecture: Architecture
    package var machine: MachineAttributes
    package var rootDeviceName: String
    package var volumes: [VolumeMapping]
    package var virtualDevices: [VirtualDevice]
    package var tags: TagSet
    package var snapshotTags: TagSet
    /// What the image lacks, where the instance ran on.
    package var missing: MissingWrites?
    /// What the instance's other volumes hold.
    var data: DataDisks?

    package init(
        name: String, description: String = "", instance: InstanceID, launchedFrom: ImageID?, root: Digest, logicalSize: Int64,
        architecture: Architecture = .x86, machine: MachineAttributes = MachineAttributes(),
        rootDeviceName: String = "/dev/xvda", volumes: [VolumeMapping], virtualDevices: [VirtualDevice] = [],
        tags: TagSet = TagSet(), snapshotTags: TagSet = TagSet()
    ) {
        self.name = name
        self.description = description
        self.instance = instance
        self.launchedFrom = launchedFrom
        self.root = root
        self.logicalSize = logicalSize
        self.architecture = architecture
        self.machine = machine
        self.rootDeviceName = rootDeviceName
        self.volumes = volumes
        self.virtualDevices = virtualDevices
        self.tags = tags
        self.snapshotTags = snapshotTags
    }
}

/// RegisterImage: an image of snapshots that are there, or of a manifest in S3.
package struct ImageRegistration: Sendable {
    package var name: String
    package var description: String
    package var architecture: Architecture
    package var machine: MachineAttributes
    package var rootDeviceName: String
    /// A volume with a snapshot may leave its size open: 0 stands for the snapshot's.
    package var volumes: [VolumeMapping]
    package var virtualDevices: [VirtualDevice]
    package var tags: TagSet

    package init(
        name: String, description: String = "", architecture: Architecture = .x86,
        machine: MachineAttributes = MachineAttributes(), rootDeviceName: String = "/dev/xvda", volumes: [VolumeMapping] = [],
        virtualDevices: [VirtualDevice] = [], tags: TagSet = TagSet()
    ) {
        self.name = name
        self.description = description
        self.architecture = architecture
        self.machine = machine
        self.rootDeviceName = rootDeviceName
        self.volumes = volumes
        self.virtualDevices = virtualDevices
        self.tags = tags
    }
}

/// CopyImage.
package struct ImageCopying: Sendable, Encodable {
    package var name: String
    /// Nil for the description of the original.
    package var description: String?
    package var sourceRegion: RegionName
    package var source: ImageID
    package var isEncrypted: Bool
    /// An id, an alias or an ARN; needs `isEncrypted`.
    package var key: String?
    /// The original's tags too, where the account owns it.
    package var copiesTags: Bool
    package var tags: TagSet
    package var snapshotTags: TagSet
    /// Names the intention: the same request again gives the same copy.
    package var clientToken: String?

    package init(
        name: String, description: String? = nil, sourceRegion: RegionName, source: ImageID, isEncrypted: Bool = false,
        key: String? = nil, copiesTags: Bool = false, tags: TagSet = TagSet(), snapshotTags: TagSet = TagSet(),
        clientToken: String? = nil
    ) {
        self.name = name
        self.description = description
        self.sourceRegion = sourceRegion
        self.source = source
        self.isEncrypted = isEncrypted
        self.key = key
        self.copiesTags = copiesTags
        self.tags = tags
        self.snapshotTags = snapshotTags
        self.clientToken = clientToken
    }
}
