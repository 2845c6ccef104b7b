import Crypto
import ImageStore
import Model
import Platform
import Records
import SQLite
import Sandbox

// StartSnapshot, PutSnapshotBlock and CompleteSnapshot.
//
// Blocks go into a file of the region; a row names each with its digest. CompleteSnapshot reads them all again, so that whatever a crash
// took away is seen, keeps the very bytes in the store, and reads the root file system of the disk into a tree (`DiskImport`): that is what
// images of the snapshot hold. A disk without one that can be read is a tree with the one file `disk.raw`.
extension EmbeddedActions {
    func startSnapshot(_ new: SnapshotStart) throws(Failure) -> SnapshotRecord {
        let account = try account
        guard SnapshotBlocks.volumeSizes ~= new.volumeSize else {
            throw Failure(PlaneError(.invalidVolumeSize, "The volume size must be from 1 to 16384 GiB."))
        }
        let timeout = new.timeout ?? SnapshotBlocks.usualTimeout
        guard SnapshotBlocks.timeouts ~= timeout else {
            throw Failure(PlaneError(.invalidParameterValue, "The timeout must be from 10 to 4320 minutes."))
        }
        let id: SnapshotID = try region.newID()
        let parent = try new.parent.map { (id) throws(Failure) in
            try region.database.read("look up the snapshot \(id)") { try visibleSnapshot(id, $0) }
        }
        let place = try place(EncryptionWish(isEncrypted: new.isEncrypted, key: new.key), of: parent)
        if place.failure != nil { throw Failure(.closedKey(of: id)) }
        return try write("start a snapshot") { session in
            let made = try once("StartSnapshot", token: new.clientToken, request: new, session) {
                try enter(id, new, place, timeout, account, session)
                return id
            }
            return try visibleSnapshot(made, session)
        }
    }

    private func enter(
        _ id: SnapshotID, _ new: SnapshotStart, _ place: EncryptionPlace, _ timeout: Int, _ owner: AccountID, _ session: Session
    ) throws {
        try checkSnapshotRoom(session)
        if let parent = new.parent {
            let snapshot = try visibleSnapshot(parent, session).asOf(now)
            try snapshot.refusal(toModify: caller).check()
            try snapshot.checkReadable()
            guard snapshot.volumeSize <= new.volumeSize else {
                throw Failure(PlaneError(.invalidVolumeSize, "The volume size is smaller than that of the parent snapshot."))
            }
        }
        var snapshot = SnapshotRecord(
            id: id, state: .pending, description: new.description, root: nil, logicalSize: 0, progress: 0, started: now,
            completed: nil, owner: owner, volumeSize: new.volumeSize, isEncrypted: place != .open, tags: new.tags)
        snapshot.key = place.key
        snapshot.parent = new.parent
        try session.enter(snapshot)
        try session.run(
            "INSERT INTO block_writes VALUES (?, ?, ?)", id, timeout, now + .minutes(Int64(timeout)))
    }

    func putSnapshotBlock(_ bytes: [UInt8], at index: Int, of id: SnapshotID) throws(Failure) {
        try endStaleWrites()
        let snapshot = try read("look up the snapshot \(id)") { try writtenSnapshot(id, $0) }
        guard bytes.count == SnapshotBlocks.size, 0..<snapshot.volumeSize * SnapshotBlocks.perGiB ~= index else {
            throw Failure(PlaneError(.invalidBlock, "The block \(index) is none of a volume of \(snapshot.volumeSize) GiB."))
        }
        do throws(SystemError) {
            try Files.makeFolders(region.blockFolder, permissions: 0o700)
            let file = try FileDescriptor.open(region.blockFile(of: id), .readWrite, permissions: 0o600)
            try file.write(bytes.span, at: index * SnapshotBlocks.size)
        } catch { throw Failure(.io, "block \(index) of \(id) cannot be written", cause: error) }
        try write("note block \(index) of \(id)") { session in
            _ = try writtenSnapshot(id, session)
            try session.run(
                """
                INSERT INTO written_blocks VALUES (?, ?, ?)
                ON CONFLICT (snapshot, position) DO UPDATE SET digest = excluded.digest
                """, id, index, SHA256.digest(of: bytes))
            try session.run(
                "UPDATE block_writes SET deadline = ? + timeout * 60 WHERE snapshot = ?", now, id)
        }
    }

    func completeSnapshot(_ id: SnapshotID, count: Int, checksum: Digest?) throws(Failure) {
        try endStaleWrites()
        let (snapshot, blocks) = try read("look up the snapshot \(id)") { session in
            (try writtenSnapshot(id, session), try session.writtenBlocks(of: id))
        }
        guard blocks.count == count else {
            throw Failure(
                PlaneError(.invalidParameterValue, "\(blocks.count) blocks were written, and ChangedBlocksCount is \(count)."))
        }
        let whole = SHA256.digest(of: blocks.flatMap(\.digest.bytes))
        guard checksum == nil || checksum == whole else {
            throw Failure(PlaneError(.invalidParameterValue, "The checksum is not that of the blocks that were written."))
        }
        let writer = try StoreWriter(try region.store(under: snapshot.key))
        defer { withExtendedLifetime(writer) {} }
        let content = try store(snapshot, blocks, in: writer)
        try writer.publish()
        try write("complete the snapshot \(id)") { session in
            _ = try writtenSnapshot(id, session)
            try session.setDisk(content.disk, of: id)
            try session.run(
                """
                UPDATE snapshots SET state = 'completed', root = ?, logical_size = ?, progress = 100, completed = ? WHERE id = ?
                """, content.root, Int64(clamping: content.bytes), now, id)
            try session.run("DELETE FROM block_writes WHERE snapshot = ?", id)
        }
        try? Files.remove(region.blockFile(of: id))
    }

    /// The caller's own snapshot that is being written.
    private func writtenSnapshot(_ id: SnapshotID, _ session: Session) throws -> SnapshotRecord {
        let snapshot = try visibleSnapshot(id, session)
        try snapshot.refusal(toModify: caller).check()
        let isWritten = try session.first("SELECT 1 AS one FROM block_writes WHERE snapshot = ?", id) { _ in true } ?? false
        guard snapshot.state == .pending, isWritten else {
            throw Failure(PlaneError(.incorrectState, "The snapshot \(id) is not in the pending state."))
        }
        return snapshot
    }

    private func endStaleWrites() throws(Failure) {
        // A row is there before its file, so a file that is seen now and has no row afterwards belongs to nobody.
        let files = Files.names(in: region.blockFolder)
        let written = try region.database.write("give up snapshots that nobody writes") { try $0.endStaleWrites(at: now) }
        for file in files where !written.contains(file) { try? Files.remove("\(region.blockFolder)/\(file)") }
    }

    // MARK: Content

    /// The disk and the tree of its files, both in the store.
    private func store(
        _ snapshot: SnapshotRecord, _ blocks: [(index: Int, digest: Digest)], in writer: StoreWriter
    ) throws(Failure) -> (disk: Digest, root: Digest, bytes: UInt64) {
        let parent = try snapshot.parent.map { id throws(Failure) -> BlockImage in
            let (record, disk) = try region.database.read("look up the snapshot \(id)") { session in
                (try visibleSnapshot(id, session), try session.disk(of: id))
            }
            return try region.blockImage(of: record, disk: disk)
        }
        let put = Dictionary(uniqueKeysWithValues: blocks.map { ($0.index, $0.digest) })
        let editor = try TreeEditor(root: nil, in: writer, date: 0)
        let count = snapshot.volumeSize * SnapshotBlocks.perGiB
        // The same bytes as a file, for libext2fs.
        let whole = try BlockImage.file(in: region.blockFolder)
        // Where the host has no files of that size, the disk is kept without a look into it.
        let isWhole = (try? whole.truncate(to: count * SnapshotBlocks.size)) != nil
        let content = try editor.store { chunker throws(Failure) in
            var position = 0
            for index in Set(put.keys).union(parent?.indexes ?? []).sorted() {
                let block = try block(index, put[index], of: snapshot.id, parent)
                try chunker.appendHole(UInt64((index - position) * SnapshotBlocks.size))
                try chunker.append(block.span)
                position = index + 1
                do throws(SystemError) { try whole.write(block.span, at: index * SnapshotBlocks.size) } catch {
                    throw Failure(.io, "the disk of \(snapshot.id) cannot be written", cause: error)
                }
            }
            try chunker.appendHole(UInt64((count - position) * SnapshotBlocks.size))
        }
        try editor.write(content, to: try TreePath(parsing: "/\(EmbeddedRegion.diskName)"))
        let disk = try editor.finish()
        guard isWhole else { return (disk, disk, content.size) }
        do throws(Failure) {
            let read = try DiskImport(whole.path, into: writer, environment: plane.environment).run()
            return (disk, read.root, read.bytes)
        } catch {
            guard error.code == .invalid else { throw error }
            return (disk, disk, content.size)
        }
    }

    /// A block that was put, else the parent's.
    private func block(
        _ index: Int, _ digest: Digest?, of id: SnapshotID, _ parent: BlockImage?
    ) throws(Failure) -> [UInt8] {
        if digest == nil, let parent { return try parent.block(index) }
        var block = [UInt8](repeating: 0, count: SnapshotBlocks.size)
        do throws(SystemError) {
            let file = try FileDescriptor.open(region.blockFile(of: id), .read)
            _ = try file.read(into: &block, count: block.count, at: index * SnapshotBlocks.size)
        } catch { throw Failure(.io, "block \(index) of \(id) cannot be read", cause: error) }
        guard let digest, SHA256.digest(of: block) == digest else {
            throw Failure(
                PlaneError(.invalidBlock, "The block \(index) was lost before it was durable. Write it again."))
        }
        return block
    }
}
