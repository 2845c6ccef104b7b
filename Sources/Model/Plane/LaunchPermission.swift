/// One entry of the list of who may launch an image.
package enum LaunchPermission: Hashable, Comparable, Sendable {
    /// The group `all`: the image is public.
    case everyone
    case account(AccountID)
    case organization(OrganizationARN)
    /// A unit, and all units below it.
    case unit(UnitARN)

    package func reaches(_ caller: Caller) -> Bool {
        switch self {
        case .everyone: true
        case .account(let id): caller.isAccount(id)
        case .organization(let arn): caller.organization == arn
        case .unit(let arn): caller.units.contains(arn)
        }
    }

    package static func < (a: Self, b: Self) -> Bool { (a.kind.rawValue, a.grantee) < (b.kind.rawValue, b.grantee) }
}

// As catalogues keep it: a kind and a name.
extension LaunchPermission {
    package enum Kind: String, Sendable, CaseIterable {
        case account, group, organization, unit
    }

    package var kind: Kind {
        switch self {
        case .everyone: .group
        case .account: .account
        case .organization: .organization
        case .unit: .unit
        }
    }

    package var grantee: String {
        switch self {
        case .everyone: Self.all
        case .account(let id): id.description
        case .organization(let arn): arn.description
        case .unit(let arn): arn.description
        }
    }

    /// The one group that there is.
    package static let all = "all"

    package init(_ kind: Kind, _ grantee: String) throws(Failure) {
        switch kind {
        case .account: self = .account(try AccountID(parsing: grantee))
        case .organization: self = .organization(try OrganizationARN(parsing: grantee))
        case .unit: self = .unit(try UnitARN(parsing: grantee))
        case .group:
            guard grantee == Self.all else {
                throw Failure(.invalid, "there is no group \"\(grantee)\"", hint: "the only group is \(Self.all)")
            }
            self = .everyone
        }
    }
}
