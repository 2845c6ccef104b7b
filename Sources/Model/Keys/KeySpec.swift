/// What kind of key it is, with KMS's words.
package enum KeySpec: String, Sendable, Codable, CaseIterable {
    /// AES-256-GCM.
    case symmetric = "SYMMETRIC_DEFAULT"
    case rsa2048 = "RSA_2048"
    case rsa3072 = "RSA_3072"
    case rsa4096 = "RSA_4096"
    case p256 = "ECC_NIST_P256"
    case p384 = "ECC_NIST_P384"
    case p521 = "ECC_NIST_P521"
    case secp256k1 = "ECC_SECG_P256K1"
    case hmac224 = "HMAC_224"
    case hmac256 = "HMAC_256"
    case hmac384 = "HMAC_384"
    case hmac512 = "HMAC_512"

    package enum Family: Sendable { case symmetric, rsa, ecc, hmac }

    package var family: Family {
        switch self {
        case .symmetric: .symmetric
        case .rsa2048, .rsa3072, .rsa4096: .rsa
        case .p256, .p384, .p521, .secp256k1: .ecc
        case .hmac224, .hmac256, .hmac384, .hmac512: .hmac
        }
    }

    /// What a key of this kind can be made for.
    package var usages: [KeyUsage] {
        switch self.family {
        case .symmetric: [.encryptDecrypt]
        case .rsa: [.encryptDecrypt, .signVerify]
        case .ecc: self == .secp256k1 ? [.signVerify] : [.signVerify, .keyAgreement]
        case .hmac: [.generateVerifyMAC]
        }
    }

    package var encryptionAlgorithms: [EncryptionAlgorithm] {
        switch self.family {
        case .symmetric: [.symmetric]
        case .rsa: [.rsaOAEPSHA1, .rsaOAEPSHA256]
        case .ecc, .hmac: []
        }
    }

    package var signingAlgorithms: [SigningAlgorithm] {
        switch self {
        case .rsa2048, .rsa3072, .rsa4096: SigningAlgorithm.allCases.filter(\.isRSA)
        case .p256, .secp256k1: [.ecdsaSHA256]
        case .p384: [.ecdsaSHA384]
        case .p521: [.ecdsaSHA512]
        case .symmetric, .hmac224, .hmac256, .hmac384, .hmac512: []
        }
    }

    package var macAlgorithms: [MACAlgorithm] {
        switch self {
        case .hmac224: [.sha224]
        case .hmac256: [.sha256]
        case .hmac384: [.sha384]
        case .hmac512: [.sha512]
        default: []
        }
    }
}

/// What a key is for, with KMS's words. It never changes.
package enum KeyUsage: String, Sendable, Codable, CaseIterable {
    case encryptDecrypt = "ENCRYPT_DECRYPT"
    case signVerify = "SIGN_VERIFY"
    case generateVerifyMAC = "GENERATE_VERIFY_MAC"
    case keyAgreement = "KEY_AGREEMENT"
}

/// How two parties come to a secret, with KMS's words.
package enum KeyAgreementAlgorithm: String, Sendable, CaseIterable {
    case ecdh = "ECDH"
}

/// How bytes are encrypted under a key, with KMS's words.
package enum EncryptionAlgorithm: String, Sendable, CaseIterable {
    case symmetric = "SYMMETRIC_DEFAULT"
    case rsaOAEPSHA1 = "RSAES_OAEP_SHA_1"
    case rsaOAEPSHA256 = "RSAES_OAEP_SHA_256"
}

/// How a message is signed, with KMS's words.
package enum SigningAlgorithm: String, Sendable, CaseIterable {
    case pssSHA256 = "RSASSA_PSS_SHA_256"
    case pssSHA384 = "RSASSA_PSS_SHA_384"
    case pssSHA512 = "RSASSA_PSS_SHA_512"
    case pkcs1SHA256 = "RSASSA_PKCS1_V1_5_SHA_256"
    case pkcs1SHA384 = "RSASSA_PKCS1_V1_5_SHA_384"
    case pkcs1SHA512 = "RSASSA_PKCS1_V1_5_SHA_512"
    case ecdsaSHA256 = "ECDSA_SHA_256"
    case ecdsaSHA384 = "ECDSA_SHA_384"
    case ecdsaSHA512 = "ECDSA_SHA_512"

    var isRSA: Bool { rawValue.hasPrefix("RSASSA") }

    /// The size of the digest that is signed, in bits.
    package var digestBits: Int {
        switch self {
        case .pssSHA256, .pkcs1SHA256, .ecdsaSHA256: 256
        case .pssSHA384, .pkcs1SHA384, .ecdsaSHA384: 384
        case .pssSHA512, .pkcs1SHA512, .ecdsaSHA512: 512
        }
    }
}

/// How an authentication code is made, with KMS's words.
package enum MACAlgorithm: String, Sendable, CaseIterable {
    case sha224 = "HMAC_SHA_224"
    case sha256 = "HMAC_SHA_256"
    case sha384 = "HMAC_SHA_384"
    case sha512 = "HMAC_SHA_512"
}
