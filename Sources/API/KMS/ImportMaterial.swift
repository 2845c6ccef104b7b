import Cloud
import Crypto
import FoundationEssentials
import Model

/// What is needed to bring a key its material.
struct GetParametersForImport: JSONAction {
    let key: String
    let algorithm: String
    let spec: String

    private enum CodingKeys: String, CodingKey {
        case key = "KeyId"
        case algorithm = "WrappingAlgorithm"
        case spec = "WrappingKeySpec"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        let algorithm: WrappingAlgorithm = try KMSInput.word(algorithm, "wrappingAlgorithm")
        let spec: WrappingKeySpec = try KMSInput.word(spec, "wrappingKeySpec")
        let made = try call.keys { (keys) throws(Failure) in try keys.importParameters(forKey: key, algorithm, spec) }
        answer.field("KeyId", made.key.description)
        answer.field("ImportToken", bytes: made.token)
        answer.field("PublicKey", bytes: made.publicKey)
        answer.field("ParametersValidTo", made.validTo.seconds)
    }
}

/// Brings a key its material.
struct ImportKeyMaterial: JSONAction {
    let key: String
    let token: Data
    let encrypted: Data
    let validTo: Double?
    let model: String?
    let type: String?
    let material: String?

    private enum CodingKeys: String, CodingKey {
        case key = "KeyId"
        case token = "ImportToken"
        case encrypted = "EncryptedKeyMaterial"
        case validTo = "ValidTo"
        case model = "ExpirationModel"
        case type = "ImportType"
        case material = "KeyMaterialId"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        var request = MaterialImport(
            key: key, token: try KMSInput.bytes(token, most: 6144, "importToken"),
            encrypted: try KMSInput.bytes(encrypted, most: 6144, "encryptedKeyMaterial"), validTo: try expiration(),
            digest: material)
        if let type { request.type = try KMSInput.word(type, "importType") }
        let key = try call.keys { (keys) throws(Failure) in try keys.importMaterial(request) }
        answer.field("KeyId", key.arn.description)
        answer.field("KeyMaterialId", ifPresent: key.imported?.digest.hex)
    }

    private func expiration() throws(APIError) -> Instant? {
        let model: ExpirationModel = try KMSInput.word(model ?? ExpirationModel.expires.rawValue, "expirationModel")
        switch (model, validTo) {
        case (.expires, let time?):
            guard let seconds = Int64(exactly: time.rounded(.down)) else {
                throw APIError(.validationException, "ValidTo is no time.")
            }
            return Instant(seconds: seconds)
        case (.doesNotExpire, nil): return nil
        case (.expires, nil):
            throw APIError(.validationException, "A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES")
        case (.doesNotExpire, _?):
            throw APIError(
                .validationException, "A validTo date must not be set if the ExpirationModel is KEY_MATERIAL_DOES_NOT_EXPIRE")
        }
    }
}

/// Takes a key's imported material away, and all that is encrypted under it with it, until the same is imported again.
struct DeleteImportedKeyMaterial: JSONAction {
    let key: String
    let material: String?

    private enum CodingKeys: String, CodingKey {
        case key = "KeyId"
        case material = "KeyMaterialId"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        let changed = try call.keys { (keys) throws(Failure) in try keys.deleteImportedMaterial(ofKey: key, digest: material) }
        answer.field("KeyId", changed.arn.description)
        answer.field("KeyMaterialId", ifPresent: changed.imported?.digest.hex)
    }
}
