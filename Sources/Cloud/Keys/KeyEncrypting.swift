import Crypto
import Model
import Platform
import SQLite

// Encrypting and decrypting under keys.
extension EmbeddedActions {
    /// A key that may be used now, with the material that was asked for.
    struct UsableKey: Sendable {
        let key: KeyRecord
        let number: Int
        let sealed: [UInt8]

        var materialID: String? { key.materialID(number) }
    }

    private static var maximumPlaintext: Int { 4096 }

    /// The key that a request names, if the caller may use it so: with its newest material.
    func usable(
        _ selection: KeySelection, for operation: KeyOperation, context: [String: String] = [:],
        _ check: (KeyRecord) throws -> Void
    ) throws(Failure) -> UsableKey {
        if Self.namesEBSKey(selection.name) { _ = try ebsKey() }
        return try readKeys("use a key of \(region.name)") { session in
            let key = try key(selection, session)
            try ask(operation, of: key, context: context, session)
            try check(key)
            return try usable(key, key.material, session)
        }
    }

    private func usable(_ key: KeyRecord, _ number: Int, _ session: Session) throws -> UsableKey {
        guard let sealed = try session.material(number, of: key.id) else { throw Failure(.invalidCiphertext) }
        return UsableKey(key: key, number: number, sealed: sealed)
    }

    func material(of key: UsableKey) throws(Failure) -> [UInt8] {
        try region.openMaterial(key.sealed, of: key.key.id, number: key.number)
    }

    private static func check(_ key: KeyRecord, _ algorithm: EncryptionAlgorithm, for operation: KeyOperation) throws {
        guard key.usage == .encryptDecrypt else {
            throw Failure(.invalidUsage(key.usage, for: operation.rawValue, on: key.arn))
        }
        guard key.spec.encryptionAlgorithms.contains(algorithm) else {
            throw Failure(
                PlaneError(
                    .invalidKeyUsageException,
                    "Algorithm \(algorithm.rawValue) is incompatible with key spec \(key.spec.rawValue)."))
        }
    }

    // MARK: Encrypt

    func encrypt(
        _ plain: [UInt8], under selection: KeySelection, _ algorithm: EncryptionAlgorithm, context: [String: String]
    ) throws(Failure) -> KeyOutcome {
        try encrypt(plain, under: selection, algorithm, context: context, asking: .encrypt)
    }

    private func encrypt(
        _ plain: [UInt8], under selection: KeySelection, _ algorithm: EncryptionAlgorithm, context: [String: String],
        asking operation: KeyOperation
    ) throws(Failure) -> KeyOutcome {
        guard (1...Self.maximumPlaintext).contains(plain.count) else {
            let relation = plain.isEmpty ? "greater than or equal to 1" : "less than or equal to \(Self.maximumPlaintext)"
            throw Failure(
                .kmsValidation(
                    """
                    1 validation error detected: Value at 'plaintext' failed to satisfy constraint: Member must have length \
                    \(relation)
                    """))
        }
        let key = try usable(selection, for: operation, context: context) { try Self.check($0, algorithm, for: operation) }
        return KeyOutcome(
            key: key.key.arn, bytes: try seal(plain, under: key, algorithm, context: context), material: key.materialID)
    }

    private func seal(
        _ plain: [UInt8], under key: UsableKey, _ algorithm: EncryptionAlgorithm, context: [String: String]
    ) throws(Failure) -> [UInt8] {
        let material = try material(of: key)
        guard let padding = Self.padding(algorithm) else {
            return KeyCiphertext.seal(
                plain, under: key.key.id, number: key.number, material: material, context: context,
                nonce: try region.random(AES256GCM.nonceSize))
        }
        guard let sealed = try EmbeddedRegion.pair(material, of: key.key.arn).encrypt(plain, padding) else {
            throw Failure(
                .kmsValidation(
                    """
                    Algorithm \(algorithm.rawValue) and key spec \(key.key.spec.rawValue) cannot encrypt data of \(plain.count) bytes.
                    """))
        }
        return sealed
    }

    private static func padding(_ algorithm: EncryptionAlgorithm) -> AsymmetricKey.Padding? {
        switch algorithm {
        case .symmetric: nil
        case .rsaOAEPSHA1: .sha1
        case .rsaOAEPSHA256: .sha256
        }
    }

    // MARK: Decrypt

    func decrypt(
        _ sealed: [UInt8], under selection: KeySelection?, _ algorithm: EncryptionAlgorithm, context: [String: String],
        grantTokens: [String]
    ) throws(Failure) -> KeyOutcome {
        try decrypt(sealed, under: selection, algorithm, context: context, grantTokens: grantTokens, asking: .decrypt)
    }

    private func decrypt(
        _ sealed: [UInt8], under selection: KeySelection?, _ algorithm: EncryptionAlgorithm, context: [String: String],
        grantTokens: [String] = [], asking operation: KeyOperation
    ) throws(Failure) -> KeyOutcome {
        guard let padding = Self.padding(algorithm) else {
            return try open(sealed, under: selection, context: context, grantTokens: grantTokens, asking: operation)
        }
        guard let selection else {
            throw Failure(.kmsValidation("The key ID is required to decrypt with an asymmetric key."))
        }
        let key = try usable(selection, for: operation) { try Self.check($0, algorithm, for: operation) }
        guard let plain = try EmbeddedRegion.pair(try material(of: key), of: key.key.arn).decrypt(sealed, padding) else {
            throw Failure(.invalidCiphertext)
        }
        return KeyOutcome(key: key.key.arn, bytes: plain)
    }

    private func open(
        _ sealed: [UInt8], under selection: KeySelection?, context: [String: String], grantTokens: [String],
        asking operation: KeyOperation
    ) throws(Failure) -> KeyOutcome {
        guard let ciphertext = KeyCiphertext(sealed) else { throw Failure(.invalidCiphertext) }
        if let selection, Self.namesEBSKey(selection.name) { _ = try ebsKey() }
        let usable = try readKeys("use a key of \(region.name)") { session in
            if let selection {
                let named = try key(selection, session)
                try Self.check(named, .symmetric, for: operation)
                guard named.id == ciphertext.key else { throw Failure(.incorrectKey) }
            }
            try check(grantTokens: grantTokens, session)
            guard let key = try session.key(ciphertext.key, in: region.name) else { throw Failure(Self.unknownKey) }
            try ask(operation, of: key, context: context, session)
            return try self.usable(key, ciphertext.material, session)
        }
        guard let plain = ciphertext.open(with: try material(of: usable), context: context) else {
            throw Failure(.invalidCiphertext)
        }
        return KeyOutcome(key: usable.key.arn, bytes: plain, material: usable.materialID)
    }

    private static var unknownKey: PlaneError {
        PlaneError(
            .accessDeniedException,
            """
            The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not \
            allowed to access.
            """)
    }

    func reEncrypt(_ request: ReEncryption) throws(Failure) -> ReEncryption.Outcome {
        let plain = try decrypt(
            request.sealed, under: request.source, request.sourceAlgorithm, context: request.sourceContext,
            asking: .reEncryptFrom)
        let sealed = try encrypt(
            plain.bytes, under: request.target, request.targetAlgorithm, context: request.targetContext, asking: .reEncryptTo)
        return ReEncryption.Outcome(
            source: plain.key, key: sealed.key, bytes: sealed.bytes, sourceMaterial: plain.material, material: sealed.material)
    }

    // MARK: Data keys

    func generateDataKey(
        bytes count: Int, under selection: KeySelection, context: [String: String], asking operation: KeyOperation
    ) throws(Failure) -> DataKey {
        let key = try usable(selection, for: operation, context: context) { try Self.check($0, .symmetric, for: operation) }
        let plain = try region.random(count)
        return DataKey(
            key: key.key.arn, plain: plain, sealed: try seal(plain, under: key, .symmetric, context: context),
            material: key.materialID)
    }

    func generateDataKeyPair(
        _ spec: KeySpec, under selection: KeySelection, context: [String: String], asking operation: KeyOperation
    ) throws(Failure) -> DataKeyPair {
        let key = try usable(selection, for: operation, context: context) { try Self.check($0, .symmetric, for: operation) }
        let pair = try EmbeddedRegion.newPair(spec)
        let secret = pair.privateKeyInfo
        return DataKeyPair(
            key: key.key.arn, privateKey: secret, sealedPrivateKey: try seal(secret, under: key, .symmetric, context: context),
            publicKey: pair.subjectPublicKeyInfo, material: key.materialID)
    }

    func randomBytes(_ count: Int) throws(Failure) -> [UInt8] { try region.random(count) }
}
