import Crypto
import Model

/// A key as the catalogue of its region holds it, without its material.
package struct KeyRecord: Sendable, Hashable {
    package var arn: KeyARN
    package var spec: KeySpec
    package var usage: KeyUsage
    package var origin: KeyOrigin
    package var manager: KeyManager
    package var state: KeyState
    package var description: String
    package var created: Instant
    /// When its material is destroyed; nil where it is not to be, or waits for its replicas.
    package var deletion: Instant?
    /// Days between ScheduleKeyDeletion and the deletion; nil where none was asked for.
    package var deletionWindow: Int?
    package var policy: KeyPolicy
    /// The region of the primary key; nil for a key of one region.
    package var primary: RegionName?
    package var rotation: Rotation?
    /// Counts from 1. What was encrypted under older material is decrypted with it.
    package var material: Int
    /// Of a key whose material its owner has imported, also once it is gone again.
    package var imported: Imported?

    /// What a key remembers of its imported material: no other one is ever taken.
    package struct Imported: Sendable, Hashable {
        /// Of the key's id and the material.
        package var digest: Digest
        /// When the material goes by itself.
        package var validTo: Instant?
    }

    /// Whether its material is gone by its own date.
    package func isExpired(at time: Instant) -> Bool { imported?.validTo.map { $0 <= time } ?? false }

    /// The material is changed by itself.
    package struct Rotation: Sendable, Hashable {
        /// Days.
        package var period: Int
        package var next: Instant
    }

    /// What names one of the materials of a symmetric key, the same for its relatives in other regions; nil for other keys.
    package func materialID(_ number: Int) -> String? {
        guard spec == .symmetric else { return nil }
        if origin == .external { return imported?.digest.hex }
        return SHA256.digest(of: "key material\n\(id)\n\(number)").hex
    }

    package var id: KeyID { arn.id }
    package var owner: AccountID { arn.account }
    package var isReplica: Bool { primary.map { $0 != arn.region } ?? false }
}

/// A key with its relatives in other regions.
package struct KeyDescription: Sendable, Hashable {
    package var key: KeyRecord
    /// Of a multi-Region key: the regions of the replicas that there are.
    package var replicas: [RegionName]
}

/// A name for a key.
package struct KeyAlias: Sendable, Hashable {
    package var name: AliasName
    package var key: KeyID
    package var created: Instant
    package var updated: Instant
}

/// A change of a key's material.
package struct KeyRotation: Sendable, Hashable {
    package var number: Int
    package var date: Instant
    package var isOnDemand: Bool
}

/// CreateKey.
package struct KeyCreation: Sendable {
    /// The document; nil for the usual one.
    package var policy: String?
    package var description: String
    package var usage: KeyUsage
    package var spec: KeySpec
    package var origin: KeyOrigin
    package var isMultiRegion: Bool
    /// The owner may lock itself out.
    package var skipsLockoutCheck: Bool
    package var tags: TagSet

    package init(
        policy: String? = nil, description: String = "", usage: KeyUsage = .encryptDecrypt, spec: KeySpec = .symmetric,
        origin: KeyOrigin = .kms, isMultiRegion: Bool = false, skipsLockoutCheck: Bool = false, tags: TagSet = TagSet()
    ) {
        self.policy = policy
        self.description = description
        self.usage = usage
        self.spec = spec
        self.origin = origin
        self.isMultiRegion = isMultiRegion
        self.skipsLockoutCheck = skipsLockoutCheck
        self.tags = tags
    }
}

/// CreateGrant.
package struct GrantCreation: Sendable {
    /// An id or an ARN.
    package var key: String
    package var grantee: GrantPrincipal
    package var retiring: GrantPrincipal?
    package var operations: [KeyOperation]
    package var constraints: KeyGrant.Constraints
    package var name: String?

    package init(
        key: String, grantee: GrantPrincipal, retiring: GrantPrincipal? = nil, operations: [KeyOperation],
        constraints: KeyGrant.Constraints = .init(), name: String? = nil
    ) {
        self.key = key
        self.grantee = grantee
        self.retiring = retiring
        self.operations = operations
        self.constraints = constraints
        self.name = name
    }
}

/// A key as a request names it, with the grants that its caller shows.
package struct KeySelection: Sendable, Hashable {
    /// An id, an ARN, an alias or an alias's ARN.
    package var name: String
    package var grantTokens: [String]

    package init(_ name: String, grantTokens: [String] = []) {
        self.name = name
        self.grantTokens = grantTokens
    }
}
