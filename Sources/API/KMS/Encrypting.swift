import Cloud
import FoundationEssentials
import Model

/// Encrypts bytes.
struct Encrypt: JSONAction {
    let key: String
    let plain: Data
    let context: [String: String]?
    let grantTokens: [String]?
    let algorithm: String?
    let isDryRun: Bool?

    private enum CodingKeys: String, CodingKey {
        case key = "KeyId"
        case plain = "Plaintext"
        case context = "EncryptionContext"
        case grantTokens = "GrantTokens"
        case algorithm = "EncryptionAlgorithm"
        case isDryRun = "DryRun"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        let bytes = try KMSInput.bytes(plain, most: 4096, "plaintext")
        let algorithm = try EncryptionAlgorithm(member: algorithm, "encryptionAlgorithm")
        let context = try KMSInput.context(context)
        let outcome = try call.keys(dryRun: isDryRun) { (keys) throws(Failure) in
            try keys.encrypt(bytes, under: KeySelection(key, grantTokens: grantTokens ?? []), algorithm, context: context)
        }
        answer.field("CiphertextBlob", bytes: outcome.bytes)
        answer.field("KeyId", outcome.key.description)
        answer.field("EncryptionAlgorithm", algorithm.rawValue)
    }
}

extension EncryptionAlgorithm {
    fileprivate init(member text: String?, _ member: String) throws(APIError) {
        self = .symmetric
        if let text { self = try KMSInput.word(text, member) }
    }
}

/// Decrypts bytes.
struct Decrypt: JSONAction {
    let sealed: Data
    let context: [String: String]?
    let grantTokens: [String]?
    let key: String?
    let algorithm: String?
    let isDryRun: Bool?

    private enum CodingKeys: String, CodingKey {
        case sealed = "CiphertextBlob"
        case context = "EncryptionContext"
        case grantTokens = "GrantTokens"
        case key = "KeyId"
        case algorithm = "EncryptionAlgorithm"
        case isDryRun = "DryRun"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        let bytes = try KMSInput.bytes(sealed, most: 6144, "ciphertextBlob")
        let algorithm = try EncryptionAlgorithm(member: algorithm, "encryptionAlgorithm")
        let context = try KMSInput.context(context)
        let tokens = grantTokens ?? []
        let selection = key.map { KeySelection($0, grantTokens: tokens) }
        let outcome = try call.keys(dryRun: isDryRun) { (keys) throws(Failure) in
            try keys.decrypt(bytes, under: selection, algorithm, context: context, grantTokens: tokens)
        }
        answer.field("KeyId", outcome.key.description)
        answer.field("KeyMaterialId", ifPresent: outcome.material)
        answer.field("Plaintext", bytes: outcome.bytes)
        answer.field("EncryptionAlgorithm", algorithm.rawValue)
    }
}

/// Encrypts under another key what was encrypted, without showing it.
struct ReEncrypt: JSONAction {
    let sealed: Data
    let sourceContext: [String: String]?
    let source: String?
    let target: String
    let targetContext: [String: String]?
    let sourceAlgorithm: String?
    let targetAlgorithm: String?
    let grantTokens: [String]?
    let isDryRun: Bool?

    private enum CodingKeys: String, CodingKey {
        case sealed = "CiphertextBlob"
        case sourceContext = "SourceEncryptionContext"
        case source = "SourceKeyId"
        case target = "DestinationKeyId"
        case targetContext = "DestinationEncryptionContext"
        case sourceAlgorithm = "SourceEncryptionAlgorithm"
        case targetAlgorithm = "DestinationEncryptionAlgorithm"
        case grantTokens = "GrantTokens"
        case isDryRun = "DryRun"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        let tokens = grantTokens ?? []
        let request = ReEncryption(
            try KMSInput.bytes(sealed, most: 6144, "ciphertextBlob"), from: source.map { KeySelection($0, grantTokens: tokens) },
            try EncryptionAlgorithm(member: sourceAlgorithm, "sourceEncryptionAlgorithm"),
            context: try KMSInput.context(sourceContext), to: KeySelection(target, grantTokens: tokens),
            try EncryptionAlgorithm(member: targetAlgorithm, "destinationEncryptionAlgorithm"),
            context: try KMSInput.context(targetContext))
        let outcome = try call.keys(dryRun: isDryRun) { (keys) throws(Failure) in try keys.reEncrypt(request) }
        answer.field("CiphertextBlob", bytes: outcome.bytes)
        answer.field("SourceKeyId", outcome.source.description)
        answer.field("KeyId", outcome.key.description)
        answer.field("SourceKeyMaterialId", ifPresent: outcome.sourceMaterial)
        answer.field("DestinationKeyMaterialId", ifPresent: outcome.material)
        answer.field("SourceEncryptionAlgorithm", request.sourceAlgorithm.rawValue)
        answer.field("DestinationEncryptionAlgorithm", request.targetAlgorithm.rawValue)
    }
}

/// Random bytes.
struct GenerateRandom: JSONAction {
    let count: Int?

    private enum CodingKeys: String, CodingKey { case count = "NumberOfBytes" }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        let count = try KMSInput.number(count ?? 0, in: 1...1024, "numberOfBytes")
        answer.field("Plaintext", bytes: try call.keys { (keys) throws(Failure) in try keys.randomBytes(count) })
    }
}
