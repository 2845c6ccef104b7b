/// An organization: accounts in a tree of units.
package struct Organization: Hashable, Sendable {
    package let arn: OrganizationARN
    package private(set) var units: [Unit]

    package struct Unit: Hashable, Sendable {
        package let arn: UnitARN
        package let name: String
        /// Nil where it is right below the root.
        package let parent: UnitARN?

        package init(arn: UnitARN, name: String, parent: UnitARN? = nil) {
            self.arn = arn
            self.name = name
            self.parent = parent
        }
    }

    /// A unit's parent stands before it.
    package init(arn: OrganizationARN, units: [Unit] = []) {
        self.arn = arn
        self.units = units
    }

    /// The unit and all above it, the innermost first.
    package func path(to unit: UnitARN) -> [UnitARN] {
        var path: [UnitARN] = []
        var next: UnitARN? = unit
        // Parents stand before their children, so a document cannot make a circle; the count is a second wall.
        while let arn = next, path.count <= units.count {
            path.append(arn)
            next = units.first { $0.arn == arn }?.parent
        }
        return path
    }
}

/// An account that the plane knows.
package struct Account: Hashable, Sendable {
    package let id: AccountID
    package let name: String
    package let isInOrganization: Bool
    /// Nil where it is right below the root of the organization, or outside of it.
    package let unit: UnitARN?
    /// `amazon` or `aws-marketplace`, for accounts that stand for AWS's own publishers.
    package let alias: OwnerAlias?
    /// The codes of the products that it has subscribed to; nil for every product.
    package let subscriptions: Set<String>?

    package init(
        id: AccountID, name: String, isInOrganization: Bool = false, unit: UnitARN? = nil, alias: OwnerAlias? = nil,
        subscriptions: Set<String>? = nil
    ) {
        self.id = id
        self.name = name
        self.isInOrganization = isInOrganization
        self.unit = unit
        self.alias = alias
        self.subscriptions = subscriptions
    }

    /// Amazon's own account, which owns public images in every region.
    package static let amazon = Account(id: .amazon, name: "amazon", alias: .amazon)
}

/// The names that EC2 has for publishers of its own.
package enum OwnerAlias: String, Sendable, CaseIterable {
    case amazon
    case marketplace = "aws-marketplace"
    case backupVault = "aws-backup-vault"
}

/// All accounts, and how they belong together.
package struct AccountDirectory: Hashable, Sendable {
    /// The first one acts where no other is named.
    package let accounts: [Account]
    package let organization: Organization?

    /// There must be an account.
    package init(accounts: [Account], organization: Organization? = nil) {
        precondition(!accounts.isEmpty, "a plane has at least one account")
        self.accounts = accounts
        self.organization = organization
    }

    package var first: Account { accounts[0] }

    /// Amazon's account is known everywhere.
    package func account(_ id: AccountID) -> Account? {
        accounts.first { $0.id == id } ?? (id == Account.amazon.id ? .amazon : nil)
    }

    package func accounts(under alias: OwnerAlias) -> [Account] {
        let known = accounts.filter { $0.alias == alias }
        return alias == .amazon && !known.contains { $0.id == Account.amazon.id } ? known + [.amazon] : known
    }

    /// What permissions can reach a principal through. An account that is not in the directory is a stranger: it has its id only.
    package func caller(_ principal: Principal) -> Caller {
        guard let id = principal.account, let account = account(id) else { return Caller(principal) }
        guard account.isInOrganization, let organization else {
            return Caller(principal, subscriptions: account.subscriptions)
        }
        return Caller(
            principal, organization: organization.arn, units: account.unit.map { organization.path(to: $0) } ?? [],
            subscriptions: account.subscriptions)
    }
}
