import Cloud
import Model

/// A new key for data, in the clear and encrypted.
struct GenerateDataKey: JSONAction {
    let request: DataKeyRequest

    init(from decoder: any Decoder) throws { request = try DataKeyRequest(from: decoder) }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        let key = try request.generate(call, .generateDataKey)
        answer.field("CiphertextBlob", bytes: key.sealed)
        answer.field("Plaintext", bytes: key.plain)
        answer.field("KeyId", key.key.description)
        answer.field("KeyMaterialId", ifPresent: key.material)
    }
}

/// A new key for data, encrypted.
struct GenerateDataKeyWithoutPlaintext: JSONAction {
    let request: DataKeyRequest

    init(from decoder: any Decoder) throws { request = try DataKeyRequest(from: decoder) }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        let key = try request.generate(call, .generateDataKeyWithoutPlaintext)
        answer.field("CiphertextBlob", bytes: key.sealed)
        answer.field("KeyId", key.key.description)
        answer.field("KeyMaterialId", ifPresent: key.material)
    }
}

/// What both take.
struct DataKeyRequest: Decodable, Sendable {
    let key: String
    let context: [String: String]?
    let bytes: Int?
    let spec: String?
    let grantTokens: [String]?
    let isDryRun: Bool?

    private enum CodingKeys: String, CodingKey {
        case key = "KeyId"
        case context = "EncryptionContext"
        case bytes = "NumberOfBytes"
        case spec = "KeySpec"
        case grantTokens = "GrantTokens"
        case isDryRun = "DryRun"
    }

    private enum Spec: String, CaseIterable {
        case aes256 = "AES_256"
        case aes128 = "AES_128"
    }

    fileprivate func generate(_ call: Call, _ operation: KeyOperation) throws(APIError) -> DataKey {
        let count = try byteCount
        let context = try KMSInput.context(context)
        return try call.keys(dryRun: isDryRun) { (keys) throws(Failure) in
            try keys.generateDataKey(
                bytes: count, under: KeySelection(key, grantTokens: grantTokens ?? []), context: context, asking: operation)
        }
    }

    private var byteCount: Int {
        get throws(APIError) {
            switch (bytes, spec) {
            case (let count?, nil): return try KMSInput.number(count, in: 1...1024, "numberOfBytes")
            case (nil, let text?):
                let spec: Spec = try KMSInput.word(text, "keySpec")
                return spec == .aes256 ? 32 : 16
            default:
                throw APIError(
                    .validationException, "Please specify either number of bytes or key spec.")
            }
        }
    }
}

/// A new pair of keys for data, the private one in the clear and encrypted.
struct GenerateDataKeyPair: JSONAction {
    let request: DataKeyPairRequest

    init(from decoder: any Decoder) throws { request = try DataKeyPairRequest(from: decoder) }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        let pair = try request.generate(call, .generateDataKeyPair)
        answer.field("PrivateKeyPlaintext", bytes: pair.privateKey)
        request.write(pair, &answer)
    }
}

/// A new pair of keys for data, the private one encrypted.
struct GenerateDataKeyPairWithoutPlaintext: JSONAction {
    let request: DataKeyPairRequest

    init(from decoder: any Decoder) throws { request = try DataKeyPairRequest(from: decoder) }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        request.write(try request.generate(call, .generateDataKeyPairWithoutPlaintext), &answer)
    }
}

/// What both take.
struct DataKeyPairRequest: Decodable, Sendable {
    let key: String
    let spec: String
    let context: [String: String]?
    let grantTokens: [String]?
    let isDryRun: Bool?

    private enum CodingKeys: String, CodingKey {
        case key = "KeyId"
        case spec = "KeyPairSpec"
        case context = "EncryptionContext"
        case grantTokens = "GrantTokens"
        case isDryRun = "DryRun"
    }

    fileprivate func generate(_ call: Call, _ operation: KeyOperation) throws(APIError) -> DataKeyPair {
        let wanted: KeySpec = try KMSInput.word(spec, "keyPairSpec")
        guard [.rsa, .ecc].contains(wanted.family) else {
            throw APIError(.validationException, "\(spec) is not the spec of a pair of keys.")
        }
        let context = try KMSInput.context(context)
        return try call.keys(dryRun: isDryRun) { (keys) throws(Failure) in
            try keys.generateDataKeyPair(
                wanted, under: KeySelection(key, grantTokens: grantTokens ?? []), context: context, asking: operation)
        }
    }

    fileprivate func write(_ pair: DataKeyPair, _ answer: inout JSONWriter) {
        answer.field("PrivateKeyCiphertextBlob", bytes: pair.sealedPrivateKey)
        answer.field("PublicKey", bytes: pair.publicKey)
        answer.field("KeyId", pair.key.description)
        answer.field("KeyPairSpec", spec)
        answer.field("KeyMaterialId", ifPresent: pair.material)
    }
}
