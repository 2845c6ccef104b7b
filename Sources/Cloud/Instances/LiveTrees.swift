import Crypto
import ImageStore
import Model
import Platform
import Records
import SQLite

/// What programs of instances wrote and what was not made durable yet. The durable tree of an instance is what its root volume holds.
enum LiveTreeCatalogue {
    static let migration = Migration(
        """
        CREATE TABLE live_trees (
            instance TEXT PRIMARY KEY REFERENCES instances (id) ON DELETE CASCADE,
            -- NULL where nothing was written that is not durable.
            root BLOB CHECK (length(root) = 32),
            logical_size INTEGER NOT NULL DEFAULT 0,
            -- Whether the first boot is over.
            prepared INTEGER NOT NULL DEFAULT 0,
            -- Whether whoever runs programs on the instance is to end them.
            ending INTEGER NOT NULL DEFAULT 0
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE missing_writes (
            image TEXT PRIMARY KEY REFERENCES images (id) ON DELETE CASCADE,
            count INTEGER NOT NULL,
            -- A JSON list of the first paths.
            paths TEXT NOT NULL,
            running INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """)
}

/// An instance with its two trees.
package struct MachineRecord: Sendable {
    package let instance: InstanceRecord
    /// What would be there after a loss of power.
    package let durable: Digest
    /// The sum of the sizes of all files, in bytes.
    package let durableSize: Int64
    /// What programs see: the durable tree and what they wrote since.
    package let live: Digest
    package let liveSize: Int64
    /// Whether the first boot is over.
    package let isPrepared: Bool
    /// Whether programs are to end, since the instance is stopped, restarted or terminated.
    package let mustEnd: Bool
    /// The line of authorized_keys of the instance's key pair.
    package let publicKey: String?

    /// The key under which both trees are, if the root volume is encrypted.
    package var key: KeyARN? { instance.rootVolume?.volume.key }
}

// Instances as they run.
extension EmbeddedRegion {
    /// The folder of what is kept of an instance besides the catalogue: its lock and its console output.
    package func folder(of instance: InstanceID) -> String { "\(instancesFolder)/\(instance)" }

    /// Whether programs may have run on the instance.
    func hasRun(_ instance: InstanceID) -> Bool { Files.exists(folder(of: instance)) }

    /// Takes the lock on an instance's live tree, under which programs run; nil where somebody else still has it after so many
    /// nanoseconds. The lock goes with its process.
    package func lock(_ instance: InstanceID, patience: UInt64) throws(Failure) -> FileLock? {
        do throws(SystemError) {
            try Files.makeFolders(folder(of: instance), permissions: 0o700)
            let end = environment.uptime() + patience
            while true {
                if let lock = try FileLock.tryAcquire(folder(of: instance) + "/lock") { return lock }
                if environment.uptime() >= end || environment.cancellation.isCancelled { return nil }
                environment.wait(Self.pause)
            }
        } catch { throw Failure(.io, "the lock of the instance \(instance) cannot be taken", cause: error) }
    }

    private static var pause: UInt64 { 10_000_000 }

    /// The instance, whoever owns it; `Failure(.conflict)` where it has nothing that programs could run on.
    package func machine(_ id: InstanceID) throws(Failure) -> MachineRecord {
        try database.read("look up the instance \(id)") { try $0.machine(id) }
    }

    /// Those that run, whoever owns them.
    package func runningInstances() throws(Failure) -> [InstanceID] {
        try database.read("list the running instances of \(name)") { session in
            try session.rows("SELECT id FROM instances WHERE state = 'running'") { row in try row.parsed("id") }
        }
    }

    /// Whether programs on the instance are to end. One that is gone counts as stopped.
    package func mustEnd(_ id: InstanceID) throws(Failure) -> Bool {
        try database.read("look at the instance \(id)") { session in
            try session.first(
                """
                SELECT state <> 'running' OR coalesce(ending, 0) AS ends FROM instances
                    LEFT JOIN live_trees ON instance = id WHERE id = ?
                """, id
            ) { row in try row.bool("ends") } ?? true
        }
    }

    /// Names the tree that programs left, which must be published in the region's store.
    package func keepLive(_ root: Digest, logicalSize: Int64, of id: InstanceID) throws(Failure) {
        try database.write("keep what was written on the instance \(id)") { session in
            try session.run(
                """
                INSERT INTO live_trees (instance, root, logical_size) SELECT id, ?, ? FROM instances WHERE id = ?
                ON CONFLICT DO UPDATE SET root = excluded.root, logical_size = excluded.logical_size
                """, root, logicalSize, id)
        }
    }

    /// The first boot is over.
    package func markPrepared(_ id: InstanceID) throws(Failure) {
        try database.write("end the first boot of the instance \(id)") { session in
            try session.run(
                """
                INSERT INTO live_trees (instance, prepared) SELECT id, 1 FROM instances WHERE id = ?
                ON CONFLICT DO UPDATE SET prepared = 1
                """, id)
        }
    }

    package func missingWrites(of image: ImageID) throws(Failure) -> MissingWrites? {
        try database.read("look up the image \(image)") { session in
            let paths = try session.rows("SELECT value FROM missing_writes, json_each(paths) WHERE image = ?", image) { row in
                try row.text("value")
            }
            return try session.first("SELECT * FROM missing_writes WHERE image = ?", image) { row in
                MissingWrites(count: try row.int("count"), paths: paths, programsWereRunning: try row.bool("running"))
            }
        }
    }
}

extension Session {
    func machine(_ id: InstanceID) throws -> MachineRecord {
        let found = try first("SELECT owner FROM instances WHERE id = ?", id) { row in
            try row.parsed("owner", as: AccountID.self)
        }
        guard let owner = found, let instance = try instances(of: owner, only: id).first else {
            throw Failure(.notFound(instances: [id]))
        }
        let volume = instance.rootVolume.flatMap { volume in
            volume.root.map { InstanceStore(root: $0, logicalSize: volume.logicalSize) }
        }
        guard let durable = instance.store ?? volume else {
            if instance.state == .terminated { throw Failure(.conflict, "the instance \(id) is terminated") }
            throw Failure(.conflict, "the instance \(id) has nothing on its root device \(instance.rootDeviceName)")
        }
        let live = try first("SELECT * FROM live_trees WHERE instance = ?", id) { row in
            (
                root: try row.digestIfPresent("root"), size: try row.integer("logical_size"),
                isPrepared: try row.bool("prepared"), isEnding: try row.bool("ending")
            )
        }
        let key = try instance.keyName.flatMap { name in try keyPairs(of: owner).first { $0.name == name }?.publicKey }
        return MachineRecord(
            instance: instance, durable: durable.root, durableSize: durable.logicalSize, live: live?.root ?? durable.root,
            liveSize: live?.root == nil ? durable.logicalSize : live?.size ?? 0, isPrepared: live?.isPrepared ?? false,
            mustEnd: instance.state != .running || live?.isEnding ?? false, publicKey: key)
    }

    /// What was written becomes what the root volume holds.
    func makeDurable(_ id: InstanceID) throws {
        let live = try first("SELECT root, logical_size FROM live_trees WHERE instance = ? AND root IS NOT NULL", id) { row in
            (root: try row.digest("root"), size: try row.integer("logical_size"))
        }
        if let live {
            try run(
                """
                UPDATE ebs_volumes SET root = ?, logical_size = ?
                    WHERE instance = ? AND device = (SELECT root_device FROM instances WHERE id = ?)
                """, live.root, live.size, id, id)
            // Where it was another instance's disk before, that is over.
            try run(
                """
                DELETE FROM volume_disks WHERE volume IN (SELECT id FROM ebs_volumes
                    WHERE instance = ? AND device = (SELECT root_device FROM instances WHERE id = ?))
                """, id, id)
            try run("UPDATE instance_stores SET root = ?, logical_size = ? WHERE instance = ?", live.root, live.size, id)
        }
        try run("UPDATE live_trees SET root = NULL, ending = 0 WHERE instance = ?", id)
    }
}

extension InstanceRecord {
    /// The volume of its root device, if that is there.
    package var rootVolume: VolumeRecord? { volumes.first { $0.attachment?.device == rootDeviceName } }
}
