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

/// A product that an image belongs to.
package struct ProductCode: Hashable, Comparable, Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        case devpay, marketplace
    }

    package let code: String
    package let kind: Kind

    package init(_ code: String, kind: Kind = .marketplace) {
        self.code = code
        self.kind = kind
    }

    package static func < (a: Self, b: Self) -> Bool { (a.code, a.kind.rawValue) < (b.code, b.kind.rawValue) }
}
