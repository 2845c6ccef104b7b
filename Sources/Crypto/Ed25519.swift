import CCrypto

/// Signatures on the twisted Edwards curve of RFC 8032, by libcrypto. The same message and key give the same signature.
package enum Ed25519 {
    package static let seedSize = 32
    package static let publicKeySize = 32
    package static let signatureSize = 64

    /// What can verify signatures.
    package struct PublicKey: Hashable, Sendable {
        /// The point, encoded as RFC 8032 says; 32 bytes.
        package let bytes: [UInt8]

        package init?(bytes: [UInt8]) {
            guard bytes.count == publicKeySize else { return nil }
            self.bytes = bytes
        }

        /// Takes exactly the one encoding that RFC 8410 gives a `SubjectPublicKeyInfo` of this kind.
        package init?(subjectPublicKeyInfo der: [UInt8]) {
            guard der.starts(with: Self.head) else { return nil }
            self.init(bytes: Array(der.dropFirst(Self.head.count)))
        }

        /// DER (RFC 8410): the algorithm 1.3.101.112, and the key as a bit string.
        package var subjectPublicKeyInfo: [UInt8] { Self.head + bytes }

        private static let head: [UInt8] = [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00]

        /// Whether `signature` was made of these very bytes with the private half of this key.
        package func verifies(_ signature: [UInt8], of message: [UInt8]) -> Bool {
            guard signature.count == signatureSize else { return false }
            precondition(Libcrypto.isReady, "libcrypto cannot be started")
            guard let key = unsafe EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, bytes, bytes.count) else { return false }
            defer { unsafe EVP_PKEY_free(key) }
            guard let context = unsafe EVP_MD_CTX_new() else { fatalError("libcrypto: no memory for a signature") }
            defer { unsafe EVP_MD_CTX_free(context) }
            guard unsafe EVP_DigestVerifyInit(context, nil, nil, nil, key) == 1 else { return false }
            return unsafe EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
        }
    }

    /// What signs. Its bytes are a secret.
    package struct PrivateKey: Sendable {
        /// 32 random bytes, of which all else follows.
        package let seed: [UInt8]
        package let publicKey: PublicKey

        /// Nil where the seed has another size than 32 bytes.
        package init?(seed: [UInt8]) {
            guard seed.count == seedSize, let publicKey = Self.publicKey(of: seed) else { return nil }
            self.seed = seed
            self.publicKey = publicKey
        }

        /// Takes exactly the one encoding that RFC 8410 gives a `OneAsymmetricKey` without attributes.
        package init?(pkcs8 der: [UInt8]) {
            guard der.starts(with: Self.head) else { return nil }
            self.init(seed: Array(der.dropFirst(Self.head.count)))
        }

        /// DER (RFC 8410, RFC 5958).
        package var pkcs8: [UInt8] { Self.head + seed }

        private static let head: [UInt8] = [
            0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
        ]

        /// 64 bytes.
        package func sign(_ message: [UInt8]) -> [UInt8] {
            let key = unsafe Self.load(seed)
            defer { unsafe EVP_PKEY_free(key) }
            guard let context = unsafe EVP_MD_CTX_new() else { fatalError("libcrypto: no memory for a signature") }
            defer { unsafe EVP_MD_CTX_free(context) }
            var signature = [UInt8](repeating: 0, count: signatureSize)
            var size = signatureSize
            let begun = unsafe EVP_DigestSignInit(context, nil, nil, nil, key)
            let done = unsafe EVP_DigestSign(context, &signature, &size, message, message.count)
            precondition(begun == 1 && done == 1 && size == signatureSize, "libcrypto did not sign")
            return signature
        }

        private static func load(_ seed: [UInt8]) -> OpaquePointer? {
            precondition(Libcrypto.isReady, "libcrypto cannot be started")
            return unsafe EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, seed, seed.count)
        }

        private static func publicKey(of seed: [UInt8]) -> PublicKey? {
            guard let key = unsafe load(seed) else { return nil }
            defer { unsafe EVP_PKEY_free(key) }
            var bytes = [UInt8](repeating: 0, count: publicKeySize)
            var size = publicKeySize
            guard unsafe EVP_PKEY_get_raw_public_key(key, &bytes, &size) == 1 else { return nil }
            return PublicKey(bytes: bytes)
        }
    }
}
