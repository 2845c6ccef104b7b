import CCrypto

/// SHA-256 (FIPS 180-4) over a stream of bytes, by libcrypto.
///
/// By its functions for this one algorithm: EVP loads a provider with a hundred others first, which takes longer than what a short
/// command hashes. Both run the same code.
package struct SHA256: ~Copyable {
    private var context = SHA256_CTX()

    package init() { reset() }

    private mutating func reset() { precondition(unsafe SHA256_Init(&context) == 1, "libcrypto has no SHA-256") }

    package mutating func update(_ bytes: Span<UInt8>) {
        let done = unsafe bytes.withUnsafeBufferPointer { unsafe SHA256_Update(&context, $0.baseAddress, $0.count) }
        precondition(done == 1, "libcrypto refused SHA-256 input")
    }

    package mutating func update(_ bytes: [UInt8]) { update(bytes.span) }

    package mutating func update(_ text: String) { update(Array(text.utf8)) }

    /// The digest of all that came so far; the hasher starts afresh.
    package mutating func finish() -> Digest {
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        let done = unsafe withUnsafeMutableBytes(of: &words) {
            unsafe SHA256_Final($0.baseAddress?.assumingMemoryBound(to: UInt8.self), &context)
        }
        precondition(done == 1, "libcrypto did not finish SHA-256")
        reset()
        return Digest(words: (words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian))
    }

    package static func digest(of bytes: [UInt8]) -> Digest { digest(of: bytes.span) }

    package static func digest(of text: String) -> Digest { digest(of: Array(text.utf8)) }

    package static func digest(of bytes: Span<UInt8>) -> Digest {
        var hasher = SHA256()
        hasher.update(bytes)
        return hasher.finish()
    }
}
