import Model

/// SSM's policy `Expiration`: the parameter is deleted at a time. The other policies notify, and here is nobody whom they could notify.
package struct ParameterPolicy: Hashable, Sendable {
    /// The JSON object, as DescribeParameters shows it.
    package let text: String
    package let expiration: Instant

    /// What a write does with the policy that a parameter has.
    package enum Change: Hashable, Sendable {
        case remove
        case set(ParameterPolicy)
    }

    private static let type = "Expiration"
    private static let version = "1.0"
    /// SSM's bound for one parameter.
    private static let most = 10

    private init(_ document: JSONValue) throws(Failure) {
        guard document["Type"]?.string == Self.type else {
            let type = document["Type"]?.string ?? "without a type"
            throw Failure(
                PlaneError(
                    .invalidPolicyType,
                    "The policy type \(type.prefix(60)) isn't supported. Parameter Store supports Expiration here."))
        }
        guard let members = document.object, members.keys.allSatisfy(["Type", "Version", "Attributes"].contains),
            members["Version"]?.string == Self.version, let attributes = members["Attributes"]?.object, attributes.count == 1,
            let timestamp = attributes["Timestamp"]?.string, let time = try? Instant(parsing: timestamp)
        else {
            throw Self.invalid(
                "A policy is like {\"Type\":\"Expiration\",\"Version\":\"1.0\",\"Attributes\":{\"Timestamp\":\"2027-01-31T21:34:33.000Z\"}}."
            )
        }
        text = try CanonicalJSON.text(of: document)
        expiration = time
    }

    /// Of a row.
    init(stored text: String) throws(Failure) { try self.init(JSONReader.read(Array(text.utf8), what: "the policy")) }

    /// What PutParameter's `Policies` asks for: a JSON array. An empty object in it takes the policy away.
    package static func change(_ text: String) throws(Failure) -> Change {
        guard let list = (try? JSONReader.read(Array(text.utf8), what: "the policies"))?.array else {
            throw invalid("The policies are no JSON array.")
        }
        guard list.count <= most else {
            throw Failure(
                PlaneError(
                    .policiesLimitExceeded, "You specified more than the maximum number of allowed policies, which is \(most)."))
        }
        let policies = try list.filter { $0.object?.isEmpty != true }.map { (document) throws(Failure) in
            try ParameterPolicy(document)
        }
        guard policies.count <= 1 else {
            throw Failure(PlaneError(.incompatiblePolicy, "A parameter has one policy of the type \(type)."))
        }
        return policies.first.map(Change.set) ?? .remove
    }

    private static func invalid(_ message: String) -> Failure { Failure(PlaneError(.invalidPolicyAttribute, message)) }
}
