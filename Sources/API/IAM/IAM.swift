import Cloud
import HTTPServer
import Model
import Text

/// AWS Identity and Access Management, as far as clients need it for instance profiles: Query in its older frame.
enum IAM {
    private static let version = "2010-05-08"
    private static let namespace = "https://iam.amazonaws.com/doc/\(version)/"

    static let actions: [any QueryAction.Type] = [
        CreateRole.self,
        GetRole.self,
        DeleteRole.self,
        ListRoles.self,
        PutRolePolicy.self,
        GetRolePolicy.self,
        DeleteRolePolicy.self,
        ListRolePolicies.self,
        AttachRolePolicy.self,
        DetachRolePolicy.self,
        ListAttachedRolePolicies.self,
        GetPolicy.self,
        GetPolicyVersion.self,
        CreateInstanceProfile.self,
        GetInstanceProfile.self,
        DeleteInstanceProfile.self,
        ListInstanceProfiles.self,
        ListInstanceProfilesForRole.self,
        AddRoleToInstanceProfile.self,
        RemoveRoleFromInstanceProfile.self,
    ]

    /// Whatever region a client signs for: with an endpoint of their own some take the session's.
    static func answer(_ request: Request, _ call: Call) throws(APIError) -> Response {
        var call = call
        call.region = call.plane.settings.identityRegion
        do throws(APIError) {
            return try QueryProtocol.answer(request, call, version: version, namespace: namespace, actions: actions)
        } catch {
            // IAM has another word for what is missing.
            throw error.code == "MissingParameter" ? APIError("ValidationError", error.message) : error
        }
    }

    /// As IAM gives policies out: every byte percent-encoded that RFC 3986 reserves.
    static func encoded(_ policy: String) -> String { PercentEncoding.encode(policy) }
}

extension QueryInput {
    func identityTags() throws(APIError) -> TagSet {
        let entries = try memberStructures("Tags")
        do throws(Failure) {
            var tags: [Tag] = []
            for entry in entries { tags.append(try Tag(key: entry.string("Key") ?? "", value: entry.text("Value") ?? "")) }
            return try TagSet(tags)
        } catch { throw APIError("InvalidInput", error.message) }
    }

    /// Lists of an account come as a whole.
    func readIdentityPage() throws(APIError) {
        _ = (try int("MaxItems"), string("PathPrefix"))
        if string("Marker") != nil { throw APIError("ValidationError", "The marker is not valid") }
    }
}

extension XMLWriter {
    mutating func role(_ role: Role, _ call: Call, isFull: Bool = true) {
        element("Path", role.path)
        element("RoleName", role.name)
        element("RoleId", role.id)
        element("Arn", role.arn(of: call.account))
        element("CreateDate", role.created.description)
        element("AssumeRolePolicyDocument", IAM.encoded(role.trust))
        element("Description", ifPresent: role.description)
        element("MaxSessionDuration", role.longestSession)
        if isFull, role.tags.count > 0 { identityTags(role.tags) }
    }

    mutating func profile(_ profile: InstanceProfile, _ roles: [Role], _ call: Call) {
        element("Path", profile.path)
        element("InstanceProfileName", profile.name)
        element("InstanceProfileId", profile.id)
        element("Arn", profile.arn(of: call.account))
        element("CreateDate", profile.created.description)
        members("Roles", roles.filter { $0.name == profile.role }) { role, xml in xml.role(role, call, isFull: false) }
        if profile.tags.count > 0 { identityTags(profile.tags) }
    }

    private mutating func identityTags(_ tags: TagSet) {
        members("Tags", tags) { tag, xml in
            xml.element("Key", tag.key)
            xml.element("Value", tag.value)
        }
    }
}
