import Cloud
import Model

struct CreateRole: QueryAction {
    private let creation: RoleCreation

    init(_ input: QueryInput) throws(APIError) {
        var creation = RoleCreation(
            name: try input.required("RoleName"), trust: try input.required("AssumeRolePolicyDocument"))
        creation.path = input.string("Path") ?? "/"
        creation.description = input.string("Description")
        creation.longestSession = try input.int("MaxSessionDuration") ?? creation.longestSession
        creation.tags = try input.identityTags()
        self.creation = creation
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let role = try asking { () throws(Failure) in try call.actions.createRole(creation) }
        answer.element("Role") { $0.role(role, call) }
    }
}

struct GetRole: QueryAction {
    private let name: String

    init(_ input: QueryInput) throws(APIError) { name = try input.required("RoleName") }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let role = try asking { () throws(Failure) in try call.actions.role(name) }
        answer.element("Role") { $0.role(role, call) }
    }
}

struct DeleteRole: QueryAction {
    private let name: String

    init(_ input: QueryInput) throws(APIError) { name = try input.required("RoleName") }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.deleteRole(name) }
    }
}

struct ListRoles: QueryAction {
    private let prefix: String

    init(_ input: QueryInput) throws(APIError) {
        prefix = input.string("PathPrefix") ?? "/"
        try input.readIdentityPage()
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let roles = try asking { () throws(Failure) in try call.actions.roles() }.filter { $0.path.hasPrefix(prefix) }
        answer.element("IsTruncated", false)
        answer.members("Roles", roles) { role, xml in xml.role(role, call, isFull: false) }
    }
}

/// A policy that stands in a role.
private struct RolePolicyName {
    let role: String
    let name: String

    init(_ input: QueryInput) throws(APIError) {
        role = try input.required("RoleName")
        name = try input.required("PolicyName")
    }
}

struct PutRolePolicy: QueryAction {
    private let policy: RolePolicyName
    private let document: String

    init(_ input: QueryInput) throws(APIError) {
        policy = try RolePolicyName(input)
        document = try input.required("PolicyDocument")
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.putPolicy(document, named: policy.name, of: policy.role) }
    }
}

struct GetRolePolicy: QueryAction {
    private let policy: RolePolicyName

    init(_ input: QueryInput) throws(APIError) { policy = try RolePolicyName(input) }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let known = try asking { () throws(Failure) in try call.actions.role(policy.role) }
        guard let document = known.policies[policy.name] else {
            throw APIError(
                "NoSuchEntity", "The role policy with name \(policy.name.prefix(128)) cannot be found.", status: 404)
        }
        answer.element("RoleName", known.name)
        answer.element("PolicyName", policy.name)
        answer.element("PolicyDocument", IAM.encoded(document))
    }
}

struct DeleteRolePolicy: QueryAction {
    private let policy: RolePolicyName

    init(_ input: QueryInput) throws(APIError) { policy = try RolePolicyName(input) }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.deletePolicy(policy.name, of: policy.role) }
    }
}

struct ListRolePolicies: QueryAction {
    private let role: String

    init(_ input: QueryInput) throws(APIError) {
        role = try input.required("RoleName")
        try input.readIdentityPage()
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let known = try asking { () throws(Failure) in try call.actions.role(role) }
        answer.element("IsTruncated", false)
        answer.members("PolicyNames", known.policies.keys.sorted())
    }
}

/// A policy of its own, and the role that has it.
private struct PolicyAttachment {
    let role: String
    let arn: String

    init(_ input: QueryInput) throws(APIError) {
        role = try input.required("RoleName")
        arn = try input.required("PolicyArn")
    }
}

struct AttachRolePolicy: QueryAction {
    private let attachment: PolicyAttachment

    init(_ input: QueryInput) throws(APIError) { attachment = try PolicyAttachment(input) }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.attachPolicy(attachment.arn, to: attachment.role) }
    }
}

struct DetachRolePolicy: QueryAction {
    private let attachment: PolicyAttachment

    init(_ input: QueryInput) throws(APIError) { attachment = try PolicyAttachment(input) }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.detachPolicy(attachment.arn, from: attachment.role) }
    }
}

struct ListAttachedRolePolicies: QueryAction {
    private let role: String

    init(_ input: QueryInput) throws(APIError) {
        role = try input.required("RoleName")
        try input.readIdentityPage()
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let known = try asking { () throws(Failure) in try call.actions.role(role) }
        answer.element("IsTruncated", false)
        answer.members("AttachedPolicies", known.attached) { arn, xml in
            xml.element("PolicyName", String(arn.split(separator: "/").last ?? ""))
            xml.element("PolicyArn", arn)
        }
    }
}
