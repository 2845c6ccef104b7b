import Crypto
import Disks
import ImageStore
import Model
import Platform
import Records
import SQLite
import Sandbox

// Imports: the bytes of each disk are brought into the store as they are, and the root file system of one of them as a tree. What is made
// enters the catalogue in one transaction with the end of the task.
extension ConversionRun {
    /// A disk that is in the store.
    struct Stored {
        /// The files of its root file system, or the tree of its bytes.
        var root: Digest
        /// The tree of its bytes; nil for an archive of files, and for a snapshot that was made of files.
        var disk: Digest?
        /// The sum of the sizes of its files.
        var bytes: UInt64
        /// GiB.
        var volumeSize: Int
        /// Nil where no root file system was found, for which there is a reason.
        var isRoot: Bool?
        var reason: Failure?
    }

    func importSnapshot(_ wish: SnapshotImport) throws(Failure) {
        var disks = task.disks
        let moves = ContentMoves(plane, to: region)
        defer { withExtendedLifetime(moves) {} }
        let stored = try store(wish.disk, 0, &disks, moves)
        try note("completing", 95, disks)
        try moves.publish()
        try point("conversions.stored")
        let id: SnapshotID = try region.newID()
        try finish { session in
            try enter(id, stored, session)
            disks[0].snapshot = id
            try session.run("UPDATE conversion_tasks SET disks = ? WHERE id = ?", try CanonicalJSON.text(of: disks), task.id)
        }
    }

    func importImage(_ wish: ImageImport) throws(Failure) {
        var disks = task.disks
        let moves = ContentMoves(plane, to: region)
        defer { withExtendedLifetime(moves) {} }
        var stored: [Stored] = []
        for (index, disk) in wish.disks.enumerated() { stored.append(try store(disk, index, &disks, moves)) }
        guard let root = stored.firstIndex(where: { $0.isRoot == true }) ?? stored.firstIndex(where: { $0.isRoot == false })
        else {
            throw stored.compactMap(\.reason).first ?? Failure(.invalid, "no disk has a root file system")
        }
        try note("preparing ami", 95, disks)
        try moves.publish()
        try point("conversions.stored")
        let image: ImageID = try region.newID()
        let devices = ImageImport.devices(wish.disks.map(\.device), root: root)
        for index in disks.indices {
            disks[index].device = devices[index]
            disks[index].snapshot = try region.newID()
        }
        try finish { session in
            try enter(image, wish, stored, disks, root: root, session)
            try session.run(
                "UPDATE conversion_tasks SET disks = ?, image = ? WHERE id = ?", try CanonicalJSON.text(of: disks), image, task.id
            )
        }
    }

    private func enter(_ id: SnapshotID, _ stored: Stored, _ session: Session) throws {
        let actions = actions
        try actions.checkSnapshotRoom(session)
        var snapshot = SnapshotRecord(
            id: id, state: .completed, description: "Created by AWS-VMImport service for \(task.id)", root: stored.root,
            logicalSize: Int64(clamping: stored.bytes), progress: 100, started: task.created, completed: actions.now,
            owner: task.owner, volumeSize: stored.volumeSize, isEncrypted: task.key != nil, tags: TagSet())
        snapshot.key = task.key
        try session.enter(snapshot)
        if let disk = stored.disk { try session.setDisk(disk, of: id) }
    }

    private func enter(
        _ id: ImageID, _ wish: ImageImport, _ stored: [Stored], _ disks: [ConvertedDisk], root: Int, _ session: Session
    ) throws {
        let actions = actions
        var image = actions.image(
            id, try AMIName(parsing: task.id), "AWS-VMImport service: Linux", task.owner,
            architecture: wish.architecture ?? .x86)
        image.root = stored[root].root
        image.logicalSize = Int64(clamping: stored[root].bytes)
        image.machine.bootMode = wish.bootMode
        image.rootDeviceName = disks[root].device ?? image.rootDeviceName
        try actions.checkRoom(for: image, session)
        for (disk, stored) in zip(disks, stored) {
            guard let snapshot = disk.snapshot, let device = disk.device else { continue }
            try enter(snapshot, stored, session)
            let volume = Volume(size: stored.volumeSize, type: .gp2, isEncrypted: task.key != nil, key: task.key)
            image.volumes.append(VolumeMapping(deviceName: device, volume: volume, snapshot: snapshot))
        }
        try session.enter(image, token: EmbeddedActions.token(id))
    }

    // MARK: Content

    private func store(
        _ disk: DiskContainer, _ index: Int, _ disks: inout [ConvertedDisk], _ moves: ContentMoves
    ) throws(Failure) -> Stored {
        let share = 90 / disks.count
        try note("validating", 2 + share * index, disks)
        switch disk.source {
        case .snapshot(let id): return try store(id, moves)
        case .object(let object):
            guard let buckets = plane.buckets else { throw Failure(.notFound, "the server has no buckets any more") }
            let file: FileDescriptor
            do throws(Failure) { file = try buckets.open(object) } catch {
                throw Failure(
                    error.code, "Disk validation failed [We do not have access to the given resource. Reason 404 Not Found]",
                    cause: error)
            }
            disks[index].size = try size(of: file)
            try note("converting", 5 + share * index, disks)
            let writer = try moves.writer(under: task.key)
            if disk.format == .tar { return try storeArchive(file, named: object.key, writer) }
            return try storeDisk(file, disk.format ?? .raw, writer) { () throws(Failure) in
                try note("converting", 5 + share * index + share / 2, disks)
            }
        }
    }

    private func size(of file: borrowing FileDescriptor) throws(Failure) -> UInt64 {
        do throws(SystemError) { return UInt64(clamping: try file.size()) } catch {
            throw Failure(.io, "an object cannot be read", cause: error)
        }
    }

    private func store(_ id: SnapshotID, _ moves: ContentMoves) throws(Failure) -> Stored {
        let (snapshot, disk) = try region.database.read("look up the snapshot \(id)") { session in
            (try actions.imported(id, session), try session.disk(of: id))
        }
        guard let root = snapshot.root else { throw Failure(.invalid, "the snapshot \(id) has no content") }
        try moves.move(root, with: disk, from: region.name, under: snapshot.key, to: task.key)
        // One that is nothing but bytes has no files.
        let isRoot: Bool? = root == disk ? nil : true
        return Stored(
            root: root, disk: disk, bytes: UInt64(clamping: snapshot.logicalSize), volumeSize: snapshot.volumeSize, isRoot: isRoot
        )
    }

    private func storeArchive(
        _ file: borrowing FileDescriptor, named name: String, _ writer: StoreWriter
    ) throws(Failure) -> Stored {
        let copy = try BlockImage.file(in: region.blockFolder)
        _ = try intake(writer).expand(file, .raw, to: copy)
        let read: ImportResult
        do throws(Failure) {
            read = try ArchiveImport(copy.path, named: name, into: writer, cacheFolder: nil, environment: environment).run()
        } catch {
            guard error.code == .invalid, let reason = error.cause as? Failure else { throw error }
            throw Failure(.invalid, "\(error.message): \(reason.message)", cause: error)
        }
        return Stored(
            root: read.root, disk: nil, bytes: read.bytes, volumeSize: DiskIntake.gibibytes(read.bytes + read.bytes / 4),
            isRoot: true)
    }

    private func storeDisk(
        _ file: borrowing FileDescriptor, _ format: DiskFormat, _ writer: StoreWriter, half: () throws(Failure) -> Void
    ) throws(Failure) -> Stored {
        let read: DiskIntake.Result
        do throws(Failure) { read = try intake(writer).run(file, format.form, half: half) } catch {
            guard error.code == .invalid else { throw error }
            throw Failure(.invalid, "Disk validation failed [\(error.message)]", cause: error)
        }
        guard let files = read.files else {
            return Stored(root: read.disk, disk: read.disk, bytes: read.size, volumeSize: read.volumeSize, reason: read.reason)
        }
        return Stored(
            root: files.root, disk: read.disk, bytes: files.bytes, volumeSize: read.volumeSize, isRoot: files.isCertain)
    }

    private func intake(_ writer: StoreWriter) -> DiskIntake {
        DiskIntake(into: writer, folder: region.blockFolder, environment: environment)
    }
}
