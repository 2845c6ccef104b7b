import Cloud
import Model
import SigV4

/// Temporary keys of the caller's own account.
struct GetSessionToken: QueryAction {
    private let seconds: Int

    init(_ input: QueryInput) throws(APIError) {
        seconds = try input.sessionLength(usual: 43_200, 900...129_600)
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        guard call.sessions.session(call.keyID) == nil else {
            throw APIError("AccessDenied", "Cannot call GetSessionToken with session credentials", status: 403)
        }
        let session = try asking { () throws(Failure) in
            try call.sessions.make(for: call.account, seconds: seconds, role: nil)
        }
        answer.credentials(session)
    }
}

/// Temporary keys of a role, if it trusts the caller's account. They act for the account of the role.
struct AssumeRole: QueryAction {
    private let arn: String
    private let name: String
    private let seconds: Int

    init(_ input: QueryInput) throws(APIError) {
        arn = try input.required("RoleArn")
        name = try input.required("RoleSessionName")
        seconds = try input.sessionLength(usual: 3600, 900...43_200)
        if let error = IdentityName.refusal(name, most: 64, of: "roleSessionName") { throw APIError(error) }
        guard name.utf8.count >= 2 else { throw APIError("ValidationError", "A session's name has at least 2 characters") }
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        guard let (account, role) = try find(call), RoleTrust.allows(call.account, by: role.trust) else {
            // The same whether there is the role or not.
            throw APIError(
                "AccessDenied",
                "User: \(Principal.account(call.account)) is not authorized to perform: sts:AssumeRole on resource: \(arn.prefix(200))",
                status: 403)
        }
        guard seconds <= role.longestSession else {
            throw APIError(
                "ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
        }
        let user = (arn: ARN("sts", of: account, "assumed-role/\(role.name)/\(name)").description, id: "\(role.id):\(name)")
        let session = try asking { () throws(Failure) in
            try call.sessions.make(for: account, seconds: seconds, role: user)
        }
        answer.credentials(session)
        answer.element("AssumedRoleUser") { xml in
            xml.element("AssumedRoleId", user.id)
            xml.element("Arn", user.arn)
        }
    }

    private func find(_ call: Call) throws(APIError) -> (AccountID, Role)? {
        guard let asked = ARN(arn), asked.isOf("iam"), asked.region.isEmpty, let path = asked.name(of: "role"),
            let account = asked.accountID
        else { throw APIError("ValidationError", "\(arn.prefix(200)) is invalid") }
        let name = String(path.split(separator: "/").last ?? "")
        return try asking { () throws(Failure) in
            let roles = try call.plane.actions(in: call.plane.settings.identityRegion, as: .account(account), isDryRun: false)
                .roles()
            return roles.first { $0.name == name && $0.arn(of: account) == arn }.map { (account, $0) }
        }
    }
}

extension QueryInput {
    fileprivate func sessionLength(usual: Int, _ bounds: ClosedRange<Int>) throws(APIError) -> Int {
        let seconds = try int("DurationSeconds") ?? usual
        guard bounds ~= seconds else {
            throw APIError(
                "ValidationError", "DurationSeconds must be from \(bounds.lowerBound) to \(bounds.upperBound) seconds.")
        }
        return seconds
    }
}

extension XMLWriter {
    fileprivate mutating func credentials(_ session: SessionKeys.Session) {
        element("Credentials") { xml in
            xml.element("AccessKeyId", session.credential.id)
            xml.element("SecretAccessKey", session.credential.secret)
            xml.element("SessionToken", session.credential.key.sessionToken ?? "")
            xml.element("Expiration", session.ends.description)
        }
    }
}
