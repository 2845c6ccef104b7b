/// What a rule of the plane says to an action.
package enum AccessDecision: Hashable, Sendable {
    case allowed
    /// The call fails.
    case refused(PlaneError)
    /// The call succeeds, and what it makes fails for this reason, as AWS does it where a key cannot be used.
    case failing(StateReason)

    package var refusal: PlaneError? {
        if case .refused(let error) = self { error } else { nil }
    }
}

/// Why something is in its state: `Client.InternalError: Client error on launch`.
package struct StateReason: Hashable, Sendable {
    package let code: String
    package let message: String

    package init(code: String, message: String) {
        self.code = code
        self.message = message
    }

    package static let launchError = StateReason(code: "Client.InternalError", message: "Client error on launch")
    package static let unusableKey = StateReason(
        code: "Client.InvalidKMSKey.InvalidState", message: "The KMS key provided is in an incorrect state")
    package static let inaccessibleKey = StateReason(
        code: "Client.InvalidKMSKey", message: "Given key ID is not accessible")
}
