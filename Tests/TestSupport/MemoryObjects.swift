import Crypto
import ImageStore
import Model
import Synchronization

/// Objects in memory, for tests of what stands on objects.
package final class MemoryObjects: ObjectWriter {
    private let objects = Mutex<[Digest: [UInt8]]>([:])

    package init() {}

    package func put(_ bytes: Span<UInt8>) throws(Failure) -> Digest {
        let digest = SHA256.digest(of: bytes)
        var copy: [UInt8] = []
        for index in bytes.indices { copy.append(bytes[index]) }
        objects.withLock { $0[digest] = copy }
        return digest
    }

    package func object(_ digest: Digest) throws(Failure) -> [UInt8] {
        guard let bytes = objects.withLock({ $0[digest] }) else {
            throw Failure(.corrupt, "the object \(digest.short) is missing")
        }
        return bytes
    }

    package func contains(_ digest: Digest) -> Bool { objects.withLock { $0[digest] != nil } }

    package var count: Int { objects.withLock { $0.count } }
}
