import Cloud
import Model

/// What a request says of a policy.
private struct PolicyBody: Decodable {
    let role: String?
    let description: String?
    let state: State?
    let tags: [String: String]?
    private let policyDetails: PolicyDetails?
    // Of default policies, which say it here or in PolicyDetails.
    let defaultPolicy: PolicyDetails.ResourceType?
    private let createInterval: Int?
    private let retainInterval: Int?
    private let copiesTags: Bool?
    private let copyTargets: [PolicyDetails.CopyTarget]?
    private let extendDeletion: Bool?
    private let exclusions: PolicyDetails.Exclusions?

    /// Nil where the request says nothing of them.
    func details() throws(APIError) -> PolicyDetails? {
        var details = PolicyDetails()
        details.createInterval = createInterval
        details.retainInterval = retainInterval
        details.copiesTags = copiesTags
        details.copyTargets = copyTargets
        details.extendDeletion = extendDeletion
        details.exclusions = exclusions
        guard let policyDetails else {
            if defaultPolicy == nil, details == PolicyDetails() { return nil }
            details.resourceType = defaultPolicy
            details.language = defaultPolicy == nil ? nil : PolicyDetails.simplified
            return details
        }
        guard details == PolicyDetails() else {
            throw APIError(
                "InvalidRequestException", "A default policy is described in the request or in PolicyDetails, not in both.")
        }
        guard let defaultPolicy else { return policyDetails }
        details = policyDetails
        guard details.language ?? PolicyDetails.simplified == PolicyDetails.simplified,
            details.resourceType ?? defaultPolicy == defaultPolicy
        else { throw APIError("InvalidRequestException", "The PolicyDetails are not of the DefaultPolicy.") }
        details.language = PolicyDetails.simplified
        details.resourceType = defaultPolicy
        return details
    }

    enum State: String, Decodable {
        case enabled = "ENABLED"
        case disabled = "DISABLED"
    }

    private enum CodingKeys: String, CodingKey {
        case role = "ExecutionRoleArn"
        case description = "Description"
        case state = "State"
        case policyDetails = "PolicyDetails"
        case tags = "Tags"
        case defaultPolicy = "DefaultPolicy"
        case createInterval = "CreateInterval"
        case retainInterval = "RetainInterval"
        case copiesTags = "CopyTags"
        case copyTargets = "CrossRegionCopyTargets"
        case extendDeletion = "ExtendDeletion"
        case exclusions = "Exclusions"
    }
}

struct CreateLifecyclePolicy: DLMAction {
    static let method = "POST"
    static let path: [String?] = ["policies"]
    private let new: PolicyCreation

    init(_ input: RestInput) throws(APIError) {
        let body = try input.members(PolicyBody.self)
        guard let role = body.role, let description = body.description, let state = body.state else {
            throw APIError("InvalidRequestException", "ExecutionRoleArn, Description and State are required.")
        }
        guard let details = try body.details() else {
            throw APIError("InvalidRequestException", "PolicyDetails are required.")
        }
        new = PolicyCreation(
            roleARN: role, description: description, isEnabled: state == .enabled, details: details,
            tags: try TagSet(asked: body.tags ?? [:]))
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        let id = try asking { () throws(Failure) in try call.actions.createLifecyclePolicy(new) }
        answer.field("PolicyId", id.description)
    }
}

struct UpdateLifecyclePolicy: DLMAction {
    static let method = "PATCH"
    static let path: [String?] = ["policies", nil]
    private let id: LifecyclePolicyID
    private let change: PolicyChange

    init(_ input: RestInput) throws(APIError) {
        id = try LifecyclePolicyID(asked: input.parts[1])
        let body = try input.members(PolicyBody.self)
        for (name, isThere) in [("Tags", body.tags != nil), ("DefaultPolicy", body.defaultPolicy != nil)] where isThere {
            throw APIError("InvalidRequestException", "The member \(name) is not supported here.")
        }
        change = PolicyChange(
            roleARN: body.role, description: body.description, isEnabled: body.state.map { $0 == .enabled },
            details: try body.details())
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.updateLifecyclePolicy(id, change) }
    }
}

/// What the policy made stays.
struct DeleteLifecyclePolicy: DLMAction {
    static let method = "DELETE"
    static let path: [String?] = ["policies", nil]
    private let id: LifecyclePolicyID

    init(_ input: RestInput) throws(APIError) {
        id = try LifecyclePolicyID(asked: input.parts[1])
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.deleteLifecyclePolicy(id) }
    }
}

extension LifecyclePolicyID {
    /// An id that cannot be one names nothing.
    init(asked text: String) throws(APIError) {
        do throws(Failure) { try self.init(parsing: text) } catch {
            let error = PlaneError.notFound(policy: String(text.prefix(100)))
            throw APIError(error.code.rawValue, error.message, status: error.httpStatus)
        }
    }
}
