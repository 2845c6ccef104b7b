/// A grant on a key: a permission that its owner, or somebody it let, gave to one principal.
package struct KeyGrant: Hashable, Sendable {
    /// 64 hexadecimal digits.
    package var id: String
    /// What the grantee may show so that the grant counts at once. Here it always does.
    package var token: String
    package var key: KeyID
    package var name: String?
    package var grantee: GrantPrincipal
    package var retiring: GrantPrincipal?
    package var operations: [KeyOperation]
    package var constraints: Constraints
    package var issuer: AccountID
    package var created: Instant

    package init(
        id: String, token: String, key: KeyID, name: String? = nil, grantee: GrantPrincipal, retiring: GrantPrincipal? = nil,
        operations: [KeyOperation], constraints: Constraints = Constraints(), issuer: AccountID, created: Instant
    ) {
        self.id = id
        self.token = token
        self.key = key
        self.name = name
        self.grantee = grantee
        self.retiring = retiring
        self.operations = operations
        self.constraints = constraints
        self.issuer = issuer
        self.created = created
    }

    /// What the encryption context of a request must be for the grant to count.
    package struct Constraints: Hashable, Sendable, Codable {
        /// The context has these pairs.
        package var subset: [String: String]?
        /// The context is these pairs.
        package var equals: [String: String]?

        package init(subset: [String: String]? = nil, equals: [String: String]? = nil) {
            self.subset = subset
            self.equals = equals
        }

        package var isEmpty: Bool { subset == nil && equals == nil }

        package func accept(_ context: [String: String]) -> Bool {
            if let equals, equals != context { return false }
            return subset?.allSatisfy { context[$0.key] == $0.value } ?? true
        }

        /// Whether every context that this lets through passes the others too.
        package func areAsStrict(as others: Constraints) -> Bool {
            if others.isEmpty { return true }
            if let equals { return others.accept(equals) }
            guard let subset, others.equals == nil, let needed = others.subset else { return false }
            return needed.allSatisfy { subset[$0.key] == $0.value }
        }
    }

    package func allows(_ request: KeyRequest) -> Bool {
        guard grantee.includes(request.caller.principal), operations.contains(request.operation) else { return false }
        return !request.operation.takesContext || constraints.accept(request.context)
    }

    /// Whether who has this grant may give out `other`: nobody gives more than what is his.
    package func permits(_ other: KeyGrant) -> Bool {
        operations.contains(.createGrant) && Set(other.operations).isSubset(of: operations)
            && other.constraints.areAsStrict(as: constraints)
    }
}

/// Whom a grant names: an account, or a user, role or service by its ARN or name.
package struct GrantPrincipal: Hashable, Sendable, CustomStringConvertible {
    /// As it was given.
    package let description: String

    /// Nil where it is no ARN of a principal, no account and no service.
    package init?(_ text: String) {
        let isARN = ARN(text).map { ($0.service == "iam" || $0.service == "sts") && $0.accountID != nil } ?? false
        guard isARN || (try? AccountID(parsing: text)) != nil || (try? ServicePrincipal(parsing: text)) != nil else { return nil }
        description = text
    }

    package func includes(_ principal: Principal) -> Bool {
        description == principal.description || principal.account.map { $0.description == description } ?? false
    }
}
