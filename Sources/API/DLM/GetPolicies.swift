import Cloud
import Model

struct GetLifecyclePolicy: DLMAction {
    static let method = "GET"
    static let path: [String?] = ["policies", nil]
    private let id: LifecyclePolicyID

    init(_ input: RestInput) throws(APIError) {
        id = try LifecyclePolicyID(asked: input.parts[1])
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        let policy = try asking { () throws(Failure) in try call.actions.lifecyclePolicy(id) }
        let details = try asking { () throws(Failure) in try CanonicalJSON.text(of: policy.details) }
        answer.field("Policy") { json in
            json.summary(of: policy)
            json.field("StatusMessage", ifPresent: policy.statusMessage)
            json.field("ExecutionRoleArn", policy.roleARN)
            json.field("DateCreated", policy.created.description)
            json.field("DateModified", policy.modified.description)
            json.field("PolicyDetails", json: details)
            json.field("PolicyArn", policy.arn(in: call.region))
        }
    }
}

/// The policies that all of the request's filters let through.
struct GetLifecyclePolicies: DLMAction {
    static let method = "GET"
    static let path: [String?] = ["policies"]
    private let ids: [LifecyclePolicyID]
    private let state: LifecyclePolicy.State?
    private let types: [PolicyDetails.ResourceType]
    private let targetTags: [String]
    private let tagsToAdd: [String]
    /// The types of default policies that are asked for; nil for all policies.
    private let defaults: [PolicyDetails.ResourceType]?

    init(_ input: RestInput) throws(APIError) {
        ids = try input.parameters("policyIds").map { text throws(APIError) in try LifecyclePolicyID(asked: text) }
        state = try input.parameter("state").map { text throws(APIError) in
            guard let state = LifecyclePolicy.State(rawValue: text) else { throw Self.invalid(text, "state") }
            return state
        }
        types = try input.parameters("resourceTypes").map { text throws(APIError) in
            guard let type = PolicyDetails.ResourceType(rawValue: text) else { throw Self.invalid(text, "resourceTypes") }
            return type
        }
        targetTags = input.parameters("targetTags")
        tagsToAdd = input.parameters("tagsToAdd")
        defaults = try input.parameter("defaultPolicyType").map { text throws(APIError) in
            if text == "ALL" { return PolicyDetails.ResourceType.allCases }
            guard let type = PolicyDetails.ResourceType(rawValue: text) else { throw Self.invalid(text, "defaultPolicyType") }
            return [type]
        }
    }

    private static func invalid(_ value: String, _ parameter: String) -> APIError {
        APIError("InvalidRequestException", "The value '\(value.prefix(100))' of the parameter \(parameter) is not valid.")
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        let all = try asking { () throws(Failure) in try call.actions.lifecyclePolicies() }
        if let missing = ids.first(where: { id in !all.contains { $0.id == id } }) {
            throw APIError(PlaneError.Code.resourceNotFoundException, PlaneError.notFound(policy: missing.description).message)
        }
        answer.field("Policies", all.filter(accepts)) { policy, json in
            json.summary(of: policy)
            json.field("PolicyType", ifPresent: policy.details.type?.rawValue)
        }
    }

    private func accepts(_ policy: LifecyclePolicy) -> Bool {
        let details = policy.details
        let added = (details.schedules ?? []).flatMap { $0.tagsToAdd ?? [] }
        return (ids.isEmpty || ids.contains(policy.id)) && (state == nil || policy.state == state)
            && (types.isEmpty || types.contains { details.resourceTypes?.contains($0) ?? (details.resourceType == $0) })
            && (defaults.map { details.isDefault && $0.contains { $0 == details.resourceType } } ?? true)
            && Self.accepts(targetTags, details.targetTags ?? []) && Self.accepts(tagsToAdd, added)
    }

    /// Each filter is `key=value`.
    private static func accepts(_ filters: [String], _ tags: [Tag]) -> Bool {
        filters.isEmpty || tags.contains { filters.contains("\($0.key)=\($0.value)") }
    }
}

extension JSONWriter {
    fileprivate mutating func summary(of policy: LifecyclePolicy) {
        field("PolicyId", policy.id.description)
        field("Description", policy.description)
        field("State", policy.state.rawValue)
        field("DefaultPolicy", policy.details.isDefault)
        field("Tags", policy.tags)
    }
}
