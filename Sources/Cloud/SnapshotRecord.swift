import Crypto
import Model

/// The state of a snapshot, with EC2's words.
package enum SnapshotState: String, Sendable, Codable, CaseIterable {
    case pending, completed, error
}

/// A snapshot as the catalogue of one region holds it.
package struct SnapshotRecord: Sendable, Hashable {
    package var id: SnapshotID
    package var state: SnapshotState
    package var description: String
    /// The Merkle root of the content; nil until the snapshot is completed.
    package var root: Digest?
    /// The sum of the sizes of all files, in bytes.
    package var logicalSize: Int64
    /// Percent.
    package var progress: Int
    package var started: Instant
    package var completed: Instant?
    package var owner: AccountID
    /// GiB.
    package var volumeSize: Int
    package var isEncrypted: Bool
    package var tags: TagSet
    /// The key under which it is encrypted; nil where it is not.
    package var key: KeyARN?
    /// The volume that it was made of; nil for the snapshots of builds and copies.
    package var volume: VolumeID?
    /// Why it is in its state.
    package var stateMessage: String?
    /// The snapshot before it, which it shares what did not change with.
    package var parent: SnapshotID?
    /// Who may make volumes of it besides the owner.
    package var permissions: Set<LaunchPermission> = []
    /// Whether its owner has blocked that everyone may, although the permission stands.
    package var isPublicAccessBlocked = false
    package var tier = StorageTier.standard
    /// The end of a temporary restore of an archived snapshot.
    package var restoredUntil: Instant?
    /// Its last move between the tiers.
    package var tiering: Tiering?
    package var lock: SnapshotLock?
    /// When it came into the Recycle Bin and when it leaves.
    package var recycled: RecycledSpan?

    package init(
        id: SnapshotID, state: SnapshotState, description: String, root: Digest?, logicalSize: Int64, progress: Int,
        started: Instant, completed: Instant?, owner: AccountID, volumeSize: Int, isEncrypted: Bool, tags: TagSet
    ) {
        self.id = id
        self.state = state
        self.description = description
        self.root = root
        self.logicalSize = logicalSize
        self.progress = progress
        self.started = started
        self.completed = completed
        self.owner = owner
        self.volumeSize = volumeSize
        self.isEncrypted = isEncrypted
        self.tags = tags
    }
}

extension SnapshotRecord {
    /// As EC2 tells it: what is restored for a time stays in the archive.
    package var shownTier: StorageTier { restoredUntil == nil ? tier : .archive }
}

/// Where EBS keeps a snapshot.
package enum StorageTier: String, Sendable, Codable, CaseIterable {
    case standard, archive
}

/// A move of a snapshot between the tiers, which takes no time here.
package struct Tiering: Sendable, Hashable {
    package var move: Move
    package var started: Instant

    /// EBS's words for moves that are done.
    package enum Move: String, Sendable, CaseIterable {
        case archival = "archival-completed"
        case temporaryRestore = "temporary-restore-completed"
        case permanentRestore = "permanent-restore-completed"
    }
}
