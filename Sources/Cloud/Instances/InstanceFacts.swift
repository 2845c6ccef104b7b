import Model
import Records
import SQLite

/// What an instance is told about itself, besides its user data.
package struct InstanceFacts: Sendable {
    package var instance: InstanceRecord
    /// Names of its security groups.
    package var groupNames: [String]
    package var vpc: VPC
    /// The line of authorized_keys of its key pair.
    package var publicKey: String?
}

extension EmbeddedRegion {
    /// The facts of an instance, whoever owns it.
    package func facts(of id: InstanceID) throws(Failure) -> InstanceFacts {
        return try database.read("look up the instance \(id)") { session in
            let found = try session.first("SELECT owner FROM instances WHERE id = ?", id) { row in
                try row.parsed("owner", as: AccountID.self)
            }
            guard let owner = found, let instance = try session.instances(of: owner, only: id).first,
                let vpc = try session.vpcs(of: owner).first(where: { $0.id == instance.subnet.vpc })
            else { throw Failure(.notFound(instances: [id])) }
            let groups = try session.securityGroups(of: owner)
            let key = try instance.keyName.flatMap { name in
                try session.keyPairs(of: owner).first { $0.name == name }?.publicKey
            }
            return InstanceFacts(
                instance: instance,
                groupNames: instance.groups.compactMap { id in groups.first { $0.id == id }?.name }, vpc: vpc,
                publicKey: key)
        }
    }

    /// The key under which tokens of instances are made, durable when this returns.
    package func metadataKey() throws(Failure) -> [UInt8] {
        try keyFile(.metadataTokens).loadOrMake(isNeeded: false)
    }
}
