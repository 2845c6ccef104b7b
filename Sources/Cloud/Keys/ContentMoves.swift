import Crypto
import ImageStore
import Model

/// Brings content to the stores of a region where new snapshots and volumes need it, and holds a lease on each of them, so that nothing
/// is collected before the catalogue names it.
final class ContentMoves {
    private let plane: EmbeddedPlane
    private let region: EmbeddedRegion
    private var writers: [KeyARN?: StoreWriter] = [:]

    init(_ plane: EmbeddedPlane, to region: EmbeddedRegion) {
        self.plane = plane
        self.region = region
    }

    /// The writer into the store of a key; a lease on it is held from the first time on.
    @discardableResult
    func writer(under key: KeyARN?) throws(Failure) -> StoreWriter {
        if let writer = writers[key] { return writer }
        let writer = try StoreWriter(try region.store(under: key))
        writers[key] = writer
        return writer
    }

    /// Decrypts and encrypts anew where the keys differ; within one store nothing moves.
    func move(_ root: Digest, from source: RegionName, under sourceKey: KeyARN?, to key: KeyARN?) throws(Failure) {
        let writer = try writer(under: key)
        if source == region.name && sourceKey == key { return }
        _ = try Transfer(from: try plane.open(source).store(under: sourceKey), to: writer).run(root)
    }

    /// The files of a disk and, where it has any of its own, its very bytes.
    func move(
        _ root: Digest, with disk: Digest?, from source: RegionName, under sourceKey: KeyARN?, to key: KeyARN?
    ) throws(Failure) {
        for content in Set([root, disk ?? root]) { try move(content, from: source, under: sourceKey, to: key) }
    }

    /// Makes all that was moved durable.
    func publish() throws(Failure) {
        for writer in writers.values { try writer.publish() }
    }
}
