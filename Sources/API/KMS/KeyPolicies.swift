import Cloud
import Model

/// A key's policy, as it was written.
struct GetKeyPolicy: JSONAction {
    let key: String
    let name: String?

    private enum CodingKeys: String, CodingKey {
        case key = "KeyId"
        case name = "PolicyName"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        let policy = try call.keys { (keys) throws(Failure) in try keys.keyPolicy(key, asking: .getKeyPolicy) }
        try KeyPolicyName.check(name)
        answer.field("Policy", policy.text)
        answer.field("PolicyName", KeyPolicyName.only)
    }
}

/// Replaces a key's policy.
struct PutKeyPolicy: JSONAction {
    let key: String
    let name: String?
    let policy: String
    let skipsLockoutCheck: Bool?

    private enum CodingKeys: String, CodingKey {
        case key = "KeyId"
        case name = "PolicyName"
        case policy = "Policy"
        case skipsLockoutCheck = "BypassPolicyLockoutSafetyCheck"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        try KeyPolicyName.check(name)
        try call.keys { (keys) throws(Failure) in
            try keys.setPolicy(policy, ofKey: key, skippingLockoutCheck: skipsLockoutCheck ?? false)
        }
    }
}

/// The names of a key's policies, of which there is one.
struct ListKeyPolicies: JSONAction {
    let key: String
    let limit: Int?
    let marker: String?

    private enum CodingKeys: String, CodingKey {
        case key = "KeyId"
        case limit = "Limit"
        case marker = "Marker"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        _ = try call.keys { (keys) throws(Failure) in try keys.keyPolicy(key, asking: .listKeyPolicies) }
        let page = try KMSPage([KeyPolicyName.only], limit: limit, marker: marker, usual: 100)
        answer.field("PolicyNames", Array(page.elements))
        page.writeMarker(&answer)
    }
}

/// A key has one policy, and it has one name.
private enum KeyPolicyName {
    static let only = "default"

    static func check(_ name: String?) throws(APIError) {
        guard name == nil || name == only else { throw APIError(.kmsNotFoundException, "No such policy exists") }
    }
}
