/// The state of a key, with KMS's words.
package enum KeyState: String, Sendable, Codable, CaseIterable {
    case enabled = "Enabled"
    case disabled = "Disabled"
    case pendingDeletion = "PendingDeletion"
    /// A primary key that waits until its replicas are gone.
    case pendingReplicaDeletion = "PendingReplicaDeletion"
    /// Without material, which its owner has to import.
    case pendingImport = "PendingImport"

    /// Of an operation on a key in this state.
    package func refusal(of operation: KeyOperation, on key: KeyARN) -> PlaneError? {
        switch self {
        case .enabled:
            return operation == .cancelKeyDeletion ? Self.invalid("\(key) is not pending deletion.") : nil
        case .disabled:
            if operation == .cancelKeyDeletion { return Self.invalid("\(key) is not pending deletion.") }
            return operation.needsEnabledKey ? PlaneError(.disabledException, "\(key) is disabled.") : nil
        case .pendingDeletion:
            return operation.needsLivingKey ? Self.invalid("\(key) is pending deletion.") : nil
        case .pendingReplicaDeletion:
            return operation.needsLivingKey ? Self.invalid("\(key) is pending replica deletion.") : nil
        case .pendingImport:
            if operation == .cancelKeyDeletion { return Self.invalid("\(key) is not pending deletion.") }
            return operation.needsEnabledKey || operation == .enableKey || operation == .disableKey
                ? Self.invalid("\(key) is pending import.") : nil
        }
    }

    private static func invalid(_ message: String) -> PlaneError { PlaneError(.kmsInvalidStateException, message) }
}

/// Who manages a key, with KMS's words.
package enum KeyManager: String, Sendable, Codable, CaseIterable {
    /// One of those that AWS makes for each account: nobody can change it or share what is under it.
    case aws = "AWS"
    case customer = "CUSTOMER"
}

/// Where a key's material is from, with KMS's words.
package enum KeyOrigin: String, Sendable, Codable, CaseIterable {
    case kms = "AWS_KMS"
    case external = "EXTERNAL"
}

/// How many days a deleted key can still be brought back.
package enum KeyDeletionWindow {
    package static let days = 7...30
    package static let usual = 30
}

/// How often a key's material is changed.
package enum KeyRotationPeriod {
    package static let days = 90...2560
    package static let usual = 365
    /// By RotateKeyOnDemand, over a key's life.
    package static let mostOnDemand = 25
}
