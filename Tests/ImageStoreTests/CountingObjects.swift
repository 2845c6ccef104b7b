import Crypto
import ImageStore
import Model
import Synchronization
import TestSupport

/// Objects in memory that remember what was read and written.
final class CountingObjects: ObjectWriter {
    private let objects = MemoryObjects()
    private let seen = Mutex((reads: [Digest](), writes: Set<Digest>()))

    func put(_ bytes: Span<UInt8>) throws(Failure) -> Digest {
        let digest = SHA256.digest(of: bytes)
        if !objects.contains(digest) { _ = seen.withLock { $0.writes.insert(digest) } }
        return try objects.put(bytes)
    }

    func object(_ digest: Digest) throws(Failure) -> [UInt8] {
        seen.withLock { $0.reads.append(digest) }
        return try objects.object(digest)
    }

    func contains(_ digest: Digest) -> Bool { objects.contains(digest) }

    /// The reads, and the number of new objects, since the last call.
    func take() -> (reads: Int, writes: Int) {
        seen.withLock { seen in
            defer { seen = ([], []) }
            return (seen.reads.count, seen.writes.count)
        }
    }
}
