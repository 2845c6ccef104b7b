import CCrypto

/// A private key of a pair, by libcrypto.
@safe
package struct PrivateKey: ~Copyable {
    package enum Algorithm: String, Sendable, CaseIterable {
        /// 2048 bits.
        case rsa = "RSA"
        case ed25519 = "ED25519"
    }

    private let key: OpaquePointer
    package let algorithm: Algorithm

    /// Makes a new pair. Nil where libcrypto gives none.
    package init?(_ algorithm: Algorithm) {
        precondition(Libcrypto.isReady, "libcrypto cannot be started")
        guard let context = unsafe EVP_PKEY_CTX_new_from_name(nil, algorithm.rawValue, nil) else { return nil }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        guard unsafe EVP_PKEY_keygen_init(context) == 1 else { return nil }
        if algorithm == .rsa {
            guard unsafe EVP_PKEY_CTX_set_rsa_keygen_bits(context, 2048) == 1 else { return nil }
        }
        var made: OpaquePointer?
        guard unsafe EVP_PKEY_generate(context, &made) == 1, let key = unsafe made else { return nil }
        unsafe self.key = key
        self.algorithm = algorithm
    }

    deinit { unsafe EVP_PKEY_free(key) }

    /// The private key in a form that libcrypto names: structure `type-specific` is PKCS #1 of RSA, `PrivateKeyInfo` is PKCS #8.
    package func encoded(structure: String, isPEM: Bool) -> [UInt8] {
        unsafe KeyEncoding.bytes(of: key, structure: structure, form: isPEM ? "PEM" : "DER")
    }

    /// Of Ed25519: the 32 bytes of the seed and of the public key (RFC 8032).
    package var ed25519Bytes: (seed: [UInt8], publicKey: [UInt8])? {
        guard algorithm == .ed25519 else { return nil }
        var seed = [UInt8](repeating: 0, count: 32)
        var publicKey = seed
        var count = 32
        guard unsafe EVP_PKEY_get_raw_private_key(key, &seed, &count) == 1, count == 32,
            unsafe EVP_PKEY_get_raw_public_key(key, &publicKey, &count) == 1, count == 32
        else { return nil }
        return (seed, publicKey)
    }

    /// Of RSA: the public exponent and the modulus, big-endian.
    package var rsaNumbers: (exponent: [UInt8], modulus: [UInt8])? {
        guard algorithm == .rsa, let exponent = number("e"), let modulus = number("n") else { return nil }
        return (exponent, modulus)
    }

    private func number(_ name: String) -> [UInt8]? {
        var number: OpaquePointer?
        guard unsafe EVP_PKEY_get_bn_param(key, name, &number) == 1, let number = unsafe number else { return nil }
        defer { unsafe BN_free(number) }
        var bytes = [UInt8](repeating: 0, count: Int(unsafe BN_num_bits(number) + 7) / 8)
        unsafe BN_bn2bin(number, &bytes)
        return bytes
    }
}
