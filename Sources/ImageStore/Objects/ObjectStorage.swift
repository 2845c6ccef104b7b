import Crypto
import Model

/// Reads objects by the SHA-256 of their bytes. What comes back has been verified.
package protocol ObjectReader: AnyObject, Sendable {
    /// The object's bytes. `Failure(.corrupt)` where it is missing or damaged: a digest in hand is a promise.
    func object(_ digest: Digest) throws(Failure) -> [UInt8]
    func contains(_ digest: Digest) -> Bool
    /// The same objects, for a thread that reads many of them: what readers of a store share is touched seldom.
    func forOneThread() -> any ObjectReader
}

extension ObjectReader {
    package func forOneThread() -> any ObjectReader { self }
}

/// Takes objects. They are durable only once the writer's `publish` has returned.
package protocol ObjectWriter: ObjectReader {
    @discardableResult
    func put(_ bytes: Span<UInt8>) throws(Failure) -> Digest
}

extension ObjectWriter {
    @discardableResult
    package func put(_ bytes: [UInt8]) throws(Failure) -> Digest { try put(bytes.span) }
}
