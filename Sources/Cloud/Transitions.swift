import Crypto
import ImageStore
import Model
import Platform
import Records
import SQLite

// What happens to an image after it was registered. The table of states is `ImageState.successors`.
extension EmbeddedRegion {
    package func markAvailable(
        _ id: ImageID, root: Digest, disk: Digest?, logicalSize: Int64, at instant: Instant
    ) throws(Failure) -> ImageRecord {
        let image = try image(id)
        let leases = try [root, disk].compactMap(\.self).map { (tree) throws(Failure) in try bring(tree, to: image) }
        defer { withExtendedLifetime(leases) {} }
        // A disabled image becomes available again by `enable`, with the content that it has.
        return try move(id, from: [.pending], to: .available) { session in
            try session.run("UPDATE images SET root = ?, logical_size = ? WHERE id = ?", root, logicalSize, id)
            try session.run(
                """
                UPDATE snapshots SET state = 'completed', progress = 100, completed = ?, root = ?, logical_size = ?
                WHERE id IN (SELECT snapshot FROM volumes WHERE image = ?)
                """,
                instant, root, logicalSize, id)
            if let disk, let snapshot = image.rootVolume?.snapshot {
                try session.setDisk(disk, of: snapshot)
            }
        }
    }

    /// What an encrypted image is made of goes into the store of its key, if it is not there yet, and is durable when this returns.
    private func bring(_ root: Digest, to image: ImageRecord) throws(Failure) -> StoreWriter? {
        guard let key = image.key else { return nil }
        let writer = try StoreWriter(try store(under: key))
        if !writer.holds(root) {
            _ = try Transfer(from: try store, to: writer).run(root)
            try writer.publish()
        }
        return writer
    }

    package func markFailed(_ id: ImageID, reason: String, at instant: Instant) throws(Failure) -> ImageRecord {
        try move(id, to: .failed) { session in
            try session.run("UPDATE images SET failure = ? WHERE id = ?", reason, id)
            try session.run(
                "UPDATE snapshots SET state = 'error', completed = ? WHERE id IN (SELECT snapshot FROM volumes WHERE image = ?)",
                instant, id)
        }
    }

    package func disable(_ id: ImageID) throws(Failure) -> ImageRecord {
        try move(id, to: .disabled) { session in
            try session.run("DELETE FROM launch_permissions WHERE image = ?", id)
        }
    }

    package func enable(_ id: ImageID) throws(Failure) -> ImageRecord { try move(id, from: [.disabled], to: .available) { _ in } }

    @discardableResult
    package func deregister(_ id: ImageID, deletingSnapshots: Bool) throws(Failure) -> [SnapshotID] {
        try database.write("deregister the image \(id)") { session in
            let image = try session.image(id, in: name)
            _ = try image.state.moved(to: .deregistered, of: id.description)
            try session.deregister(image, recycled: nil)
            guard deletingSnapshots else { return [] }
            let now = Instant(seconds: environment.seconds)
            return try image.volumes.compactMap(\.snapshot).filter { snapshot in
                try session.deleteSnapshot(snapshot, under: [], at: now)
            }
        }
    }

    package func emptyRecycleBin(at instant: Instant) throws(Failure) {
        try database.write("empty the Recycle Bin of \(name)") { try $0.emptyRecycleBin(at: instant) }
    }

    /// Runs `change`, then moves the image, in one transaction; refuses what the table of states does not have.
    private func move(
        _ id: ImageID, from allowed: Set<ImageState>? = nil, to next: ImageState, _ change: (Session) throws -> Void
    ) throws(Failure) -> ImageRecord {
        try database.write("change the image \(id)") { session in
            let before = try session.image(id, in: name)
            if let allowed, !allowed.contains(before.state) {
                throw Failure(.conflict, "the image \(id) is \(before.state) and cannot become \(next.rawValue) in this way")
            }
            let state = try before.state.moved(to: next, of: id.description)
            try change(session)
            try session.run("UPDATE images SET state = ? WHERE id = ?", state.rawValue, id)
            return try session.image(id, in: name)
        }
    }
}

// Tags.
extension EmbeddedRegion {
    package func tag(_ resource: TaggedResource, with tags: TagSet) throws(Failure) {
        try changeTags(of: resource) { old throws(Failure) in try old.merging(tags) }
    }

    package func untag(_ resource: TaggedResource, keys: [String]) throws(Failure) {
        try changeTags(of: resource) { old in old.removing(keys) }
    }

    private func changeTags(of resource: TaggedResource, _ change: (TagSet) throws(Failure) -> TagSet) throws(Failure) {
        try database.write("tag \(resource)") { session in
            switch resource {
            case .image(let id): _ = try session.image(id, in: name)
            case .snapshot(let id):
                guard try session.snapshot(id) != nil else {
                    throw Failure(.notFound, "there is no snapshot \(id) in \(name)")
                }
            case .volume(let id):
                guard try session.first("SELECT 1 AS one FROM ebs_volumes WHERE id = ?", id, read: { _ in true }) != nil else {
                    throw Failure(.notFound, "there is no volume \(id) in \(name)")
                }
            case .owned(_, let id): throw Failure(.usage, "\(id) belongs to an account, which alone can tag it")
            }
            try session.setTags(change(session.tags(of: resource.description)), of: resource.description)
        }
    }
}
