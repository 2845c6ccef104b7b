import Model

/// IAM's actions, as far as Packer and other clients need them for temporary instance profiles. Roles and profiles belong to an account; they
/// are kept in one region for all (`PlaneSettings.identityRegion`).
package protocol IdentityActions: Sendable {
    func roles() throws(Failure) -> [Role]
    func createRole(_ new: RoleCreation) throws(Failure) -> Role
    func role(_ name: String) throws(Failure) -> Role
    /// Refused while it has policies, or a profile has it.
    func deleteRole(_ name: String) throws(Failure)
    func putPolicy(_ document: String, named policy: String, of role: String) throws(Failure)
    func deletePolicy(_ policy: String, of role: String) throws(Failure)
    /// A managed policy, by its ARN.
    func attachPolicy(_ arn: String, to role: String) throws(Failure)
    func detachPolicy(_ arn: String, from role: String) throws(Failure)

    func instanceProfiles() throws(Failure) -> [InstanceProfile]
    func createInstanceProfile(_ name: String, path: String, tags: TagSet) throws(Failure) -> InstanceProfile
    func instanceProfile(_ name: String) throws(Failure) -> InstanceProfile
    func deleteInstanceProfile(_ name: String) throws(Failure)
    func addRole(_ role: String, to profile: String) throws(Failure)
    func removeRole(_ role: String, from profile: String) throws(Failure)
}

/// CreateRole.
package struct RoleCreation: Sendable {
    package var name: String
    package var trust: String
    package var path = "/"
    package var description: String?
    package var longestSession = 3600
    package var tags = TagSet()

    package init(name: String, trust: String) {
        self.name = name
        self.trust = trust
    }
}
