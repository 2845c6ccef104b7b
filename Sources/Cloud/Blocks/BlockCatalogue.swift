import Crypto
import Model
import Records
import SQLite

/// The schema of snapshots that are written by blocks.
enum BlockCatalogue {
    static let migration = Migration(
        """
        -- Snapshots that are being written, and until when the next block must come.
        CREATE TABLE block_writes (
            snapshot TEXT PRIMARY KEY REFERENCES snapshots (id) ON DELETE CASCADE,
            timeout INTEGER NOT NULL,
            deadline INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE written_blocks (
            snapshot TEXT NOT NULL REFERENCES block_writes (snapshot) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            digest BLOB NOT NULL CHECK (length(digest) = 32),
            PRIMARY KEY (snapshot, position)
        ) STRICT, WITHOUT ROWID;

        -- The very bytes of snapshots that were written by blocks: a tree with one file.
        CREATE TABLE snapshot_disks (
            snapshot TEXT PRIMARY KEY REFERENCES snapshots (id) ON DELETE CASCADE,
            root BLOB NOT NULL CHECK (length(root) = 32)
        ) STRICT, WITHOUT ROWID;

        -- The key of the region's tokens for blocks.
        CREATE TABLE block_secrets (id INTEGER PRIMARY KEY CHECK (id = 1), secret BLOB NOT NULL) STRICT;
        """)
}

extension Session {
    /// The digest of the tree that has a snapshot's own bytes; nil where its files are all that is known of it.
    func disk(of snapshot: SnapshotID) throws -> Digest? {
        try first("SELECT root FROM snapshot_disks WHERE snapshot = ?", snapshot) { row in try row.digest("root") }
    }

    /// A snapshot's own bytes, which are in the store of its key.
    func setDisk(_ root: Digest, of snapshot: SnapshotID) throws {
        try run("INSERT INTO snapshot_disks VALUES (?, ?)", snapshot, root)
    }

    func blockSecret() throws -> [UInt8]? {
        try first("SELECT secret FROM block_secrets") { row in try row.bytes("secret") }
    }

    /// The blocks that were put, in their order.
    func writtenBlocks(of snapshot: SnapshotID) throws -> [(index: Int, digest: Digest)] {
        try rows("SELECT position, digest FROM written_blocks WHERE snapshot = ? ORDER BY position", snapshot) { row in
            (try row.int("position"), try row.digest("digest"))
        }
    }

    /// Gives up what nobody went on writing. Returns the snapshots that are still written.
    func endStaleWrites(at now: Instant) throws -> Set<String> {
        let stale = try rows("SELECT snapshot FROM block_writes WHERE deadline <= ?", now) { row in try row.text("snapshot") }
        for snapshot in stale {
            try run(
                "UPDATE snapshots SET state = 'error', state_message = ? WHERE id = ? AND state = 'pending'",
                "No block was written in time", snapshot)
            try run("DELETE FROM block_writes WHERE snapshot = ?", snapshot)
        }
        return Set(try rows("SELECT snapshot FROM block_writes") { row in try row.text("snapshot") })
    }
}
