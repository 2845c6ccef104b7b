import Crypto
import ImageStore
import Model
import Platform
import Records
import SQLite
import Sandbox

/// The schema of what volumes hold as disks.
enum VolumeDiskCatalogue {
    static let migration = Migration(
        """
        -- The very bytes of volumes that programs wrote as disks, or that are made of such snapshots: a tree with one file.
        CREATE TABLE volume_disks (
            volume TEXT PRIMARY KEY REFERENCES ebs_volumes (id) ON DELETE CASCADE,
            root BLOB NOT NULL CHECK (length(root) = 32)
        ) STRICT, WITHOUT ROWID;
        """)
}

// Volumes as devices of instances that run.
//
//     regions/<region>/volumes/<volume>    what the volume holds since it became a device, whatever its row says
//
// The file is made of the volume's content when its instance is mounted, and is there until what was written is in the store: at detach,
// stop and termination. So a process that is killed takes nothing away, and whoever uses the volume next goes on with the file. Who makes,
// changes or removes it has the lock of the instance that the volume is attached to.
extension EmbeddedRegion {
    func diskFile(of volume: VolumeID) -> String { "\(volumeFolder)/\(volume)" }

    /// The file of a volume's bytes, as large as the volume: made where it is not there.
    package func disk(of volume: VolumeRecord) throws(Failure) -> String {
        let path = diskFile(of: volume.id)
        let size = volume.volume.size << 30
        do throws(SystemError) {
            try Files.makeFolders(volumeFolder, permissions: 0o700)
            if Files.exists(path) {
                let file = try FileDescriptor.open(path, .readWrite)
                // The volume was made larger.
                if try file.size() < size { try file.truncate(to: size) }
                return path
            }
        } catch { throw Self.failure(volume.id, error) }
        let new = "\(path).\(ProcessIdentity.own)"
        try? Files.remove(new)
        do throws(Failure) { try make(new, of: volume, size: size) } catch {
            try? Files.remove(new)
            throw error
        }
        do throws(SystemError) {
            try Files.rename(new, to: path)
            try Files.synchronizeFolder(volumeFolder)
        } catch { throw Self.failure(volume.id, error) }
        return path
    }

    private func make(_ path: String, of volume: VolumeRecord, size: Int) throws(Failure) {
        let disk = try database.read("look up the disk of \(volume.id)") { try $0.disk(of: volume.id) }
        let file: FileDescriptor
        do throws(SystemError) { file = try FileDescriptor.open(path, .create, permissions: 0o600) } catch {
            throw Self.failure(volume.id, error)
        }
        if let root = disk ?? volume.root {
            let tree = try Tree(root, in: try store(under: volume.volume.key))
            if disk == nil {
                try TreeImage(tree, shift: .none, environment: environment).write(to: file)
            } else {
                try Self.write(try Self.disk(in: tree), of: tree, to: file)
            }
        }
        do throws(SystemError) {
            try file.truncate(to: size)
            // A file system of a tree has no more room than it needs.
            if disk == nil, volume.root != nil { try Self.grow(path, in: environment) }
            try file.synchronize()
        } catch { throw Self.failure(volume.id, error) }
    }

    /// By resize2fs, which tools for file systems come with; without it the file system stays as it is.
    private static func grow(_ path: String, in environment: Environment) throws(SystemError) {
        guard let program = Programs.find("resize2fs") else { return }
        _ = try? Subprocess(program, ["-f", path]).run(in: environment)
    }

    private static func failure(_ volume: VolumeID, _ error: SystemError) -> Failure {
        Failure(error.isNoSpace ? .exhausted : .io, "the disk of the volume \(volume) cannot be made or read", cause: error)
    }

    /// The volume's file is needed no more: all that it held is in the store, or the volume is gone.
    func removeDisk(of volume: VolumeID) { try? Files.remove(diskFile(of: volume)) }

    /// Removes files of volumes that are gone, and what killed processes left half made.
    package func sweepDisks() throws(Failure) {
        let names = Files.names(in: volumeFolder)
        if names.isEmpty { return }
        let known = try database.read("list the volumes of \(name)") { session in
            Set(try session.rows("SELECT id FROM ebs_volumes") { row in try row.text("id") })
        }
        for name in names {
            let parts = name.split(separator: ".", maxSplits: 1)
            let isNeeded = parts.count == 2 ? !ProcessIdentity.isDead(String(parts[1])) : known.contains(name)
            if !isNeeded { try? Files.remove("\(volumeFolder)/\(name)") }
        }
    }
}

extension Session {
    /// The digest of the tree that has a volume's own bytes; nil where its files are all that is known of it.
    func disk(of volume: VolumeID) throws -> Digest? {
        try first("SELECT root FROM volume_disks WHERE volume = ?", volume) { row in try row.digest("root") }
    }

    /// A volume's own bytes, which are in the store of its key.
    func setDisk(_ root: Digest, of volume: VolumeID) throws {
        try run("INSERT INTO volume_disks VALUES (?, ?) ON CONFLICT DO UPDATE SET root = excluded.root", volume, root)
    }
}
