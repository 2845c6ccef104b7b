import Crypto
import Disks
import ImageStore
import Model
import Platform
import Records
import SQLite
import Sandbox

/// What was on a volume's disk, in the store.
struct StoredDisk: Sendable {
    let volume: VolumeID
    /// The tree of its bytes.
    let disk: Digest
    /// The tree of its files; that of its bytes where it has no file system that can be read.
    let root: Digest
    /// The sum of the sizes of its files.
    let bytes: UInt64
}

// What programs wrote to volumes, on its way into the store.
extension EmbeddedActions {
    /// Stores the disks of those volumes that have one, flushed first where programs of this process may write to them. Nothing of a
    /// dry run. `.busy` where those of another process may; `hasLock` says that the caller has seen to it that none do.
    func storeDisks(of volumes: [VolumeRecord], hasLock: Bool, _ moves: ContentMoves) throws(Failure) -> [StoredDisk] {
        if isDryRun { return [] }
        var stored: [StoredDisk] = []
        for volume in volumes where Files.exists(region.diskFile(of: volume.id)) {
            var isHeld = false
            var lock: FileLock?
            if let instance = volume.attachment?.instance {
                if let host = plane.host, host.holds(instance, in: region.name) {
                    isHeld = true
                    try host.flush(instance, in: region.name)
                } else if !hasLock {
                    lock = try region.lock(instance, patience: 0)
                    if lock == nil { throw Self.inUse(volume.id, by: instance) }
                }
            }
            if let disk = try store(volume, isHeld: isHeld, in: moves.writer(under: volume.volume.key)) { stored.append(disk) }
            _ = consume lock
        }
        if !stored.isEmpty { try moves.publish() }
        return stored
    }

    static func inUse(_ volume: VolumeID, by instance: InstanceID) -> Failure {
        Failure(
            .busy, "another process runs programs on the instance \(instance), which have the volume \(volume) as a device",
            hint: "wait until they end, or stop the instance")
    }

    /// Nil for a blank volume that nothing was written to. What programs may write to meanwhile is copied first.
    private func store(_ volume: VolumeRecord, isHeld: Bool, in writer: StoreWriter) throws(Failure) -> StoredDisk? {
        let path = region.diskFile(of: volume.id)
        let file = try open(path)
        do throws(SystemError) {
            try file.synchronize()
            if volume.root == nil, try file.nextData(from: 0, size: try file.size()) == nil { return nil }
        } catch { throw Failure(.io, "the disk of the volume \(volume.id) cannot be read", cause: error) }
        if !isHeld { return try store(file, path, of: volume, in: writer) }
        let copy = try BlockImage.file(in: region.volumeFolder)
        do throws(DiskError) { _ = try DiskFile.expand(file, .raw, to: copy) } catch {
            throw Failure(
                error.kind == .noSpace ? .exhausted : .io, "the disk of the volume \(volume.id) cannot be copied", cause: error)
        }
        return try store(copy, copy.path, of: volume, in: writer)
    }

    private func store(
        _ file: borrowing FileDescriptor, _ path: String, of volume: VolumeRecord, in writer: StoreWriter
    ) throws(Failure) -> StoredDisk {
        let content = try DiskContent.store(
            file, size: UInt64(volume.volume.size) << 30, in: writer, environment: plane.environment)
        do throws(Failure) {
            let read = try DiskImport(path, into: writer, environment: plane.environment).run()
            return StoredDisk(volume: volume.id, disk: content.disk, root: read.root, bytes: read.bytes)
        } catch {
            guard error.code == .invalid else { throw error }
            return StoredDisk(volume: volume.id, disk: content.disk, root: content.disk, bytes: content.bytes)
        }
    }

    private func open(_ path: String) throws(Failure) -> FileDescriptor {
        do throws(SystemError) { return try FileDescriptor.open(path, .readWrite) } catch {
            throw Failure(.io, "the disk of a volume cannot be read", cause: error)
        }
    }

    /// Volumes of an instance on which nothing runs any more and whose lock the caller has, as far as they can be stored: what cannot, under
    /// a key that is disabled for one, stays in its file and is told on the console. Volumes that go with the instance are not stored.
    func storeDisks(ofEnded id: InstanceID, _ moves: ContentMoves) throws(Failure) -> [StoredDisk] {
        let volumes = try region.database.read("look up the volumes of \(id)") { session in
            let condition = "instance = ? AND NOT (delete_on_termination AND ? = (SELECT state FROM instances WHERE id = ?))"
            return try session.volumes(condition, [id, InstanceState.shuttingDown.rawValue, id]).map(\.volume)
        }
        var stored: [StoredDisk] = []
        for volume in volumes {
            do throws(Failure) { stored += try storeDisks(of: [volume], hasLock: true, moves) } catch {
                let text = "ingot: the volume \(volume.id) is not stored: \(error.chain.joined(separator: ": "))\n"
                try? region.addToConsole(Array(text.utf8), of: id)
            }
        }
        return stored
    }
}

extension Session {
    /// Names what a volume's disk held when it was stored.
    func keep(_ stored: StoredDisk) throws {
        try run(
            "UPDATE ebs_volumes SET root = ?, logical_size = ? WHERE id = ?", stored.root, Int64(clamping: stored.bytes),
            stored.volume)
        try run(
            """
            INSERT INTO volume_disks SELECT id, ? FROM ebs_volumes WHERE id = ?
            ON CONFLICT DO UPDATE SET root = excluded.root
            """, stored.disk, stored.volume)
    }
}
