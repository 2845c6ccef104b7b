/// How material is encrypted on its way to a key, with KMS's words.
package enum WrappingAlgorithm: String, Sendable, CaseIterable {
    case oaepSHA1 = "RSAES_OAEP_SHA_1"
    case oaepSHA256 = "RSAES_OAEP_SHA_256"
    /// Under a new AES-256 key (RFC 5649), which stands in front of it, encrypted as above.
    case keyWrapSHA1 = "RSA_AES_KEY_WRAP_SHA_1"
    case keyWrapSHA256 = "RSA_AES_KEY_WRAP_SHA_256"
}

/// The pair of keys that material is encrypted for, with KMS's words.
package enum WrappingKeySpec: String, Sendable, CaseIterable {
    case rsa2048 = "RSA_2048"
    case rsa3072 = "RSA_3072"
    case rsa4096 = "RSA_4096"

    package var modulusSize: Int {
        switch self {
        case .rsa2048: 256
        case .rsa3072: 384
        case .rsa4096: 512
        }
    }
}

/// Whether imported material goes by itself, with KMS's words.
package enum ExpirationModel: String, Sendable, CaseIterable {
    case expires = "KEY_MATERIAL_EXPIRES"
    case doesNotExpire = "KEY_MATERIAL_DOES_NOT_EXPIRE"
}

/// Whether material is the first one of a key, or the one that it had, with KMS's words.
package enum MaterialImportType: String, Sendable, CaseIterable {
    case new = "NEW_KEY_MATERIAL"
    case existing = "EXISTING_KEY_MATERIAL"
}
