/// What decides over the use of an image: who may see it, launch it, copy it, change it and share it. The one place for it.
///
/// The facts are those of one image at one moment, and of its keys and of the setting of allowed images as they are for the caller.
package struct ImageAccess: Hashable, Sendable {
    package var id: ImageID
    package var owner: AccountID
    package var state: ImageState
    package var permissions: Set<LaunchPermission>
    /// When the image is or was deprecated.
    package var deprecation: Instant?
    package var snapshots: [SnapshotAccess]
    package var products: [ProductCode]
    package var hasBillingProducts: Bool
    package var hasWatermarks: Bool
    package var isOnInstanceStore: Bool
    /// The caller's setting of allowed images is enabled, and does not let this image through.
    package var isExcluded: Bool

    package init(
        id: ImageID, owner: AccountID, state: ImageState = .available, permissions: Set<LaunchPermission> = [],
        deprecation: Instant? = nil, snapshots: [SnapshotAccess] = [], products: [ProductCode] = [],
        hasBillingProducts: Bool = false, hasWatermarks: Bool = false, isOnInstanceStore: Bool = false, isExcluded: Bool = false
    ) {
        self.id = id
        self.owner = owner
        self.state = state
        self.permissions = permissions
        self.deprecation = deprecation
        self.snapshots = snapshots
        self.products = products
        self.hasBillingProducts = hasBillingProducts
        self.hasWatermarks = hasWatermarks
        self.isOnInstanceStore = isOnInstanceStore
        self.isExcluded = isExcluded
    }

    package var isPublic: Bool { permissions.contains(.everyone) }
}

// MARK: Seeing

extension ImageAccess {
    /// Whether the image is the caller's, or shared with it.
    package func isPermitted(to caller: Caller) -> Bool {
        caller.isAccount(owner) || permissions.contains { $0.reaches(caller) }
    }

    /// Whether the image exists for the caller. Own images are never excluded.
    package func isVisible(to caller: Caller) -> Bool {
        guard state != .deregistered, isPermitted(to: caller) else { return false }
        return caller.isAccount(owner) || !isExcluded
    }

    /// Whether a list has the image. `byID` says that the request names it.
    package func isListed(
        to caller: Caller, at now: Instant, byID: Bool = false, includingDeprecated: Bool = false,
        includingDisabled: Bool = false
    ) -> Bool {
        guard isVisible(to: caller), state != .disabled || includingDisabled else { return false }
        let isDeprecated = deprecation.map { $0 <= now } ?? false
        return !isDeprecated || byID || includingDeprecated || caller.isAccount(owner)
    }
}

// MARK: Changing

extension ImageAccess {
    /// Of reading or changing attributes: for the owner alone.
    package func refusal(toModify caller: Caller) -> PlaneError? {
        if state == .deregistered { return caller.isAccount(owner) ? .unavailable(id) : .notFound(images: [id]) }
        return caller.isAccount(owner) ? nil : .notAuthorized(for: id)
    }

    /// Of changing what only a whole image has.
    package func refusal(toModifyAvailable caller: Caller) -> PlaneError? {
        refusal(toModify: caller) ?? (state == .available ? nil : .unavailable(id))
    }

    /// Of letting others launch the image.
    package func refusal(
        toShareWith added: Set<LaunchPermission>, by caller: Caller, whilePublicAccessIsBlocked isBlocked: Bool
    ) -> PlaneError? {
        if let refusal = refusal(toModifyAvailable: caller) { return refusal }
        if added.isEmpty { return nil }
        if added.contains(.everyone) {
            if isBlocked { return .publicAccessBlocked }
            if snapshots.contains(where: \.encryption.isEncrypted) { return .encryptedPublic }
            if hasWatermarks { return .watermarkedPublic(id) }
            if !products.isEmpty { return .productPublic(id) }
        }
        return snapshots.contains(where: \.encryption.isUnderManagedKey) ? .managedKeyShared : nil
    }

    /// Of deregistering.
    package func refusal(
        toDeregister caller: Caller, protection: DeregistrationProtection, at now: Instant
    ) -> PlaneError? {
        refusal(toModify: caller) ?? (protection.protects(at: now) ? .protected(id) : nil)
    }
}

// MARK: Using

extension ImageAccess {
    /// Of launching an instance.
    package func launch(by caller: Caller) -> AccessDecision {
        guard isPermitted(to: caller) else { return .refused(.notAuthorized(toLaunch: id)) }
        guard state == .available else { return .refused(.unavailable(id)) }
        if !caller.isAccount(owner) {
            if isExcluded { return .refused(.notFound(images: [id])) }
            if let refusal = ProductCode.refusal(toUse: products, by: caller) { return .refused(refusal) }
        }
        for case .key(let key) in snapshots.map(\.encryption) {
            if !key.opensSnapshots || (key.isManagedByAWS && !caller.isAccount(owner)) { return .failing(.launchError) }
            if !key.isUsable { return .failing(.unusableKey) }
        }
        return .allowed
    }

    /// Of copying, which also takes the permission to read the snapshots.
    package func copy(by caller: Caller) -> AccessDecision {
        guard isVisible(to: caller) else { return .refused(.notFound(images: [id])) }
        guard state == .available else { return .refused(.unavailable(id)) }
        if !caller.isAccount(owner) {
            if !products.isEmpty { return .refused(.marketplaceCopy) }
            if hasBillingProducts { return .refused(.billingProductCopy) }
            // A bundle lies in a bucket of the owner's, which shares nothing.
            if isOnInstanceStore || !snapshots.allSatisfy({ $0.isVisible(to: caller) }) { return .refused(.noStoragePermission) }
        }
        return snapshots.contains { $0.isClosed(to: caller) } ? .failing(.inaccessibleKey) : .allowed
    }
}
