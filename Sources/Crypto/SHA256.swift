import CCrypto

/// SHA-256 (FIPS 180-4) over a stream of bytes, by libcrypto.
@safe
package struct SHA256: ~Copyable {
    private let context: OpaquePointer

    package init() {
        guard let context = unsafe EVP_MD_CTX_new() else { fatalError("libcrypto: no memory for a digest context") }
        unsafe self.context = context
        reset()
    }

    deinit { unsafe EVP_MD_CTX_free(context) }

    private func reset() {
        precondition(unsafe EVP_DigestInit_ex(context, Self.algorithm, nil) == 1, "libcrypto has no SHA-256")
    }

    /// Fetched once: looking an algorithm up costs more than hashing a small file.
    nonisolated(unsafe) private static let algorithm: OpaquePointer? = {
        // The system's openssl.cnf has no say in what a digest is, and reading it costs a millisecond at each start.
        _ = OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_LOAD_CONFIG), nil)
        return unsafe EVP_MD_fetch(nil, "SHA256", nil)
    }()

    package mutating func update(_ bytes: Span<UInt8>) {
        let done = unsafe bytes.withUnsafeBufferPointer { unsafe EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
        precondition(done == 1, "libcrypto refused SHA-256 input")
    }

    package mutating func update(_ bytes: [UInt8]) { update(bytes.span) }

    package mutating func update(_ text: String) { update(Array(text.utf8)) }

    /// The digest of all that came so far; the hasher starts afresh.
    package mutating func finish() -> Digest {
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        let done = unsafe withUnsafeMutableBytes(of: &words) {
            unsafe EVP_DigestFinal_ex(context, $0.baseAddress?.assumingMemoryBound(to: UInt8.self), nil)
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
