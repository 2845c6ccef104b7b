import Crypto
import ImageStore
import Model
import Synchronization

/// Digests of file contents by other algorithms than the store's own, each computed once. May be used by several threads.
package final class ContentDigests: Sendable {
    private struct Key: Hashable {
        let blob: Digest
        let algorithm: FileDigest.Algorithm
    }

    private let known = Mutex<[Key: String]>([:])

    package init() {}

    /// Lower-case hexadecimal digits. A SHA-256 of a file that is one object is its name in the store, and nothing is read.
    package func hex(
        of content: FileContent, _ algorithm: FileDigest.Algorithm, in objects: any ObjectReader
    ) throws(Failure) -> String {
        if algorithm == .sha256, case .whole(let digest) = content.form { return digest.hex }
        let key = Key(blob: content.digest, algorithm: algorithm)
        if let hex = known.withLock({ $0[key] }) { return hex }
        var hasher = FileDigest(algorithm)
        for extent in try content.extents(from: objects) {
            if let bytes = try extent.data(from: objects) { hasher.update(bytes) } else { Self.zeros(extent.length, &hasher) }
        }
        let hex = hasher.finish()
        known.withLock { $0[key] = hex }
        return hex
    }

    /// For bytes that are in memory already: takes them instead of reading the file again.
    package func hex(of content: FileContent, _ algorithm: FileDigest.Algorithm, bytes: [UInt8]) -> String {
        if algorithm == .sha256, case .whole(let digest) = content.form { return digest.hex }
        let key = Key(blob: content.digest, algorithm: algorithm)
        if let hex = known.withLock({ $0[key] }) { return hex }
        var hasher = FileDigest(algorithm)
        hasher.update(bytes)
        let hex = hasher.finish()
        known.withLock { $0[key] = hex }
        return hex
    }

    private static func zeros(_ count: UInt64, _ hasher: inout FileDigest) {
        let block = [UInt8](repeating: 0, count: 1 << 16)
        var left = count
        while left > 0 {
            let next = min(left, UInt64(block.count))
            hasher.update(next == block.count ? block : [UInt8](repeating: 0, count: Int(next)))
            left -= next
        }
    }
}
