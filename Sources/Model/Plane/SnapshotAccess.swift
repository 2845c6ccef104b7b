/// What decides over the use of a snapshot. The one place for it.
package struct SnapshotAccess: Hashable, Sendable {
    package var id: SnapshotID
    package var owner: AccountID
    /// Who may make volumes of it: accounts, or everyone.
    package var permissions: Set<LaunchPermission>
    package var encryption: SnapshotEncryption
    package var hasProducts: Bool

    package init(
        id: SnapshotID, owner: AccountID, permissions: Set<LaunchPermission> = [], encryption: SnapshotEncryption = .none,
        hasProducts: Bool = false
    ) {
        self.id = id
        self.owner = owner
        self.permissions = permissions
        self.encryption = encryption
        self.hasProducts = hasProducts
    }

    /// Who may see it, make a volume of it and copy it.
    package func isVisible(to caller: Caller) -> Bool {
        caller.isAccount(owner) || permissions.contains { $0.reaches(caller) }
    }

    /// Of making a copy or a volume of it, which takes the use of its key too.
    package func use(by caller: Caller) -> AccessDecision {
        guard isVisible(to: caller) else { return .refused(.notFound(snapshot: id)) }
        return isClosed(to: caller) ? .failing(.inaccessibleKey) : .allowed
    }

    /// Whether its key keeps the caller from reading it.
    func isClosed(to caller: Caller) -> Bool {
        guard case .key(let key) = encryption else { return false }
        return (key.isManagedByAWS && !caller.isAccount(owner)) || !key.opensSnapshots || !key.isUsable
    }

    /// Of changing, deleting or reading the attributes: for the owner alone.
    package func refusal(toModify caller: Caller) -> PlaneError? {
        if caller.isAccount(owner) { return nil }
        return isVisible(to: caller)
            ? PlaneError(.operationNotPermitted, "The snapshot '\(id)' is not owned by you.") : .notFound(snapshot: id)
    }

    /// Of giving others the permission to make volumes.
    package func refusal(
        toShareWith added: Set<LaunchPermission>, by caller: Caller, while publicAccess: SnapshotPublicAccess = .unblocked
    ) -> PlaneError? {
        if let refusal = refusal(toModify: caller) { return refusal }
        if added.isEmpty { return nil }
        if encryption.isUnderManagedKey { return .defaultKeySnapshotShared }
        if added.contains(.everyone) && encryption.isEncrypted { return .encryptedPublic }
        if added.contains(.everyone) && hasProducts { return .productPublic(id) }
        if added.contains(.everyone) && publicAccess != .unblocked { return .snapshotPublicAccessBlocked }
        return nil
    }
}
