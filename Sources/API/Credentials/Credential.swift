import Model
import SigV4

/// An access key of an account.
package struct Credential: Sendable, Hashable {
    package let key: AccessKey
    package let account: AccountID
    package let created: Instant

    package var id: String { key.id }
    package var secret: String { key.secret }

    package init(key: AccessKey, account: AccountID, created: Instant) {
        self.key = key
        self.account = account
        self.created = created
    }
}

/// Without the secret, which `AccessKey` does not show either.
extension Credential: CustomStringConvertible, CustomDebugStringConvertible {
    package var description: String { "\(key) of \(account)" }
    package var debugDescription: String { description }
}

/// Where the access keys are that an endpoint accepts.
package protocol CredentialSource: Sendable {
    /// The credential of an access key's id; nil where there is none, or it was revoked.
    func credential(_ keyID: String) -> Credential?
}
