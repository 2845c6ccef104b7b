/// A key with all that decides over its use. The one place for it.
package struct KeyAuthorization: Hashable, Sendable {
    package var key: KeyARN
    package var manager: KeyManager
    package var state: KeyState
    package var policy: KeyPolicy
    package var grants: [KeyGrant]

    package init(
        key: KeyARN, manager: KeyManager = .customer, state: KeyState = .enabled, policy: KeyPolicy, grants: [KeyGrant] = []
    ) {
        self.key = key
        self.manager = manager
        self.state = state
        self.policy = policy
        self.grants = grants
    }

    /// How a request is allowed.
    package enum Way: Hashable, Sendable {
        case policy
        /// By these grants alone.
        case grants([KeyGrant])
    }

    /// Whether the caller may do it, whatever the key's state: nil where it may not.
    ///
    /// A statement of the policy that forbids it decides. Else it takes one statement that allows it, or one grant. Accounts have all
    /// rights of their own, so nothing else is asked, also of an account that is not the key's.
    package func way(for request: KeyRequest) -> Way? {
        switch policy.verdict(on: request, key: key) {
        case .denies: return nil
        case .allows: return .policy
        case .isSilent:
            let counting = grants.filter { $0.key == key.id && $0.allows(request) }
            return counting.isEmpty ? nil : .grants(counting)
        }
    }

    /// Of an operation: first whether the caller may do it, then whether the key can.
    package func refusal(of request: KeyRequest) -> PlaneError? {
        if way(for: request) == nil {
            let isForbidden = policy.verdict(on: request, key: key) == .denies
            return .accessDenied(request.operation, to: request.caller.principal, on: key, isForbidden: isForbidden)
        }
        return state.refusal(of: request.operation, on: key)
    }

    /// What the caller may have EC2 do with the key in a region.
    package func access(ofEC2For caller: Caller, in region: RegionName) -> KeyAccess {
        KeyAccess(
            isManagedByAWS: manager == .aws, isUsable: state == .enabled,
            operations: KeyOperation.ofSnapshots.filter { way(for: .ofEC2($0, for: caller, in: region)) != nil })
    }
}

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

    /// A key that is gone for good.
    package static let destroyed = KeyAccess(isUsable: false, operations: [])

    /// Whether the account can decrypt what is encrypted under the key, and have it encrypted anew for a volume or a copy.
    package var opensSnapshots: Bool { operations.isSuperset(of: KeyOperation.ofSnapshots) }
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
