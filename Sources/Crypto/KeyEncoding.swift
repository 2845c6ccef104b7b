import CCrypto

/// Pairs of keys in the forms that libcrypto's encoders write.
enum KeyEncoding {
    /// `structure` is `PrivateKeyInfo` for PKCS #8, `type-specific` for PKCS #1 of RSA; `form` is `PEM` or `DER`. Empty where the key has no
    /// such form.
    static func bytes(of key: OpaquePointer, structure: String, form: String) -> [UInt8] {
        // libcrypto keeps the addresses of both names.
        unsafe structure.withCString { structure in
            unsafe form.withCString { form in unsafe bytes(key, structure, form) }
        }
    }

    private static func bytes(
        _ key: OpaquePointer, _ structure: UnsafePointer<CChar>, _ form: UnsafePointer<CChar>
    ) -> [UInt8] {
        let made = unsafe OSSL_ENCODER_CTX_new_for_pkey(key, ccrypto_key_pair, form, structure, nil)
        guard let context = unsafe made else { return [] }
        defer { unsafe OSSL_ENCODER_CTX_free(context) }
        var bytes: UnsafeMutablePointer<UInt8>?
        var count = 0
        guard unsafe OSSL_ENCODER_to_data(context, &bytes, &count) == 1, let start = unsafe bytes else { return [] }
        defer { unsafe CRYPTO_clear_free(start, count, nil, 0) }
        return unsafe Array(UnsafeBufferPointer(start: start, count: count))
    }
}
