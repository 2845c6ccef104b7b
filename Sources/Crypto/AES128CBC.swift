import CCrypto

/// AES-128 in CBC mode (NIST SP 800-38A) with padding after PKCS #7, over a stream of bytes, as bundles of images are encrypted. It does not
/// tell whether bytes were changed.
@safe
package struct AES128CBC: ~Copyable {
    /// Bytes of a key, and of the vector that a stream starts with.
    package static let size = 16

    private let context: OpaquePointer

    /// Key and vector have 16 bytes.
    package init(key: [UInt8], vector: [UInt8], encrypts: Bool) {
        precondition(key.count == Self.size && vector.count == Self.size, "a key or vector of the wrong size")
        precondition(Libcrypto.isReady, "libcrypto cannot be started")
        guard let context = unsafe EVP_CIPHER_CTX_new() else { fatalError("libcrypto: no memory for a cipher context") }
        let method = unsafe EVP_CIPHER_fetch(nil, "AES-128-CBC", nil)
        precondition(
            unsafe EVP_CipherInit_ex2(context, method, key, vector, encrypts ? 1 : 0, nil) == 1, "libcrypto has no AES-128-CBC")
        unsafe EVP_CIPHER_free(method)
        unsafe self.context = context
    }

    deinit { unsafe EVP_CIPHER_CTX_free(context) }

    /// What comes out for these bytes; the rest of a block waits for more.
    package mutating func update(_ bytes: [UInt8]) -> [UInt8] {
        if bytes.isEmpty { return [] }
        var result = [UInt8](repeating: 0, count: bytes.count + Self.size)
        var count: Int32 = 0
        precondition(
            unsafe EVP_CipherUpdate(context, &result, &count, bytes, Int32(bytes.count)) == 1,
            "libcrypto refused the input of a cipher")
        return Array(result.prefix(Int(count)))
    }

    /// The last bytes. Nil where a decrypted stream does not end as an encrypted one does.
    package mutating func finish() -> [UInt8]? {
        defer { ERR_clear_error() }
        var result = [UInt8](repeating: 0, count: 2 * Self.size)
        var count: Int32 = 0
        guard unsafe EVP_CipherFinal_ex(context, &result, &count) == 1 else { return nil }
        return Array(result.prefix(Int(count)))
    }
}
