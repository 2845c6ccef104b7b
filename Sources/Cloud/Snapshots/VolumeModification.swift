import Model
import Records
import SQLite

/// The last change of a volume's size, type or performance. It is complete once the action has returned.
package struct VolumeModification: Hashable, Sendable {
    package let volume: VolumeID
    package let original: Volume
    package let target: Volume
    package let started: Instant

    package init(volume: VolumeID, original: Volume, target: Volume, started: Instant) {
        self.volume = volume
        self.original = original
        self.target = target
        self.started = started
    }
}

/// ModifyVolume: what is not nil.
package struct VolumeChange: Hashable, Sendable {
    /// GiB.
    package var size: Int?
    package var type: VolumeType?
    package var iops: Int?
    /// MiB a second.
    package var throughput: Int?

    package init(size: Int? = nil, type: VolumeType? = nil, iops: Int? = nil, throughput: Int? = nil) {
        self.size = size
        self.type = type
        self.iops = iops
        self.throughput = throughput
    }
}

/// The schema of what happened to volumes and to the tiers of snapshots.
enum VolumeHistoryCatalogue {
    static let migration = Migration(
        """
        CREATE TABLE volume_modifications (
            volume TEXT PRIMARY KEY REFERENCES ebs_volumes (id) ON DELETE CASCADE,
            started INTEGER NOT NULL,
            size INTEGER NOT NULL,
            type TEXT NOT NULL,
            iops INTEGER,
            throughput INTEGER
        ) STRICT, WITHOUT ROWID;
        ALTER TABLE ebs_volumes ADD COLUMN enables_io INTEGER NOT NULL DEFAULT 0;

        -- The last move between the tiers: when, and EBS's word for it.
        ALTER TABLE snapshots ADD COLUMN tiered INTEGER;
        ALTER TABLE snapshots ADD COLUMN tiering TEXT;
        """)
}

extension Session {
    /// Of the volumes that are given.
    func modifications(of volumes: [VolumeRecord]) throws -> [VolumeModification] {
        let known = Dictionary(uniqueKeysWithValues: volumes.map { ($0.id, $0.volume) })
        let list = Self.list(volumes.map(\.id))
        return try rows(
            "SELECT * FROM volume_modifications WHERE volume IN (SELECT value FROM json_each(?)) ORDER BY started, volume", list
        ) { row in
            let id: VolumeID = try row.parsed("volume")
            let original = Volume(
                size: try row.int("size"), type: try row.named("type"), isEncrypted: known[id]?.isEncrypted ?? false,
                iops: try row.intIfPresent("iops"), throughput: try row.intIfPresent("throughput"))
            return VolumeModification(
                volume: id, original: original, target: known[id] ?? original, started: try row.instant("started"))
        }
    }
}
