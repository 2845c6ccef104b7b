import Crypto
import Model

/// EBS direct's actions, by its names: snapshots as disks of blocks of 512 KiB.
///
/// A snapshot is read as the ext4 file system of its files, which is the same each time. One that was written by blocks is read as it
/// was written.
package protocol BlockActions: Sendable {
    /// The blocks that are not all zero, from an index on.
    func snapshotBlocks(_ id: SnapshotID, from index: Int, limit: Int) throws(Failure) -> BlockPage<SnapshotBlock>
    /// The blocks in which the second snapshot differs from the first, or from an empty disk.
    func changedBlocks(
        _ first: SnapshotID?, _ second: SnapshotID, from index: Int, limit: Int
    ) throws(Failure) -> BlockPage<ChangedBlock>
    /// `token` is one that was given out for the very block.
    func snapshotBlock(_ id: SnapshotID, _ index: Int, token: String) throws(Failure) -> [UInt8]

    /// A pending snapshot, to be written by blocks.
    func startSnapshot(_ new: SnapshotStart) throws(Failure) -> SnapshotRecord
    /// The block is durable when it is completed. Another one of the same index takes its place.
    func putSnapshotBlock(_ bytes: [UInt8], at index: Int, of id: SnapshotID) throws(Failure)
    /// `count` is how many blocks were put; `checksum` the digest of their digests, in the order of their indexes.
    func completeSnapshot(_ id: SnapshotID, count: Int, checksum: Digest?) throws(Failure)
}

/// What EBS direct calls a block.
package enum SnapshotBlocks {
    /// Bytes.
    package static let size = 512 << 10
    /// Blocks of a GiB.
    package static let perGiB = (1 << 30) / size
    /// How long a token can be used.
    package static let tokenLife = TimeSpan.days(7)
    /// GiB.
    package static let volumeSizes = 1...16_384
    /// Minutes between two blocks, before what is being written is given up.
    package static let timeouts = 10...4320
    package static let usualTimeout = 60
}

/// A part of a list of blocks.
package struct BlockPage<Block: Sendable>: Sendable {
    package var blocks: [Block]
    /// The index where the list goes on; nil at its end.
    package var next: Int?
    /// GiB.
    package var volumeSize: Int
    /// When the tokens of the blocks end.
    package var expiry: Instant
}

/// A block, and the token to read it by.
package struct SnapshotBlock: Hashable, Sendable {
    package let index: Int
    package let token: String
}

/// A block that differs; without a token where a snapshot has nothing there.
package struct ChangedBlock: Hashable, Sendable {
    package let index: Int
    package let first: String?
    package let second: String?
}

/// StartSnapshot.
package struct SnapshotStart: Hashable, Sendable, Encodable {
    /// GiB.
    package var volumeSize: Int
    /// A snapshot of the account's own that is the content where nothing else is put.
    package var parent: SnapshotID?
    package var description = ""
    package var isEncrypted = false
    package var key: String?
    package var tags = TagSet()
    /// Minutes.
    package var timeout: Int?
    package var clientToken: String?

    package init(volumeSize: Int) { self.volumeSize = volumeSize }
}
