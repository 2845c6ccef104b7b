import Cloud
import FoundationEssentials
import Model

/// The secret that a pair shares with somebody else's.
struct DeriveSharedSecret: JSONAction {
    let key: String
    let algorithm: String
    let publicKey: Data
    let grantTokens: [String]?
    let isDryRun: Bool?

    private enum CodingKeys: String, CodingKey {
        case key = "KeyId"
        case algorithm = "KeyAgreementAlgorithm"
        case publicKey = "PublicKey"
        case grantTokens = "GrantTokens"
        case isDryRun = "DryRun"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        let algorithm: KeyAgreementAlgorithm = try KMSInput.word(algorithm, "keyAgreementAlgorithm")
        let other = try KMSInput.bytes(publicKey, most: 8192, "publicKey")
        let secret = try call.keys(dryRun: isDryRun) { (keys) throws(Failure) in
            try keys.sharedSecret(of: KeySelection(key, grantTokens: grantTokens ?? []), with: other)
        }
        answer.field("KeyId", secret.key.arn.description)
        answer.field("SharedSecret", bytes: secret.bytes)
        answer.field("KeyAgreementAlgorithm", algorithm.rawValue)
        answer.field("KeyOrigin", secret.key.origin.rawValue)
    }
}
