import Crypto
import Model
import Records
import SQLite

// ImportImage, ImportSnapshot, ExportImage, and what is asked about them. An action checks what can be checked at once and enters a task.
extension EmbeddedActions {
    package func importImage(_ new: ImageImport, tags: TagSet) throws(Failure) -> ConversionTask {
        guard 1...ImageImport.mostDisks ~= new.disks.count else {
            throw Failure(
                PlaneError(.invalidParameter, "An image is imported of 1 to \(ImageImport.mostDisks) disks."))
        }
        let devices = new.disks.compactMap(\.device)
        guard Set(devices).count == devices.count else {
            // No known text.
            throw Failure(PlaneError(.invalidParameter, "Two disks of an image can't have the same device name."))
        }
        var encrypted: SnapshotRecord?
        for disk in new.disks {
            if let snapshot = try check(disk), snapshot.isEncrypted { encrypted = encrypted ?? snapshot }
        }
        let id: ResourceID<ImportImageTaskKind> = try region.newID()
        return try enter(
            id, .importImage, .image(new), token: new.clientToken, key: try key(new.isEncrypted, new.key, of: encrypted),
            disks: new.disks.map { ConvertedDisk(device: $0.device) }, tags)
    }

    package func importSnapshot(_ new: SnapshotImport, tags: TagSet) throws(Failure) -> ConversionTask {
        guard new.disk.format != .tar else {
            throw Failure(PlaneError(.invalidFormat, "A snapshot is imported of a disk, and an archive of files is none."))
        }
        let source = try check(new.disk)
        let id: ResourceID<ImportSnapshotTaskKind> = try region.newID()
        return try enter(
            id, .importSnapshot, .snapshot(new), token: new.clientToken, key: try key(new.isEncrypted, new.key, of: source),
            disks: [ConvertedDisk()], tags)
    }

    package func exportImage(_ new: ImageExport, tags: TagSet) throws(Failure) -> ConversionTask {
        guard plane.buckets?.has(new.bucket) ?? false else { throw Failure(.noBucket(new.bucket)) }
        let id: ResourceID<ExportImageTaskKind> = try region.newID()
        guard new.object(of: id.description) != nil else {
            throw Failure(PlaneError(.invalidParameter, "The S3 prefix \(new.prefix ?? "") is not valid."))
        }
        _ = try region.database.read("look up the image \(new.image)") { try exported(new.image, $0) }
        return try enter(id, .exportImage, .export(new), token: new.clientToken, key: nil, disks: [], tags)
    }

    /// The image with the snapshot that holds its root, and the tree of its disk where it was written by blocks. Only the owner exports, and
    /// nothing that others have a right on.
    func exported(_ id: ImageID, _ session: Session) throws -> ExportedImage {
        let image = try existing(id, session)
        let access = image.access(isExcluded: false)
        guard access.isVisible(to: caller) else { throw Failure(.notFound(images: [id])) }
        try access.refusal(toModify: caller).check()
        guard image.state == .available, let root = image.root else { throw Failure(.unavailable(id)) }
        guard image.products.isEmpty, image.machine.billingProducts.isEmpty else {
            throw Failure(PlaneError(.unsupportedOperation, "Images with product codes can't be exported."))
        }
        guard let mapping = image.volumes.first(where: { $0.deviceName == image.rootDeviceName }),
            let snapshot = try mapping.snapshot.flatMap({ try session.snapshot($0) })
        else { return ExportedImage(image: image, root: root, disk: nil, volumeSize: 0) }
        // A bucket would hold it in the clear.
        guard !snapshot.isEncrypted else {
            throw Failure(PlaneError(.unsupportedOperation, "Images with encrypted snapshots can't be exported."))
        }
        return ExportedImage(
            image: image, root: root, disk: try session.disk(of: snapshot.id), volumeSize: mapping.volume.size)
    }

    // MARK: Tasks

    package func conversions(_ kind: ConversionTask.Kind) throws(Failure) -> [ConversionTask] {
        let account = try account
        return try read("list the imports and exports of \(region.name)") { session in
            try session.conversions("owner = ? AND kind = ?", account, kind.rawValue)
        }
    }

    package func cancelConversion(_ id: String) throws(Failure) -> (before: ConversionTask.Status, task: ConversionTask) {
        let account = try account
        let result = try write("cancel \(id)") { session in
            guard let task = try session.conversions("id = ? AND owner = ?", id, account).first else {
                throw Failure(.notFound(conversion: id))
            }
            guard !task.status.isOver else {
                throw Failure(PlaneError(.incorrectState, "The task \(id) is \(task.status.rawValue) and cannot be cancelled."))
            }
            // What nobody carries out ends at once, else who does sees it.
            try session.run(
                """
                UPDATE conversion_tasks SET status = CASE WHEN holder IS NULL THEN 'deleted' ELSE 'deleting' END, message = ?,
                    updated = ? WHERE id = ?
                """, EmbeddedRegion.cancelled, now, id)
            guard let now = try session.conversions("id = ?", id).first else { throw Failure(.notFound(conversion: id)) }
            return (before: task.status, task: now)
        }
        plane.converter?.cancelled(id)
        return result
    }

    /// `check` looks at what must be so when the task is entered.
    func enter<Kind: ResourceKind>(
        _ id: ResourceID<Kind>, _ kind: ConversionTask.Kind, _ request: ConversionRequest, token: String?, key: KeyARN?,
        disks: [ConvertedDisk], _ tags: TagSet, check: (Session) throws -> Void = { _ in }
    ) throws(Failure) -> ConversionTask {
        let account = try account
        let task = ConversionTask(
            id: id.description, kind: kind, owner: account, status: .active, message: "pending", progress: 0, request: request,
            image: nil, disks: disks, key: key, tags: tags, created: now,
            updated: now)
        let entered = try write("enter \(id)") { session in
            let over = "created < ? AND status IN ('completed', 'deleted')"
            let end = now - ConversionCatalogue.life
            try session.run("DELETE FROM tags WHERE resource IN (SELECT id FROM conversion_tasks WHERE \(over))", end)
            try session.run("DELETE FROM conversion_tasks WHERE \(over)", end)
            let made = try once(kind.rawValue, token: token, request: request, session) {
                try check(session)
                try session.enter(task)
                return id
            }
            guard let known = try session.conversions("id = ?", made.description).first else {
                throw Failure(.notFound(conversion: made.description))
            }
            return known
        }
        plane.converter?.added(entered.id, in: region.name)
        return entered
    }

    // MARK: What is asked for

    /// The snapshot, where it is one.
    private func check(_ disk: DiskContainer) throws(Failure) -> SnapshotRecord? {
        switch disk.source {
        case .object(let object):
            guard plane.buckets?.has(object.bucket) ?? false else { throw Failure(.noBucket(object.bucket)) }
            return nil
        case .snapshot(let id): return try region.database.read("look up the snapshot \(id)") { try imported(id, $0) }
        }
    }

    /// A snapshot that an image is imported of, as the caller may use it.
    func imported(_ id: SnapshotID, _ session: Session) throws -> SnapshotRecord {
        let snapshot = try visibleSnapshot(id, session).asOf(now)
        try snapshot.checkReadable()
        guard try access(to: snapshot, session).use(by: caller) == .allowed else { throw Failure(.closedKey(of: id)) }
        return snapshot
    }

    /// Of several encrypted snapshots the first one counts: what is encrypted never becomes open again.
    private func key(_ isEncrypted: Bool, _ key: String?, of snapshot: SnapshotRecord?) throws(Failure) -> KeyARN? {
        let place = try place(EncryptionWish(isEncrypted: isEncrypted, key: key), of: snapshot)
        if let failure = place.failure { throw Failure(PlaneError(.invalidParameterValue, failure.message)) }
        return place.key
    }
}

/// What an export writes.
package struct ExportedImage: Sendable {
    let image: ImageRecord
    /// The files.
    let root: Digest
    /// The tree of the very bytes of its root disk; nil where that was made of files.
    let disk: Digest?
    /// GiB; 0 where the image does not say.
    let volumeSize: Int
}

extension EmbeddedRegion {
    package func exported(_ image: ImageRecord) throws(Failure) -> ExportedImage {
        guard let root = image.root else {
            throw Failure(.conflict, "the image \(image.id) is \(image.state) and has no content")
        }
        let mapping = image.rootVolume
        let disk = try mapping?.snapshot.flatMap { (id) throws(Failure) in
            try database.read("look up the snapshot \(id)") { try $0.disk(of: id) }
        }
        return ExportedImage(image: image, root: root, disk: disk, volumeSize: mapping?.volume.size ?? 0)
    }
}

extension ImageExport {
    /// Where the disk goes; nil where S3 would have no such object.
    func object(of task: String) -> ObjectPlace? {
        ObjectPlace(bucket: bucket, key: "\(prefix ?? "")\(task).\(format.rawValue.lowercased())")
    }
}
