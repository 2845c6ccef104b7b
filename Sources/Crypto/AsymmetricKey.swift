import CCrypto

/// A pair of keys of RSA or of an elliptic curve, or its public half, by libcrypto: signs and verifies digests, encrypts and decrypts.
@safe
package final class AsymmetricKey {
    /// What to make.
    package enum Kind: Hashable, Sendable, CaseIterable {
        case rsa2048, rsa3072, rsa4096
        case p256, p384, p521, secp256k1

        fileprivate var bits: Int32? {
            switch self {
            case .rsa2048: 2048
            case .rsa3072: 3072
            case .rsa4096: 4096
            default: nil
            }
        }

        fileprivate var curve: String {
            switch self {
            case .p256: "P-256"
            case .p384: "P-384"
            case .p521: "P-521"
            default: "secp256k1"
            }
        }
    }

    /// How a digest is signed.
    package enum Scheme: Hashable, Sendable {
        /// RSASSA-PKCS1-v1_5 (RFC 8017).
        case pkcs1
        /// RSASSA-PSS (RFC 8017), with MGF1 of the same digest and a salt of its size.
        case pss
        /// ECDSA (FIPS 186-5); the signature in DER.
        case ecdsa
    }

    let key: OpaquePointer

    deinit { unsafe EVP_PKEY_free(key) }

    /// Makes a new pair. Nil where libcrypto gives none.
    package init?(making kind: Kind) {
        precondition(Libcrypto.isReady, "libcrypto cannot be started")
        guard let context = unsafe EVP_PKEY_CTX_new_from_name(nil, kind.bits == nil ? "EC" : "RSA", nil) else { return nil }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        guard unsafe EVP_PKEY_keygen_init(context) == 1 else { return nil }
        if let bits = kind.bits {
            guard unsafe EVP_PKEY_CTX_set_rsa_keygen_bits(context, bits) == 1 else { return nil }
        } else {
            guard unsafe EVP_PKEY_CTX_set_group_name(context, kind.curve) == 1 else { return nil }
        }
        var made: OpaquePointer?
        guard unsafe EVP_PKEY_generate(context, &made) == 1, let key = unsafe made else { return nil }
        unsafe self.key = key
    }

    /// The pair in PKCS #8, in DER. Nil where the bytes are none.
    package init?(privateKeyInfo der: [UInt8]) {
        let parsed = unsafe Self.parse(der) { start, count in unsafe d2i_AutoPrivateKey(nil, &start, count) }
        guard let parsed = unsafe parsed else { return nil }
        unsafe key = parsed
    }

    /// A public key as a SubjectPublicKeyInfo (RFC 5280), in DER. Nil where the bytes are none.
    package init?(subjectPublicKeyInfo der: [UInt8]) {
        let parsed = unsafe Self.parse(der) { start, count in unsafe d2i_PUBKEY(nil, &start, count) }
        guard let parsed = unsafe parsed else { return nil }
        unsafe key = parsed
    }

    private static func parse(
        _ der: [UInt8], _ read: (inout UnsafePointer<UInt8>?, Int) -> OpaquePointer?
    ) -> OpaquePointer? {
        precondition(Libcrypto.isReady, "libcrypto cannot be started")
        defer { ERR_clear_error() }
        return unsafe der.withUnsafeBufferPointer { buffer in
            var position = buffer.baseAddress
            let start = unsafe position
            guard let key = unsafe read(&position, buffer.count) else { return nil }
            // Bytes behind it are no part of it.
            guard let start = unsafe start, let end = unsafe position, unsafe end - start == buffer.count else {
                unsafe EVP_PKEY_free(key)
                return nil
            }
            return unsafe key
        }
    }

    // MARK: Encoding

    /// PKCS #8 in DER: a secret. Empty where this is a public key alone.
    package var privateKeyInfo: [UInt8] {
        unsafe KeyEncoding.bytes(of: key, structure: "PrivateKeyInfo", form: "DER")
    }

    /// The public half, as a SubjectPublicKeyInfo in DER.
    package var subjectPublicKeyInfo: [UInt8] {
        var bytes: UnsafeMutablePointer<UInt8>?
        let count = Int(unsafe i2d_PUBKEY(key, &bytes))
        guard count > 0, let start = unsafe bytes else { return [] }
        defer { unsafe CRYPTO_free(start, nil, 0) }
        return unsafe Array(UnsafeBufferPointer(start: start, count: count))
    }
}

// What a pair is that somebody else made.
extension AsymmetricKey {
    /// Whether it is a pair of that kind whose halves fit together.
    package func isPair(of kind: Kind) -> Bool {
        defer { ERR_clear_error() }
        guard let context = unsafe EVP_PKEY_CTX_new(key, nil) else { return false }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        guard unsafe EVP_PKEY_check(context) == 1 else { return false }
        if let bits = kind.bits { return unsafe EVP_PKEY_is_a(key, "RSA") == 1 && EVP_PKEY_get_bits(key) == bits }
        var name = [CChar](repeating: 0, count: 64)
        var count = 0
        guard unsafe EVP_PKEY_get_group_name(key, &name, name.count, &count) == 1 else { return false }
        let group = String(decoding: name.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return group == (kind == .p256 ? "prime256v1" : kind == .p384 ? "secp384r1" : kind == .p521 ? "secp521r1" : "secp256k1")
    }
}

// Signatures.
extension AsymmetricKey {
    /// The signature of a digest of that size; nil where the key cannot make it.
    package func signature(ofDigest digest: [UInt8], _ hash: SHA2, _ scheme: Scheme) -> [UInt8]? {
        defer { ERR_clear_error() }
        guard digest.count == hash.byteCount, let context = unsafe EVP_PKEY_CTX_new(key, nil) else { return nil }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        guard unsafe EVP_PKEY_sign_init(context) == 1, unsafe Self.prepare(context, hash, scheme) else { return nil }
        var count = 0
        guard unsafe EVP_PKEY_sign(context, nil, &count, digest, digest.count) == 1 else { return nil }
        var signature = [UInt8](repeating: 0, count: count)
        guard unsafe EVP_PKEY_sign(context, &signature, &count, digest, digest.count) == 1 else { return nil }
        return Array(signature.prefix(count))
    }

    package func verifies(_ signature: [UInt8], ofDigest digest: [UInt8], _ hash: SHA2, _ scheme: Scheme) -> Bool {
        defer { ERR_clear_error() }
        guard digest.count == hash.byteCount, let context = unsafe EVP_PKEY_CTX_new(key, nil) else { return false }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        guard unsafe EVP_PKEY_verify_init(context) == 1, unsafe Self.prepare(context, hash, scheme) else { return false }
        return unsafe EVP_PKEY_verify(context, signature, signature.count, digest, digest.count) == 1
    }

    private static func prepare(_ context: OpaquePointer, _ hash: SHA2, _ scheme: Scheme) -> Bool {
        if scheme != .ecdsa {
            let padding = scheme == .pss ? RSA_PKCS1_PSS_PADDING : RSA_PKCS1_PADDING
            guard unsafe EVP_PKEY_CTX_set_rsa_padding(context, padding) == 1 else { return false }
        }
        guard unsafe EVP_PKEY_CTX_set_signature_md(context, hash.method) == 1 else { return false }
        return scheme != .pss || (unsafe EVP_PKEY_CTX_set_rsa_pss_saltlen(context, Int32(hash.byteCount))) == 1
    }
}

// Encryption with RSA (RFC 8017).
extension AsymmetricKey {
    package enum Padding: Sendable {
        /// RSAES-OAEP, with MGF1 of the same digest.
        case sha1, sha256
        /// RSAES-PKCS1-v1_5. Whoever learns whether a message was well padded can decrypt others: say nothing of it.
        case pkcs1

        fileprivate var method: OpaquePointer? {
            switch self {
            case .sha1: unsafe EVP_sha1()
            case .sha256: unsafe EVP_sha256()
            case .pkcs1: nil
            }
        }
    }

    /// Nil where the message is too long for the key, or the key is none of RSA.
    package func encrypt(_ plain: [UInt8], _ padding: Padding) -> [UInt8]? {
        defer { ERR_clear_error() }
        guard let context = unsafe EVP_PKEY_CTX_new(key, nil) else { return nil }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        guard unsafe EVP_PKEY_encrypt_init(context) == 1, unsafe Self.prepare(context, padding) else { return nil }
        var count = 0
        guard unsafe EVP_PKEY_encrypt(context, nil, &count, plain, plain.count) == 1 else { return nil }
        var result = [UInt8](repeating: 0, count: count)
        guard unsafe EVP_PKEY_encrypt(context, &result, &count, plain, plain.count) == 1 else { return nil }
        return Array(result.prefix(count))
    }

    /// Nil where the bytes were not encrypted for this key in this way.
    package func decrypt(_ sealed: [UInt8], _ padding: Padding) -> [UInt8]? {
        defer { ERR_clear_error() }
        guard let context = unsafe EVP_PKEY_CTX_new(key, nil) else { return nil }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        guard unsafe EVP_PKEY_decrypt_init(context) == 1, unsafe Self.prepare(context, padding) else { return nil }
        var count = 0
        guard unsafe EVP_PKEY_decrypt(context, nil, &count, sealed, sealed.count) == 1 else { return nil }
        var result = [UInt8](repeating: 0, count: count)
        guard unsafe EVP_PKEY_decrypt(context, &result, &count, sealed, sealed.count) == 1 else { return nil }
        return Array(result.prefix(count))
    }

    private static func prepare(_ context: OpaquePointer, _ padding: Padding) -> Bool {
        if padding == .pkcs1 { return unsafe EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1 }
        return unsafe EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) == 1
            && EVP_PKEY_CTX_set_rsa_oaep_md(context, padding.method) == 1
            && EVP_PKEY_CTX_set_rsa_mgf1_md(context, padding.method) == 1
    }
}

// Elliptic-curve Diffie-Hellman (NIST SP 800-56A): the x-coordinate of the shared point.
extension AsymmetricKey {
    /// The secret that this pair shares with the pair of `other`; nil where that is no valid point of the same curve.
    package func sharedSecret(with other: AsymmetricKey) -> [UInt8]? {
        defer { ERR_clear_error() }
        guard let context = unsafe EVP_PKEY_CTX_new(key, nil) else { return nil }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        // Setting the peer validates it.
        guard unsafe EVP_PKEY_derive_init(context) == 1, unsafe EVP_PKEY_derive_set_peer(context, other.key) == 1 else {
            return nil
        }
        var count = 0
        guard unsafe EVP_PKEY_derive(context, nil, &count) == 1 else { return nil }
        var secret = [UInt8](repeating: 0, count: count)
        guard unsafe EVP_PKEY_derive(context, &secret, &count) == 1 else { return nil }
        return Array(secret.prefix(count))
    }
}
