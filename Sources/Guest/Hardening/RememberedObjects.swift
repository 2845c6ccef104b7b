import Crypto
import ImageStore
import Model
import Synchronization

/// Objects with the small ones among them kept in memory, up to a limit.
final class RememberedObjects: ObjectReader {
    private let base: any ObjectReader
    private let kept = Mutex<(objects: [Digest: [UInt8]], size: Int)>(([:], 0))

    private static let largest = 1 << 20
    private static let capacity = 32 << 20

    init(_ base: any ObjectReader) { self.base = base }

    func object(_ digest: Digest) throws(Failure) -> [UInt8] {
        if let known = kept.withLock({ $0.objects[digest] }) { return known }
        let bytes = try base.object(digest)
        kept.withLock {
            guard bytes.count <= Self.largest, $0.size + bytes.count <= Self.capacity else { return }
            if $0.objects.updateValue(bytes, forKey: digest) == nil { $0.size += bytes.count }
        }
        return bytes
    }

    func contains(_ digest: Digest) -> Bool { base.contains(digest) }
}
