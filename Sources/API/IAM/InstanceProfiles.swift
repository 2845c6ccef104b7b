import Cloud
import Model

struct CreateInstanceProfile: QueryAction {
    private let name: String
    private let path: String
    private let tags: TagSet

    init(_ input: QueryInput) throws(APIError) {
        name = try input.required("InstanceProfileName")
        path = input.string("Path") ?? "/"
        tags = try input.identityTags()
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let profile = try asking { () throws(Failure) in
            try call.actions.createInstanceProfile(name, path: path, tags: tags)
        }
        answer.element("InstanceProfile") { $0.profile(profile, [], call) }
    }
}

struct GetInstanceProfile: QueryAction {
    private let name: String

    init(_ input: QueryInput) throws(APIError) { name = try input.required("InstanceProfileName") }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let (profile, roles) = try asking { () throws(Failure) in
            (try call.actions.instanceProfile(name), try call.actions.roles())
        }
        answer.element("InstanceProfile") { $0.profile(profile, roles, call) }
    }
}

struct DeleteInstanceProfile: QueryAction {
    private let name: String

    init(_ input: QueryInput) throws(APIError) { name = try input.required("InstanceProfileName") }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.deleteInstanceProfile(name) }
    }
}

struct ListInstanceProfiles: QueryAction {
    private let prefix: String

    init(_ input: QueryInput) throws(APIError) {
        prefix = input.string("PathPrefix") ?? "/"
        try input.readIdentityPage()
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let (profiles, roles) = try asking { () throws(Failure) in
            (try call.actions.instanceProfiles(), try call.actions.roles())
        }
        answer.element("IsTruncated", false)
        answer.members("InstanceProfiles", profiles.filter { $0.path.hasPrefix(prefix) }) { profile, xml in
            xml.profile(profile, roles, call)
        }
    }
}

struct ListInstanceProfilesForRole: QueryAction {
    private let role: String

    init(_ input: QueryInput) throws(APIError) {
        role = try input.required("RoleName")
        try input.readIdentityPage()
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let (known, profiles, roles) = try asking { () throws(Failure) in
            (try call.actions.role(role), try call.actions.instanceProfiles(), try call.actions.roles())
        }
        answer.element("IsTruncated", false)
        answer.members("InstanceProfiles", profiles.filter { $0.role == known.name }) { profile, xml in
            xml.profile(profile, roles, call)
        }
    }
}

/// An instance profile, and the role in it.
private struct ProfileRole {
    let role: String
    let profile: String

    init(_ input: QueryInput) throws(APIError) {
        role = try input.required("RoleName")
        profile = try input.required("InstanceProfileName")
    }
}

struct AddRoleToInstanceProfile: QueryAction {
    private let pair: ProfileRole

    init(_ input: QueryInput) throws(APIError) { pair = try ProfileRole(input) }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.addRole(pair.role, to: pair.profile) }
    }
}

struct RemoveRoleFromInstanceProfile: QueryAction {
    private let pair: ProfileRole

    init(_ input: QueryInput) throws(APIError) { pair = try ProfileRole(input) }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.removeRole(pair.role, from: pair.profile) }
    }
}
