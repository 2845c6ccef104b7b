import Cloud
import Model

/// The policy of an ARN in a path, which must be of the region and the account that ask.
private struct PolicyARN {
    private let text: String

    init(_ text: String) { self.text = text }

    func id(_ call: Call) throws(APIError) -> LifecyclePolicyID {
        guard let arn = ARN(text), let name = arn.name(of: "policy") else {
            throw APIError("InvalidRequestException", "The ARN '\(text.prefix(200))' is not one of a policy.")
        }
        guard arn == ARN("dlm", in: call.region, of: call.account, arn.resource) else {
            throw APIError(
                PlaneError.Code.resourceNotFoundException, PlaneError.notFound(policy: String(text.prefix(200))).message)
        }
        return try LifecyclePolicyID(asked: name)
    }
}

struct TagPolicy: DLMAction {
    static let name = "TagResource"
    static let method = "POST"
    static let path: [String?] = ["tags", nil]
    private let arn: PolicyARN
    private let tags: TagSet

    private struct Body: Decodable {
        let tags: [String: String]

        private enum CodingKeys: String, CodingKey { case tags = "Tags" }
    }

    init(_ input: RestInput) throws(APIError) {
        arn = PolicyARN(input.parts[1])
        tags = try TagSet(asked: try input.members(Body.self).tags)
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        let id = try arn.id(call)
        try asking { () throws(Failure) in try call.actions.tagLifecyclePolicy(id, with: tags) }
    }
}

struct UntagPolicy: DLMAction {
    static let name = "UntagResource"
    static let method = "DELETE"
    static let path: [String?] = ["tags", nil]
    private let arn: PolicyARN
    private let keys: [String]

    init(_ input: RestInput) throws(APIError) {
        arn = PolicyARN(input.parts[1])
        keys = input.parameters("tagKeys")
        guard 1...200 ~= keys.count else { throw APIError("InvalidRequestException", "tagKeys must name 1 to 200 keys.") }
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        let id = try arn.id(call)
        try asking { () throws(Failure) in try call.actions.untagLifecyclePolicy(id, keys: keys) }
    }
}

struct ListPolicyTags: DLMAction {
    static let name = "ListTagsForResource"
    static let method = "GET"
    static let path: [String?] = ["tags", nil]
    private let arn: PolicyARN

    init(_ input: RestInput) throws(APIError) {
        arn = PolicyARN(input.parts[1])
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        let id = try arn.id(call)
        let policy = try asking { () throws(Failure) in try call.actions.lifecyclePolicy(id) }
        answer.field("Tags", policy.tags)
    }
}
