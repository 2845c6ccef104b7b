/// The setting of an account in a region that says which images of others it lets in.
package struct AllowedImages: Hashable, Sendable {
    package enum State: String, Sendable, CaseIterable {
        case enabled
        case audit = "audit-mode"
        case disabled
    }

    package var state: State
    /// An image must meet one of them.
    package var criteria: [Criterion]

    package static let mostCriteria = 10
    package static let mostProviders = 200
    package static let mostNames = 50

    package init(state: State = .disabled, criteria: [Criterion] = []) {
        self.state = state
        self.criteria = criteria
    }

    /// All that is given must hold.
    package struct Criterion: Hashable, Sendable {
        /// Account ids and owner aliases; `none` for the own account alone.
        package var providers: [String] = []
        package var productCodes: [String] = []
        package var names: [FilterPattern] = []
        package var mostDaysSinceDeprecation: Int?
        package var mostDaysSinceCreation: Int?

        package init() {}
    }

    /// What the criteria look at.
    package struct Candidate: Hashable, Sendable {
        package var owner: AccountID
        package var ownerAlias: OwnerAlias?
        package var name: String
        package var productCodes: [String]
        package var created: Instant
        package var deprecation: Instant?

        package init(
            owner: AccountID, ownerAlias: OwnerAlias? = nil, name: String, productCodes: [String] = [], created: Instant,
            deprecation: Instant? = nil
        ) {
            self.owner = owner
            self.ownerAlias = ownerAlias
            self.name = name
            self.productCodes = productCodes
            self.created = created
            self.deprecation = deprecation
        }
    }

    /// Whether the account may use the image, or might, while the setting is in audit mode. Own images always pass.
    package func allows(_ image: Candidate, by caller: Caller, at now: Instant) -> Bool {
        caller.isAccount(image.owner) || criteria.contains { $0.accepts(image, at: now) }
    }

    /// Of what is beyond EC2's bounds.
    package var refusal: PlaneError? {
        func beyond(_ what: String, _ most: Int) -> PlaneError {
            PlaneError(.invalidParameterValue, "At most \(most) \(what) are allowed.")
        }
        if criteria.count > Self.mostCriteria { return beyond("image criteria", Self.mostCriteria) }
        for criterion in criteria {
            if criterion.providers.count > Self.mostProviders { return beyond("image providers", Self.mostProviders) }
            if criterion.names.count > Self.mostNames { return beyond("image names", Self.mostNames) }
            if criterion.productCodes.count > Self.mostNames { return beyond("product codes", Self.mostNames) }
        }
        return nil
    }

    /// As DescribeImages shows it; nil while the setting is off.
    package func mark(_ image: Candidate, by caller: Caller, at now: Instant) -> Bool? {
        state == .disabled ? nil : allows(image, by: caller, at: now)
    }
}

extension AllowedImages.Criterion {
    fileprivate func accepts(_ image: AllowedImages.Candidate, at now: Instant) -> Bool {
        func isWithin(_ days: Int?, since instant: Instant?) -> Bool {
            guard let days, let instant else { return true }
            return now <= instant + .days(Int64(days))
        }
        let isOfProvider = providers.contains { $0 == image.owner.description || $0 == image.ownerAlias?.rawValue }
        return (providers.isEmpty || isOfProvider)
            && (productCodes.isEmpty || image.productCodes.contains { productCodes.contains($0) })
            && (names.isEmpty || names.contains { $0.matches(image.name) })
            && isWithin(mostDaysSinceDeprecation, since: image.deprecation)
            && isWithin(mostDaysSinceCreation, since: image.created)
    }
}
