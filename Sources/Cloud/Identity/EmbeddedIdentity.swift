import FoundationEssentials
import Model
import Platform
import Records
import SQLite
import Text

/// The schema of roles and instance profiles.
enum IdentityCatalogue {
    static let migration = Migration(
        """
        CREATE TABLE iam_roles (
            owner TEXT NOT NULL,
            name TEXT NOT NULL COLLATE NOCASE,
            document TEXT NOT NULL,
            PRIMARY KEY (owner, name)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE iam_profiles (
            owner TEXT NOT NULL,
            name TEXT NOT NULL COLLATE NOCASE,
            document TEXT NOT NULL,
            PRIMARY KEY (owner, name)
        ) STRICT, WITHOUT ROWID;
        """)
}

// Roles.
extension EmbeddedActions {
    package func roles() throws(Failure) -> [Role] {
        try read("list the roles") { try $0.identities("iam_roles", of: try account) }
    }

    package func role(_ name: String) throws(Failure) -> Role {
        try read("look up the role \(name)") { try role(name, $0) }
    }

    package func createRole(_ new: RoleCreation) throws(Failure) -> Role {
        try IdentityName.refusal(new.name, most: 64, of: "roleName").check()
        try IdentityName.refusal(path: new.path).check()
        try Self.check(policy: new.trust)
        guard Role.sessionLengths ~= new.longestSession else {
            throw Failure(PlaneError(.validationError, "MaxSessionDuration must be from 3600 to 43200 seconds"))
        }
        let id = try identity("AROA")
        return try write("make the role \(new.name)") { session in
            let known: Role? = try session.identity(new.name, "iam_roles", of: try account)
            guard known == nil else {
                throw Failure(
                    PlaneError(.entityAlreadyExists, "Role with name \(new.name) already exists.", httpStatus: 409))
            }
            let role = Role(
                name: new.name, id: id, path: new.path, created: now, description: new.description,
                longestSession: new.longestSession, trust: new.trust, tags: new.tags)
            try session.put(role, named: role.name, "iam_roles", of: try account)
            return role
        }
    }

    package func deleteRole(_ name: String) throws(Failure) {
        try write("delete the role \(name)") { session in
            let role = try role(name, session)
            guard role.policies.isEmpty && role.attached.isEmpty else {
                throw Failure(.deleteConflict("Cannot delete entity, must delete policies first."))
            }
            let profiles: [InstanceProfile] = try session.identities("iam_profiles", of: try account)
            guard !profiles.contains(where: { $0.role == role.name }) else {
                throw Failure(.deleteConflict("Cannot delete entity, must remove roles from instance profile first."))
            }
            try session.run("DELETE FROM iam_roles WHERE owner = ? AND name = ?", try account, role.name)
        }
    }

    package func putPolicy(_ document: String, named policy: String, of name: String) throws(Failure) {
        try IdentityName.refusal(policy, most: 128, of: "policyName").check()
        try Self.check(policy: document)
        try change(name) { $0.policies[policy] = document }
    }

    package func deletePolicy(_ policy: String, of name: String) throws(Failure) {
        try change(name) { role throws(Failure) in
            guard role.policies.removeValue(forKey: policy) != nil else {
                throw Failure(.noSuchEntity("The role policy with name \(policy) cannot be found."))
            }
        }
    }

    package func attachPolicy(_ arn: String, to name: String) throws(Failure) {
        guard let policy = ARN(arn), policy.isOf("iam"), policy.region.isEmpty, policy.name(of: "policy") != nil else {
            throw Failure(PlaneError(.validationError, "ARN \(arn.prefix(100)) is not valid."))
        }
        try change(name) { role in if !role.attached.contains(arn) { role.attached.append(arn) } }
    }

    package func detachPolicy(_ arn: String, from name: String) throws(Failure) {
        try change(name) { role throws(Failure) in
            guard let place = role.attached.firstIndex(of: arn) else {
                throw Failure(.noSuchEntity("Policy \(arn.prefix(200)) was not found."))
            }
            role.attached.remove(at: place)
        }
    }

    private func change(_ name: String, _ body: (inout Role) throws(Failure) -> Void) throws(Failure) {
        try write("change the role \(name)") { session in
            var role = try role(name, session)
            try body(&role)
            try session.put(role, named: role.name, "iam_roles", of: try account)
        }
    }

    private func role(_ name: String, _ session: Session) throws -> Role {
        guard let role: Role = try session.identity(name, "iam_roles", of: try account) else {
            throw Failure(.noSuchEntity("The role with name \(name.prefix(64)) cannot be found."))
        }
        return role
    }

    /// A policy is a JSON object with statements.
    private static func check(policy: String) throws(Failure) {
        guard policy.utf8.count <= Role.policyLimit, PolicyDocument(policy) != nil else {
            throw Failure(PlaneError(.malformedPolicyDocument, "The policy is not in the valid JSON format."))
        }
    }

    /// A prefix and 17 letters and digits, as the ids of IAM are.
    private func identity(_ prefix: String) throws(Failure) -> String {
        prefix + IdentifierLetters.text(try region.random(17))
    }
}

// Instance profiles.
extension EmbeddedActions {
    package func instanceProfiles() throws(Failure) -> [InstanceProfile] {
        try read("list the instance profiles") { try $0.identities("iam_profiles", of: try account) }
    }

    package func instanceProfile(_ name: String) throws(Failure) -> InstanceProfile {
        try read("look up the instance profile \(name)") { try profile(name, $0) }
    }

    package func createInstanceProfile(_ name: String, path: String, tags: TagSet) throws(Failure) -> InstanceProfile {
        try IdentityName.refusal(name, most: 128, of: "instanceProfileName").check()
        try IdentityName.refusal(path: path).check()
        let id = try identity("AIPA")
        return try write("make the instance profile \(name)") { session in
            let known: InstanceProfile? = try session.identity(name, "iam_profiles", of: try account)
            guard known == nil else {
                throw Failure(
                    PlaneError(.entityAlreadyExists, "Instance Profile \(name) already exists.", httpStatus: 409))
            }
            let profile = InstanceProfile(name: name, id: id, path: path, created: now, tags: tags)
            try session.put(profile, named: name, "iam_profiles", of: try account)
            return profile
        }
    }

    package func deleteInstanceProfile(_ name: String) throws(Failure) {
        try write("delete the instance profile \(name)") { session in
            guard try profile(name, session).role == nil else {
                throw Failure(.deleteConflict("Cannot delete entity, must remove roles from instance profile first."))
            }
            try session.run("DELETE FROM iam_profiles WHERE owner = ? AND name = ?", try account, name)
        }
    }

    package func addRole(_ role: String, to name: String) throws(Failure) {
        try write("add the role \(role) to \(name)") { session in
            var profile = try profile(name, session)
            guard profile.role == nil else {
                throw Failure(
                    PlaneError(
                        .limitExceeded, "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1", httpStatus: 409))
            }
            profile.role = try self.role(role, session).name
            try session.put(profile, named: profile.name, "iam_profiles", of: try account)
        }
    }

    package func removeRole(_ role: String, from name: String) throws(Failure) {
        try write("remove the role \(role) from \(name)") { session in
            var profile = try profile(name, session)
            guard profile.role == role else {
                throw Failure(.noSuchEntity("The role with name \(role.prefix(64)) cannot be found."))
            }
            profile.role = nil
            try session.put(profile, named: profile.name, "iam_profiles", of: try account)
        }
    }

    private func profile(_ name: String, _ session: Session) throws -> InstanceProfile {
        guard let profile: InstanceProfile = try session.identity(name, "iam_profiles", of: try account) else {
            throw Failure(.noSuchEntity("Instance Profile \(name.prefix(128)) cannot be found."))
        }
        return profile
    }
}

extension PlaneError {
    fileprivate static func noSuchEntity(_ text: String) -> PlaneError {
        PlaneError(.noSuchEntity, text, httpStatus: 404)
    }

    fileprivate static func deleteConflict(_ text: String) -> PlaneError {
        PlaneError(.deleteConflict, text, httpStatus: 409)
    }
}

extension Session {
    fileprivate func identities<T: Decodable>(_ table: String, of owner: AccountID) throws -> [T] {
        try rows("SELECT document FROM \(table) WHERE owner = ? ORDER BY name", owner) { row in try Self.document(row) }
    }

    fileprivate func identity<T: Decodable>(_ name: String, _ table: String, of owner: AccountID) throws -> T? {
        try first("SELECT document FROM \(table) WHERE owner = ? AND name = ?", owner, name) { row in try Self.document(row) }
    }

    fileprivate func put(_ value: some Encodable, named name: String, _ table: String, of owner: AccountID) throws {
        try run(
            """
            INSERT INTO \(table) VALUES (?, ?, ?) ON CONFLICT (owner, name) DO UPDATE SET document = excluded.document
            """, owner, name, try CanonicalJSON.text(of: value))
    }

    private static func document<T: Decodable>(_ row: borrowing Row) throws -> T {
        try JSONDecoder().decode(T.self, from: Data(try row.text("document").utf8))
    }
}
