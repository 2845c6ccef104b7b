import CCrypto

/// AES Key Wrap with Padding (RFC 5649), by libcrypto.
package enum AESKeyWrap {
    package static let keySize = 32

    /// What was wrapped under an AES-256 key. Nil where it was not, or was changed.
    package static func unwrapPadded(_ wrapped: [UInt8], key: [UInt8]) -> [UInt8]? {
        guard key.count == keySize, wrapped.count >= 16, wrapped.count % 8 == 0, wrapped.count <= 1 << 16, Libcrypto.isReady
        else {
            return nil
        }
        defer { ERR_clear_error() }
        guard let context = unsafe EVP_CIPHER_CTX_new() else { return nil }
        defer { unsafe EVP_CIPHER_CTX_free(context) }
        let method = unsafe EVP_CIPHER_fetch(nil, "AES-256-WRAP-PAD", nil)
        defer { unsafe EVP_CIPHER_free(method) }
        unsafe EVP_CIPHER_CTX_set_flags(context, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW)
        guard unsafe EVP_CipherInit_ex2(context, method, key, nil, 0, nil) == 1 else { return nil }
        var plain = [UInt8](repeating: 0, count: wrapped.count + 16)
        var count: Int32 = 0
        guard unsafe EVP_CipherUpdate(context, &plain, &count, wrapped, Int32(wrapped.count)) == 1 else { return nil }
        return Array(plain.prefix(Int(count)))
    }
}
