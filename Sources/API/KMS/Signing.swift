import Cloud
import FoundationEssentials
import Model

/// The public half of a pair.
struct GetPublicKey: JSONAction {
    let key: String
    let grantTokens: [String]?

    private enum CodingKeys: String, CodingKey {
        case key = "KeyId"
        case grantTokens = "GrantTokens"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        let found = try call.keys { (keys) throws(Failure) in
            try keys.publicKey(KeySelection(key, grantTokens: grantTokens ?? []))
        }
        answer.field("KeyId", found.key.arn.description)
        answer.field("PublicKey", bytes: found.bytes)
        answer.field("CustomerMasterKeySpec", found.key.spec.rawValue)
        answer.field("KeySpec", found.key.spec.rawValue)
        answer.field("KeyUsage", found.key.usage.rawValue)
        answer.keyAlgorithms(found.key)
    }
}

/// Signs a message or its digest.
struct Sign: JSONAction {
    let key: String
    let message: Data
    let kind: String?
    let algorithm: String
    let grantTokens: [String]?
    let isDryRun: Bool?

    private enum CodingKeys: String, CodingKey {
        case key = "KeyId"
        case message = "Message"
        case kind = "MessageType"
        case algorithm = "SigningAlgorithm"
        case grantTokens = "GrantTokens"
        case isDryRun = "DryRun"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        let message = try SignedMessage(message, kind)
        let algorithm: SigningAlgorithm = try KMSInput.word(algorithm, "signingAlgorithm")
        let outcome = try call.keys(dryRun: isDryRun) { (keys) throws(Failure) in
            try keys.sign(message, with: KeySelection(key, grantTokens: grantTokens ?? []), algorithm)
        }
        answer.field("KeyId", outcome.key.description)
        answer.field("Signature", bytes: outcome.bytes)
        answer.field("SigningAlgorithm", algorithm.rawValue)
    }
}

/// Checks a signature.
struct Verify: JSONAction {
    let key: String
    let message: Data
    let kind: String?
    let signature: Data
    let algorithm: String
    let grantTokens: [String]?
    let isDryRun: Bool?

    private enum CodingKeys: String, CodingKey {
        case key = "KeyId"
        case message = "Message"
        case kind = "MessageType"
        case signature = "Signature"
        case algorithm = "SigningAlgorithm"
        case grantTokens = "GrantTokens"
        case isDryRun = "DryRun"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        let message = try SignedMessage(message, kind)
        let signature = try KMSInput.bytes(signature, most: 6144, "signature")
        let algorithm: SigningAlgorithm = try KMSInput.word(algorithm, "signingAlgorithm")
        let arn = try call.keys(dryRun: isDryRun) { (keys) throws(Failure) in
            try keys.verify(signature, of: message, with: KeySelection(key, grantTokens: grantTokens ?? []), algorithm)
        }
        answer.field("KeyId", arn.description)
        answer.field("SignatureValid", true)
        answer.field("SigningAlgorithm", algorithm.rawValue)
    }
}

extension SignedMessage {
    private enum Kind: String, CaseIterable {
        case raw = "RAW"
        case digest = "DIGEST"
    }

    fileprivate init(_ message: Data, _ kind: String?) throws(APIError) {
        let bytes = try KMSInput.bytes(message, most: 4096, "message")
        let named: Kind = try KMSInput.word(kind ?? Kind.raw.rawValue, "messageType")
        self = named == .raw ? .raw(bytes) : .digest(bytes)
    }
}

/// An authentication code of a message.
struct GenerateMac: JSONAction {
    let key: String
    let message: Data
    let algorithm: String
    let grantTokens: [String]?
    let isDryRun: Bool?

    private enum CodingKeys: String, CodingKey {
        case key = "KeyId"
        case message = "Message"
        case algorithm = "MacAlgorithm"
        case grantTokens = "GrantTokens"
        case isDryRun = "DryRun"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        let message = try KMSInput.bytes(message, most: 4096, "message")
        let algorithm: MACAlgorithm = try KMSInput.word(algorithm, "macAlgorithm")
        let outcome = try call.keys(dryRun: isDryRun) { (keys) throws(Failure) in
            try keys.authenticationCode(of: message, with: KeySelection(key, grantTokens: grantTokens ?? []), algorithm)
        }
        answer.field("Mac", bytes: outcome.bytes)
        answer.field("MacAlgorithm", algorithm.rawValue)
        answer.field("KeyId", outcome.key.description)
    }
}

/// Checks an authentication code.
struct VerifyMac: JSONAction {
    let key: String
    let message: Data
    let algorithm: String
    let code: Data
    let grantTokens: [String]?
    let isDryRun: Bool?

    private enum CodingKeys: String, CodingKey {
        case key = "KeyId"
        case message = "Message"
        case algorithm = "MacAlgorithm"
        case code = "Mac"
        case grantTokens = "GrantTokens"
        case isDryRun = "DryRun"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        let message = try KMSInput.bytes(message, most: 4096, "message")
        let code = try KMSInput.bytes(code, most: 6144, "mac")
        let algorithm: MACAlgorithm = try KMSInput.word(algorithm, "macAlgorithm")
        let arn = try call.keys(dryRun: isDryRun) { (keys) throws(Failure) in
            try keys.verify(code: code, of: message, with: KeySelection(key, grantTokens: grantTokens ?? []), algorithm)
        }
        answer.field("KeyId", arn.description)
        answer.field("MacValid", true)
        answer.field("MacAlgorithm", algorithm.rawValue)
    }
}
