import Model

/// Temporary access keys of a role.
package struct RoleKeys: Sendable {
    package let id: String
    package let secret: String
    package let token: String
    package let made: Instant
    package let ends: Instant

    package init(id: String, secret: String, token: String, made: Instant, ends: Instant) {
        self.id = id
        self.secret = secret
        self.token = token
        self.made = made
        self.ends = ends
    }
}

/// Who gives out temporary access keys in this process: an endpoint, which accepts them.
package protocol RoleKeySource: Sendable {
    /// Keys with which an instance acts in its role: the same until they are about to end.
    func keys(of role: Role, account: AccountID, instance: InstanceID) throws(Failure) -> RoleKeys
}

extension Plane {
    /// The role that an instance profile hands to instances; nil where there is no such profile, or no role in it.
    package func role(ofProfile name: String, account: AccountID) throws(Failure) -> (profile: InstanceProfile, role: Role?)? {
        let actions = try identities(of: account)
        guard let profile = try actions.instanceProfiles().first(where: { $0.name == name }) else { return nil }
        return (profile, try profile.role.flatMap { (name) throws(Failure) in try actions.roles().first { $0.name == name } })
    }

    /// Whether the account has the role of the ARN.
    package func hasRole(_ arn: String, account: AccountID) throws(Failure) -> Bool {
        try identities(of: account).roles().contains { $0.arn(of: account) == arn }
    }

    /// IAM's things are in one region.
    private func identities(of account: AccountID) throws(Failure) -> any RegionActions {
        try actions(in: settings.identityRegion, as: .account(account), isDryRun: false)
    }
}
