import Cloud
import Crypto
import Model
import Text

struct GetPolicy: QueryAction {
    private let arn: String

    init(_ input: QueryInput) throws(APIError) { arn = try input.required("PolicyArn") }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let policy = try ManagedPolicy.asked(arn)
        let roles = try asking { () throws(Failure) in try call.actions.roles() }
        answer.element("Policy") { xml in
            xml.element("PolicyName", policy.name)
            xml.element("PolicyId", policy.id)
            xml.element("Arn", policy.arn)
            xml.element("Path", ManagedPolicy.path)
            xml.element("DefaultVersionId", policy.version)
            xml.element("AttachmentCount", roles.count { $0.attached.contains(arn) })
            xml.element("PermissionsBoundaryUsageCount", 0)
            xml.element("IsAttachable", true)
            xml.element("Description", policy.description)
            xml.element("CreateDate", policy.created.description)
            xml.element("UpdateDate", policy.updated.description)
        }
    }
}

struct GetPolicyVersion: QueryAction {
    private let arn: String
    private let version: String

    init(_ input: QueryInput) throws(APIError) {
        arn = try input.required("PolicyArn")
        version = try input.required("VersionId")
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let policy = try ManagedPolicy.asked(arn)
        guard policy.version == version else {
            throw APIError(
                "NoSuchEntity",
                "Policy \(policy.arn) version \(version.prefix(20)) does not exist or is not attachable.", status: 404)
        }
        answer.element("PolicyVersion") { xml in
            xml.element("Document", IAM.encoded(policy.document))
            xml.element("VersionId", policy.version)
            xml.element("IsDefaultVersion", true)
            xml.element("CreateDate", policy.updated.description)
        }
    }
}

extension ManagedPolicy {
    fileprivate static func asked(_ arn: String) throws(APIError) -> ManagedPolicy {
        guard let policy = known(arn) else {
            throw APIError("NoSuchEntity", "Policy \(arn.prefix(300)) was not found.", status: 404)
        }
        return policy
    }

    /// In the form of IAM's ids, and the same on every plane.
    fileprivate var id: String { "ANPA" + IdentifierLetters.text(SHA256.digest(of: arn).bytes.prefix(17)) }
}
