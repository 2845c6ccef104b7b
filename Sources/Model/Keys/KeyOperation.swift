/// Operations of KMS, by the names that policies have behind `kms:`.
package enum KeyOperation: String, Sendable, CaseIterable {
    // On the contents of messages; grants may name these and the next ones.
    case decrypt = "Decrypt"
    case encrypt = "Encrypt"
    case generateDataKey = "GenerateDataKey"
    case generateDataKeyWithoutPlaintext = "GenerateDataKeyWithoutPlaintext"
    case generateDataKeyPair = "GenerateDataKeyPair"
    case generateDataKeyPairWithoutPlaintext = "GenerateDataKeyPairWithoutPlaintext"
    case reEncryptFrom = "ReEncryptFrom"
    case reEncryptTo = "ReEncryptTo"
    case sign = "Sign"
    case verify = "Verify"
    case generateMAC = "GenerateMac"
    case verifyMAC = "VerifyMac"
    case deriveSharedSecret = "DeriveSharedSecret"
    case getPublicKey = "GetPublicKey"
    case createGrant = "CreateGrant"
    case retireGrant = "RetireGrant"
    case describeKey = "DescribeKey"
    // On the key itself: never by a grant.
    case cancelKeyDeletion = "CancelKeyDeletion"
    case createAlias = "CreateAlias"
    case deleteAlias = "DeleteAlias"
    case deleteImportedKeyMaterial = "DeleteImportedKeyMaterial"
    case disableKey = "DisableKey"
    case disableKeyRotation = "DisableKeyRotation"
    case enableKey = "EnableKey"
    case enableKeyRotation = "EnableKeyRotation"
    case getKeyPolicy = "GetKeyPolicy"
    case getKeyRotationStatus = "GetKeyRotationStatus"
    case getParametersForImport = "GetParametersForImport"
    case importKeyMaterial = "ImportKeyMaterial"
    case listGrants = "ListGrants"
    case listKeyPolicies = "ListKeyPolicies"
    case listKeyRotations = "ListKeyRotations"
    case listResourceTags = "ListResourceTags"
    case putKeyPolicy = "PutKeyPolicy"
    case replicateKey = "ReplicateKey"
    case revokeGrant = "RevokeGrant"
    case rotateKeyOnDemand = "RotateKeyOnDemand"
    case scheduleKeyDeletion = "ScheduleKeyDeletion"
    case tagResource = "TagResource"
    case untagResource = "UntagResource"
    case updateAlias = "UpdateAlias"
    case updateKeyDescription = "UpdateKeyDescription"
    case updatePrimaryRegion = "UpdatePrimaryRegion"

    /// As policies name it: `kms:Decrypt`.
    package var action: String { "kms:" + rawValue }

    /// All that EC2 does for the account that launches an encrypted image or copies one.
    package static let ofSnapshots: Set<KeyOperation> = [
        .describeKey, .createGrant, .decrypt, .generateDataKeyWithoutPlaintext, .reEncryptFrom, .reEncryptTo,
    ]

    /// What a grant may be for.
    package static let grantable: [KeyOperation] = [
        .decrypt, .encrypt, .generateDataKey, .generateDataKeyWithoutPlaintext, .reEncryptFrom, .reEncryptTo, .sign, .verify,
        .getPublicKey, .createGrant, .retireGrant, .describeKey, .generateDataKeyPair, .generateDataKeyPairWithoutPlaintext,
        .generateMAC, .verifyMAC, .deriveSharedSecret,
    ]

    /// What grants may be for on a key of that use.
    package static func grantable(_ usage: KeyUsage, _ family: KeySpec.Family) -> Set<KeyOperation> {
        let common: Set<KeyOperation> = [.createGrant, .retireGrant, .describeKey]
        switch (usage, family) {
        case (.encryptDecrypt, .symmetric):
            return common.union([
                .decrypt, .encrypt, .generateDataKey, .generateDataKeyWithoutPlaintext, .reEncryptFrom, .reEncryptTo,
                .generateDataKeyPair, .generateDataKeyPairWithoutPlaintext,
            ])
        case (.encryptDecrypt, _):
            return common.union([.decrypt, .encrypt, .reEncryptFrom, .reEncryptTo, .getPublicKey])
        case (.signVerify, _): return common.union([.sign, .verify, .getPublicKey])
        case (.generateVerifyMAC, _): return common.union([.generateMAC, .verifyMAC])
        case (.keyAgreement, _): return common.union([.deriveSharedSecret, .getPublicKey])
        }
    }

    /// Whether the operation takes an encryption context, which the constraints of grants look at.
    package var takesContext: Bool {
        switch self {
        case .decrypt, .encrypt, .generateDataKey, .generateDataKeyWithoutPlaintext, .generateDataKeyPair,
            .generateDataKeyPairWithoutPlaintext, .reEncryptFrom, .reEncryptTo:
            true
        default: false
        }
    }

    /// Whether it uses the key's material, which a disabled key refuses.
    package var isCryptographic: Bool {
        switch self {
        case .sign, .verify, .generateMAC, .verifyMAC, .getPublicKey, .deriveSharedSecret: true
        default: takesContext
        }
    }

    /// What a key refuses while it waits for its deletion, besides using its material.
    var needsLivingKey: Bool {
        switch self {
        case .createAlias, .updateAlias, .createGrant, .disableKey, .enableKey, .disableKeyRotation, .enableKeyRotation,
            .getKeyRotationStatus, .getParametersForImport, .importKeyMaterial, .replicateKey, .rotateKeyOnDemand,
            .scheduleKeyDeletion, .tagResource, .untagResource,
            .updateKeyDescription, .updatePrimaryRegion:
            true
        default: isCryptographic
        }
    }

    /// What a disabled key refuses, besides using its material.
    var needsEnabledKey: Bool {
        switch self {
        case .createGrant, .disableKeyRotation, .enableKeyRotation, .replicateKey, .rotateKeyOnDemand, .updatePrimaryRegion: true
        default: isCryptographic
        }
    }
}
