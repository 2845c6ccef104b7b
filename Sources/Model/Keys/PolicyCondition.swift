/// A condition of a policy's statement: one operator, one key, and the values of which one must be met.
package struct PolicyCondition: Hashable, Sendable {
    package enum Operator: String, Sendable, CaseIterable {
        case stringEquals = "StringEquals"
        case stringNotEquals = "StringNotEquals"
        case stringEqualsIgnoreCase = "StringEqualsIgnoreCase"
        case stringNotEqualsIgnoreCase = "StringNotEqualsIgnoreCase"
        case stringLike = "StringLike"
        case stringNotLike = "StringNotLike"
        case arnEquals = "ArnEquals"
        case arnNotEquals = "ArnNotEquals"
        case arnLike = "ArnLike"
        case arnNotLike = "ArnNotLike"
        case bool = "Bool"
        case null = "Null"
        /// IAM has it, and it is not looked at here.
        case other

        var isNegated: Bool {
            switch self {
            case .stringNotEquals, .stringNotEqualsIgnoreCase, .stringNotLike, .arnNotEquals, .arnNotLike: true
            default: false
            }
        }
    }

    /// For keys of several values.
    package enum Quantifier: String, Sendable, CaseIterable {
        case all = "ForAllValues"
        case any = "ForAnyValue"
    }

    package var operation: Operator
    package var quantifier: Quantifier?
    /// `…IfExists`: also met where the request does not have the key.
    package var isOptional: Bool
    /// In lower case, apart from what follows `kms:EncryptionContext:`.
    package var key: String
    package var values: [String]

    /// IAM's operators that are not looked at: what they say is unknown.
    static let others: Set<String> = [
        "NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan",
        "NumericGreaterThanEquals", "DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan",
        "DateGreaterThanEquals", "BinaryEquals", "IpAddress", "NotIpAddress",
    ]

    package enum Outcome: Hashable, Sendable {
        case met, unmet
        /// The plane does not know: it counts against the caller.
        case unknown
    }

    package func outcome(of request: KeyRequest) -> Outcome {
        guard operation != .other, let facts = request.values(of: key) else { return .unknown }
        if operation == .null { return holds(values.contains("true") == facts.isEmpty) }
        if facts.isEmpty { return holds(isOptional || quantifier == .all || operation.isNegated && quantifier == nil) }
        switch quantifier {
        case .all: return holds(facts.allSatisfy(accepts))
        case .any: return holds(facts.contains(where: accepts))
        case nil: return holds(accepts(facts[0]))
        }
    }

    private func holds(_ isMet: Bool) -> Outcome { isMet ? .met : .unmet }

    private func accepts(_ fact: String) -> Bool {
        let isEqual: Bool =
            switch operation {
            case .stringEquals, .stringNotEquals: values.contains(fact)
            case .stringEqualsIgnoreCase, .stringNotEqualsIgnoreCase, .bool:
                values.contains { $0.lowercased() == fact.lowercased() }
            case .stringLike, .stringNotLike, .arnEquals, .arnNotEquals, .arnLike, .arnNotLike:
                values.contains { FilterPattern($0).matches(fact) }
            case .null, .other: false
            }
        return isEqual != operation.isNegated
    }
}

extension KeyRequest {
    static let contextPrefix = "kms:EncryptionContext:"

    /// What a condition key has in this request; empty where the request does not have it, nil where the plane does not know.
    fileprivate func values(of key: String) -> [String]? {
        if key.hasPrefix(Self.contextPrefix) {
            return context[String(key.dropFirst(Self.contextPrefix.count))].map { [$0] } ?? []
        }
        switch key {
        case "kms:encryptioncontextkeys": return context.keys.sorted()
        case "kms:viaservice": return service.map { [$0] } ?? []
        case "kms:calleraccount", "aws:principalaccount": return caller.principal.account.map { [$0.description] } ?? []
        case "kms:grantisforawsresource": return isGrantForAWSResource.map { [$0 ? "true" : "false"] } ?? []
        case "aws:principalarn": return caller.principal.account.map { _ in [caller.principal.description] } ?? []
        case "aws:principalorgid":
            return caller.organization?.description.split(separator: "/").last.map { [String($0)] } ?? []
        case "aws:principaltype": return caller.principal.account.map { _ in ["Account"] } ?? ["Service"]
        default: return nil
        }
    }
}
