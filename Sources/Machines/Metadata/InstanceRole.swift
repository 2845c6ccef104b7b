import Cloud
import Model

/// What an instance is told of its instance profile, and the keys of its role.
struct InstanceRole {
    private let profile: InstanceRecord.Profile
    private let instance: InstanceRecord
    private let plane: any Plane
    private let now: Instant

    init(_ profile: InstanceRecord.Profile, _ instance: InstanceRecord, _ plane: any Plane, now: Instant) {
        self.profile = profile
        self.instance = instance
        self.plane = plane
        self.now = now
    }

    /// `iam` of the metadata. Where no endpoint is in this process that would accept keys, there are none.
    var entries: [MetadataNode.Entry] {
        get throws(Failure) {
            let information = JSONValue.object([
                "Code": .string("Success"), "LastUpdated": .string(now.description),
                "InstanceProfileArn": .string(profile.arn), "InstanceProfileId": .string(profile.id),
            ])
            var entries = [MetadataNode.Entry("info", try CanonicalJSON.text(of: information, pretty: true))]
            if let source = (plane as? EmbeddedPlane)?.roleKeys,
                let role = try plane.role(ofProfile: profile.name, account: instance.owner)?.role
            {
                entries.append(
                    .init(
                        "security-credentials",
                        .later { () throws(Failure) in
                            [.init(role.name, try CanonicalJSON.text(of: try document(role, source), pretty: true))]
                        }))
            }
            return entries
        }
    }

    private func document(_ role: Role, _ source: any RoleKeySource) throws(Failure) -> JSONValue {
        guard RoleTrust.allows(service: "ec2.amazonaws.com", by: role.trust) else {
            return .object([
                "Code": .string("AssumeRoleUnauthorizedAccess"),
                "Message": .string(
                    "EC2 cannot assume the role \(role.name). Please see documentation at https://docs.aws.amazon.com/IAM."),
                "LastUpdated": .string(now.description),
            ])
        }
        let keys = try source.keys(of: role, account: instance.owner, instance: instance.id)
        return .object([
            "Code": .string("Success"), "LastUpdated": .string(keys.made.description), "Type": .string("AWS-HMAC"),
            "AccessKeyId": .string(keys.id), "SecretAccessKey": .string(keys.secret), "Token": .string(keys.token),
            "Expiration": .string(keys.ends.description),
        ])
    }
}
