import Crypto
import Model

/// EC2's actions on volumes, by its names.
package protocol VolumeActions: Sendable {
    /// The account's volumes that the query lets through, oldest first. Returns where the list goes on, if the limit cut it.
    func describeVolumes(
        _ query: VolumeQuery, receive: (VolumeRecord) throws(Failure) -> Void
    ) throws(Failure) -> PageToken?
    func createVolume(_ new: VolumeCreation) throws(Failure) -> VolumeRecord
    /// Refused while an instance has it.
    func deleteVolume(_ id: VolumeID) throws(Failure)
    /// To an instance in its zone, under a device name that is free.
    func attachVolume(_ id: VolumeID, to instance: InstanceID, device: String) throws(Failure) -> VolumeRecord
    /// Returns the volume as it was. The root volume of an instance that runs stays.
    func detachVolume(_ id: VolumeID, from instance: InstanceID?, device: String?) throws(Failure) -> VolumeRecord
    func modifyVolume(_ id: VolumeID, _ change: VolumeChange) throws(Failure) -> VolumeModification
    /// The last change of each of the account's volumes that had one.
    func volumeModifications() throws(Failure) -> [VolumeModification]
    /// Whether a volume that may be damaged is opened by itself; nothing damages one here.
    func setEnablesIO(_ isOn: Bool, of id: VolumeID) throws(Failure)
    func enablesIO(_ id: VolumeID) throws(Failure) -> Bool
}

extension VolumeActions {
    package func describeVolumes(_ query: VolumeQuery) throws(Failure) -> [VolumeRecord] {
        var volumes: [VolumeRecord] = []
        _ = try describeVolumes(query) { volumes.append($0) }
        return volumes
    }
}

/// Which volumes to describe.
package struct VolumeQuery: Hashable, Sendable {
    /// Nil for all of the account; one that it does not have is an error.
    package var ids: [VolumeID]?
    package var filters: [ResourceFilter]
    package var limit: Int?
    package var after: PageToken?

    package init(
        ids: [VolumeID]? = nil, filters: [ResourceFilter] = [], limit: Int? = nil, after: PageToken? = nil
    ) {
        self.ids = ids
        self.filters = filters
        self.limit = limit
        self.after = after
    }
}

/// CreateVolume.
package struct VolumeCreation: Sendable, Encodable {
    /// `us-east-1a`
    package var zone: String
    /// GiB; nil for that of the snapshot.
    package var size: Int?
    package var snapshot: SnapshotID?
    package var type: VolumeType
    package var iops: Int?
    /// MiB a second.
    package var throughput: Int?
    package var isEncrypted: Bool
    package var key: String?
    package var tags: TagSet
    package var clientToken: String?

    package init(
        zone: String, size: Int? = nil, snapshot: SnapshotID? = nil, type: VolumeType = .gp2, iops: Int? = nil,
        throughput: Int? = nil, isEncrypted: Bool = false, key: String? = nil, tags: TagSet = TagSet(),
        clientToken: String? = nil
    ) {
        self.zone = zone
        self.size = size
        self.snapshot = snapshot
        self.type = type
        self.iops = iops
        self.throughput = throughput
        self.isEncrypted = isEncrypted
        self.key = key
        self.tags = tags
        self.clientToken = clientToken
    }
}

/// A volume as the catalogue of one region holds it.
package struct VolumeRecord: Sendable, Hashable {
    package var id: VolumeID
    package var owner: AccountID
    package var state: VolumeState
    package var zone: String
    package var volume: Volume
    /// What it was made of.
    package var snapshot: SnapshotID?
    /// The Merkle root of what it holds; nil for a blank one.
    package var root: Digest?
    /// The sum of the sizes of all files, in bytes.
    package var logicalSize: Int64
    package var created: Instant
    package var attachment: Attachment?
    package var tags: TagSet

    package init(
        id: VolumeID, owner: AccountID, state: VolumeState, zone: String, volume: Volume, snapshot: SnapshotID?,
        root: Digest? = nil, logicalSize: Int64 = 0, created: Instant, attachment: Attachment?, tags: TagSet
    ) {
        self.id = id
        self.owner = owner
        self.state = state
        self.zone = zone
        self.volume = volume
        self.snapshot = snapshot
        self.root = root
        self.logicalSize = logicalSize
        self.created = created
        self.attachment = attachment
        self.tags = tags
    }

    /// The instance that has the volume.
    package struct Attachment: Sendable, Hashable {
        package var instance: InstanceID
        package var device: String
        package var attached: Instant
        package var isDeletedOnTermination: Bool

        package init(instance: InstanceID, device: String, attached: Instant, isDeletedOnTermination: Bool) {
            self.instance = instance
            self.device = device
            self.attached = attached
            self.isDeletedOnTermination = isDeletedOnTermination
        }
    }
}
