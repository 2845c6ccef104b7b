import Cloud
import Model
import SigV4

extension SessionKeys: RoleKeySource {
    /// Seconds that keys of instances are valid, and how long before their end there are new ones.
    private static let length = 21_600
    private static let reserve = TimeSpan(seconds: 900)

    func keys(of role: Role, account: AccountID, instance: InstanceID) throws(Failure) -> RoleKeys {
        let user = (
            arn: ARN("sts", of: account, "assumed-role/\(role.name)/\(instance)").description, id: "\(role.id):\(instance)"
        )
        if let known = known(user.arn), known.ends - Self.reserve > Instant(seconds: seconds), known.role?.id == user.id {
            return RoleKeys(known)
        }
        let session = try make(for: account, seconds: Self.length, role: user)
        remember(session, user.arn)
        return RoleKeys(session)
    }
}

extension RoleKeys {
    fileprivate init(_ session: SessionKeys.Session) {
        self.init(
            id: session.credential.id, secret: session.credential.secret,
            token: session.credential.key.sessionToken ?? "", made: session.credential.created, ends: session.ends)
    }
}
