/// What an account may do with the key under which a snapshot is encrypted: the outcome of its policy and grants.
package struct KeyAccess: Hashable, Sendable {
    /// One of the keys that AWS makes for each account. Nobody else can use it.
    package var isManagedByAWS: Bool
    /// Enabled, and not waiting for its deletion.
    package var isUsable: Bool
    /// What the account that asks may do.
    package var operations: Set<KeyOperation>

    package init(isManagedByAWS: Bool = false, isUsable: Bool = true, operations: Set<KeyOperation>) {
        self.isManagedByAWS = isManagedByAWS
        self.isUsable = isUsable
        self.operations = operations
    }

    /// Whether the account can decrypt what is encrypted under the key, and have it encrypted anew for a volume or a copy.
    package var opensSnapshots: Bool { operations.isSuperset(of: KeyOperation.ofSnapshots) }
}

/// Operations of KMS that EC2 does for the account that launches or copies.
package enum KeyOperation: String, Sendable, CaseIterable {
    case describeKey = "kms:DescribeKey"
    case createGrant = "kms:CreateGrant"
    case decrypt = "kms:Decrypt"
    case generateDataKey = "kms:GenerateDataKeyWithoutPlaintext"
    case reEncrypt = "kms:ReEncrypt*"

    /// All that a launch or a copy needs.
    package static let ofSnapshots = Set(allCases)
}

/// How a snapshot is encrypted, as the account that asks can use it.
package enum SnapshotEncryption: Hashable, Sendable {
    case none
    case key(KeyAccess)

    var isEncrypted: Bool { self != .none }

    var isUnderManagedKey: Bool {
        if case .key(let key) = self { key.isManagedByAWS } else { false }
    }
}
