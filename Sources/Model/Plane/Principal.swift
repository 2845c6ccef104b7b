/// Who asks: an account, with all its rights, or a service of AWS.
package enum Principal: Hashable, Sendable, CustomStringConvertible {
    case account(AccountID)
    case service(ServicePrincipal)

    package var account: AccountID? {
        if case .account(let id) = self { id } else { nil }
    }

    /// As policies name it: `arn:aws:iam::111111111111:root`, `imagebuilder.amazonaws.com`.
    package var description: String {
        switch self {
        case .account(let id): ARN("iam", of: id, "root").description
        case .service(let service): service.description
        }
    }
}

/// The name of a service as policies write it: `imagebuilder.amazonaws.com`.
package struct ServicePrincipal: TextValue {
    package let description: String

    package init(parsing text: String) throws(Failure) {
        let name = text.dropLast(Self.suffix.count)
        guard text.hasSuffix(Self.suffix), (1...63).contains(name.utf8.count), name.isMadeOfLettersDigits(and: "-.") else {
            throw Failure(
                .invalid, "\"\(text)\" is not the name of a service", hint: "write it like imagebuilder\(Self.suffix)")
        }
        description = text
    }

    private static let suffix = ".amazonaws.com"
}

/// A principal with the organization and the units that permissions may reach it through.
package struct Caller: Hashable, Sendable {
    package let principal: Principal
    package let organization: OrganizationARN?
    /// The unit that the account is in, and those above.
    package let units: [UnitARN]
    /// The codes of the products that the account has subscribed to; nil for every product.
    package let subscriptions: Set<String>?

    package init(
        _ principal: Principal, organization: OrganizationARN? = nil, units: [UnitARN] = [], subscriptions: Set<String>? = nil
    ) {
        self.principal = principal
        self.organization = organization
        self.units = units
        self.subscriptions = subscriptions
    }

    func isSubscribed(to product: ProductCode) -> Bool { subscriptions?.contains(product.code) ?? true }

    package func isAccount(_ id: AccountID) -> Bool { principal == .account(id) }
}
