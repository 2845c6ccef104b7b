/// Under which key a new snapshot or volume is encrypted: what was asked, what it is made of, and the account's setting. The one place
/// for it.
package struct VolumeEncryption: Hashable, Sendable {
    /// What the request says.
    package var isAsked: Bool
    package var namesKey: Bool
    /// What it is made of; nil for nothing, or something that is not encrypted.
    package var source: Source?
    /// The account's setting for new volumes and copies.
    package var isByDefault: Bool
    /// A copy that is asked to be encrypted without a key goes under the default one, whatever the original is under.
    package var isCopy: Bool

    /// An encrypted snapshot.
    package enum Source: Hashable, Sendable {
        /// The account's own, in the same region.
        case own
        /// Shared by another account, or in another region.
        case foreign
    }

    package init(isAsked: Bool, namesKey: Bool, source: Source?, isByDefault: Bool, isCopy: Bool) {
        self.isAsked = isAsked
        self.namesKey = namesKey
        self.source = source
        self.isByDefault = isByDefault
        self.isCopy = isCopy
    }

    package enum Target: Hashable, Sendable {
        case none
        /// That of the source.
        case sameKey
        case namedKey
        /// The one that the account has chosen, or AWS's.
        case defaultKey
    }

    /// What is encrypted never becomes open again.
    package func target() throws(PlaneError) -> Target {
        if namesKey {
            if isAsked || isByDefault { return .namedKey }
            throw PlaneError(
                .invalidParameterDependency, "The parameter KmsKeyId requires the parameter Encrypted to be set.")
        }
        switch source {
        case .own: return isAsked && isCopy ? .defaultKey : .sameKey
        case .foreign: return .defaultKey
        case nil: return isAsked || isByDefault ? .defaultKey : .none
        }
    }
}
