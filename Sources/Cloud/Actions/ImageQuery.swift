import Model

/// Which images to describe.
package struct ImageQuery: Hashable, Sendable {
    /// Nil for all that the account can see; one that it cannot see is an error.
    package var ids: [ImageID]?
    /// Owners, of which one must hold; empty for all.
    package var owners: [Owner]
    /// Who must have the permission to launch the images; empty for anyone.
    package var executableBy: [Executor]
    package var filters: [ResourceFilter]
    package var includesDeprecated: Bool
    package var includesDisabled: Bool
    /// At most so many images; nil for all.
    package var limit: Int?
    package var after: PageToken?

    package enum Owner: Hashable, Sendable {
        /// The account that asks.
        case own
        case account(AccountID)
        case alias(OwnerAlias)
    }

    package enum Executor: Hashable, Sendable {
        /// Shared with the account that asks, or with its organization or units.
        case own
        /// Public.
        case everyone
        /// Shared with that account by name.
        case account(AccountID)
    }

    package init(
        ids: [ImageID]? = nil, owners: [Owner] = [], executableBy: [Executor] = [], filters: [ResourceFilter] = [],
        includesDeprecated: Bool = false, includesDisabled: Bool = false, limit: Int? = nil, after: PageToken? = nil
    ) {
        self.ids = ids
        self.owners = owners
        self.executableBy = executableBy
        self.filters = filters
        self.includesDeprecated = includesDeprecated
        self.includesDisabled = includesDisabled
        self.limit = limit
        self.after = after
    }
}

/// An image as an account sees it: of another's image neither tags nor the last launch.
package struct ImageDescription: Hashable, Sendable {
    package var image: ImageRecord
    package var ownerAlias: OwnerAlias?
    /// By the account's setting of allowed images; nil while that is off.
    package var isAllowed: Bool?
    /// The time of the description, which decides what is said of a cooldown.
    package var now: Instant

    package init(image: ImageRecord, ownerAlias: OwnerAlias? = nil, isAllowed: Bool? = nil, now: Instant) {
        self.image = image
        self.ownerAlias = ownerAlias
        self.isAllowed = isAllowed
        self.now = now
    }
}

/// One image of an ancestry, as GetImageAncestry lists it.
package struct ImageAncestor: Hashable, Sendable {
    package var image: ImageID
    package var created: Instant?
    package var ownerAlias: OwnerAlias?
    /// What it was made of.
    package var source: ImageSource?

    package init(image: ImageID, created: Instant?, ownerAlias: OwnerAlias?, source: ImageSource?) {
        self.image = image
        self.created = created
        self.ownerAlias = ownerAlias
        self.source = source
    }
}

/// Something that refers to an image: `ssm:Parameter`, `arn:aws:ssm:…`.
package struct ImageReferenceEntry: Hashable, Sendable {
    package var image: ImageID
    package var kind: Kind
    package var arn: String

    package enum Kind: String, Sendable, CaseIterable {
        case instance = "ec2:Instance"
        case launchTemplate = "ec2:LaunchTemplate"
        case parameter = "ssm:Parameter"
        case recipe = "imagebuilder:ImageRecipe"
    }

    package init(image: ImageID, kind: Kind, arn: String) {
        self.image = image
        self.kind = kind
        self.arn = arn
    }
}

/// What became of a snapshot when its image was deregistered.
package struct SnapshotDeletion: Hashable, Sendable {
    package enum Outcome: String, Sendable {
        case success, skipped
    }

    package var snapshot: SnapshotID
    package var outcome: Outcome

    package init(_ snapshot: SnapshotID, _ outcome: Outcome) {
        self.snapshot = snapshot
        self.outcome = outcome
    }
}
