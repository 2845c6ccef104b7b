/// A policy of IAM as a document: exactly JSON, each name of an object once, with a statement or a list of them. What statements mean is said
/// by who asks: `RoleTrust` of roles, and `KeyPolicyReader` of the policies of keys, which takes nothing that it does not understand.
package struct PolicyDocument: Hashable, Sendable {
    package let members: [String: JSONValue]
    package let statements: [JSONValue]

    /// Nil where it is none.
    package init?(_ text: String) {
        guard let document = try? JSONReader.read(Array(text.utf8), what: "the policy") else { return nil }
        self.init(document)
    }

    init?(_ document: JSONValue) {
        guard let members = document.object else { return nil }
        switch members["Statement"] {
        case .array(let list)?: statements = list
        case .object(let statement)?: statements = [.object(statement)]
        default: return nil
        }
        self.members = members
    }
}
