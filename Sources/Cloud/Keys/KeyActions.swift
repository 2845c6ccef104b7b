import Model

/// KMS's actions, by its names. Keys are named by id, ARN, alias or alias ARN where KMS takes those, and by id or ARN elsewhere.
package protocol KeyActions: Sendable {
    // MARK: Keys

    func createKey(_ new: KeyCreation) throws(Failure) -> KeyDescription
    func describeKey(_ key: KeySelection) throws(Failure) -> KeyDescription
    /// The account's own keys, in the order in which they were made.
    func keys() throws(Failure) -> [KeyRecord]
    func setDescription(_ text: String, ofKey key: String) throws(Failure)
    func enableKey(_ key: String) throws(Failure)
    func disableKey(_ key: String) throws(Failure)
    /// Returns the key with the date of its deletion.
    func scheduleKeyDeletion(_ key: String, days: Int) throws(Failure) -> KeyRecord
    func cancelKeyDeletion(_ key: String) throws(Failure) -> KeyRecord

    func keyPolicy(_ key: String, asking operation: KeyOperation) throws(Failure) -> KeyPolicy
    func setPolicy(_ document: String, ofKey key: String, skippingLockoutCheck: Bool) throws(Failure)

    func tags(ofKey key: String) throws(Failure) -> TagSet
    func addTags(_ tags: TagSet, toKey key: String) throws(Failure)
    func removeTags(_ names: [String], fromKey key: String) throws(Failure)

    // MARK: Aliases

    /// By name; of all keys, or of one.
    func keyAliases(of key: String?) throws(Failure) -> [KeyAlias]
    func createAlias(_ name: String, for key: String) throws(Failure)
    func updateAlias(_ name: String, to key: String) throws(Failure)
    func deleteAlias(_ name: String) throws(Failure)

    // MARK: Grants

    func createGrant(_ new: GrantCreation, grantTokens: [String]) throws(Failure) -> KeyGrant
    /// Those of a key.
    func grants(ofKey key: String) throws(Failure) -> [KeyGrant]
    /// Those that the principal may retire.
    func grants(retirableBy principal: String) throws(Failure) -> [KeyGrant]
    func retireGrant(token: String) throws(Failure)
    func retireGrant(_ id: String, ofKey key: String) throws(Failure)
    func revokeGrant(_ id: String, ofKey key: String) throws(Failure)

    // MARK: Rotation

    func keyRotation(_ key: String) throws(Failure) -> KeyRecord
    func enableKeyRotation(_ key: String, days: Int) throws(Failure)
    func disableKeyRotation(_ key: String) throws(Failure)
    func rotateKey(_ key: String) throws(Failure) -> KeyRecord
    /// Oldest first; with the first material too where all is asked for.
    func keyRotations(_ key: String, includingFirst: Bool) throws(Failure) -> [KeyRotation]

    // MARK: Imported material

    /// What the owner of a key's material needs to send it.
    func importParameters(
        forKey key: String, _ algorithm: WrappingAlgorithm, _ spec: WrappingKeySpec
    ) throws(Failure) -> ImportParameters
    /// Returns the key with its material.
    func importMaterial(_ request: MaterialImport) throws(Failure) -> KeyRecord
    /// Returns the key without it.
    func deleteImportedMaterial(ofKey key: String, digest: String?) throws(Failure) -> KeyRecord

    // MARK: Several regions

    func replicateKey(_ key: String, to region: RegionName, _ new: KeyCreation) throws(Failure) -> KeyDescription
    func setPrimaryRegion(_ region: RegionName, ofKey key: String) throws(Failure)

    // MARK: Encrypting

    func encrypt(
        _ plain: [UInt8], under key: KeySelection, _ algorithm: EncryptionAlgorithm, context: [String: String]
    ) throws(Failure) -> KeyOutcome
    /// The key need only be named for asymmetric ones: other ciphertexts name theirs.
    func decrypt(
        _ sealed: [UInt8], under key: KeySelection?, _ algorithm: EncryptionAlgorithm, context: [String: String],
        grantTokens: [String]
    ) throws(Failure) -> KeyOutcome
    func reEncrypt(_ request: ReEncryption) throws(Failure) -> ReEncryption.Outcome
    /// A new key of so many bytes, in the clear and encrypted. `operation` is what the caller must be allowed.
    func generateDataKey(
        bytes: Int, under key: KeySelection, context: [String: String], asking operation: KeyOperation
    ) throws(Failure) -> DataKey
    func generateDataKeyPair(
        _ spec: KeySpec, under key: KeySelection, context: [String: String], asking operation: KeyOperation
    ) throws(Failure) -> DataKeyPair
    func randomBytes(_ count: Int) throws(Failure) -> [UInt8]

    // MARK: Signing

    /// The key, and its public half as a SubjectPublicKeyInfo.
    func publicKey(_ key: KeySelection) throws(Failure) -> (key: KeyRecord, bytes: [UInt8])
    func sign(_ message: SignedMessage, with key: KeySelection, _ algorithm: SigningAlgorithm) throws(Failure) -> KeyOutcome
    /// `KMSInvalidSignatureException` where the signature is another one's.
    func verify(
        _ signature: [UInt8], of message: SignedMessage, with key: KeySelection, _ algorithm: SigningAlgorithm
    ) throws(Failure) -> KeyARN
    /// The secret that the key's pair shares with that of `publicKey`, a SubjectPublicKeyInfo of the same curve.
    func sharedSecret(of key: KeySelection, with publicKey: [UInt8]) throws(Failure) -> (key: KeyRecord, bytes: [UInt8])
    func authenticationCode(of message: [UInt8], with key: KeySelection, _ algorithm: MACAlgorithm) throws(Failure) -> KeyOutcome
    /// `KMSInvalidMacException` where the code is another one's.
    func verify(
        code: [UInt8], of message: [UInt8], with key: KeySelection, _ algorithm: MACAlgorithm
    ) throws(Failure) -> KeyARN
}

/// Bytes that a key made.
package struct KeyOutcome: Sendable, Hashable {
    package var key: KeyARN
    package var bytes: [UInt8]
    /// Names the material of a symmetric key that was used.
    package var material: String? = nil
}

/// What is signed: a message, or its digest.
package enum SignedMessage: Sendable, Hashable {
    case raw([UInt8])
    case digest([UInt8])
}

/// ReEncrypt.
package struct ReEncryption: Sendable {
    package var sealed: [UInt8]
    package var source: KeySelection?
    package var sourceAlgorithm: EncryptionAlgorithm
    package var sourceContext: [String: String]
    package var target: KeySelection
    package var targetAlgorithm: EncryptionAlgorithm
    package var targetContext: [String: String]

    package init(
        _ sealed: [UInt8], from source: KeySelection?, _ sourceAlgorithm: EncryptionAlgorithm = .symmetric,
        context sourceContext: [String: String] = [:], to target: KeySelection,
        _ targetAlgorithm: EncryptionAlgorithm = .symmetric, context targetContext: [String: String] = [:]
    ) {
        self.sealed = sealed
        self.source = source
        self.sourceAlgorithm = sourceAlgorithm
        self.sourceContext = sourceContext
        self.target = target
        self.targetAlgorithm = targetAlgorithm
        self.targetContext = targetContext
    }

    package struct Outcome: Sendable, Hashable {
        package var source: KeyARN
        package var key: KeyARN
        package var bytes: [UInt8]
        package var sourceMaterial: String?
        package var material: String?
    }
}

/// A key for somebody's data, in the clear and encrypted. Its description shows neither.
package struct DataKey: Sendable, CustomStringConvertible {
    package var key: KeyARN
    package var plain: [UInt8]
    package var sealed: [UInt8]
    package var material: String?

    package var description: String { "a data key under \(key)" }
}

/// A pair of keys for somebody's data. Its description does not show the private one.
package struct DataKeyPair: Sendable, CustomStringConvertible {
    package var key: KeyARN
    /// PKCS #8 in DER.
    package var privateKey: [UInt8]
    package var sealedPrivateKey: [UInt8]
    /// SubjectPublicKeyInfo in DER.
    package var publicKey: [UInt8]
    package var material: String?

    package var description: String { "a pair of data keys under \(key)" }
}
