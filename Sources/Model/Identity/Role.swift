/// A role of IAM: who may take it on, and what is written of what it may do. What it may do is kept for clients that read it; on this plane
/// whoever acts for an account may do what the account may.
package struct Role: Codable, Hashable, Sendable {
    package let name: String
    /// `AROA…`
    package let id: String
    /// `/` or `/service/`
    package let path: String
    package let created: Instant
    package var description: String?
    /// Seconds.
    package var longestSession: Int
    /// The trust policy, as it came.
    package var trust: String
    /// Policies of its own, by name.
    package var policies: [String: String] = [:]
    /// The ARNs of managed policies.
    package var attached: [String] = []
    package var tags = TagSet()

    package init(
        name: String, id: String, path: String, created: Instant, description: String?, longestSession: Int, trust: String,
        tags: TagSet
    ) {
        self.name = name
        self.id = id
        self.path = path
        self.created = created
        self.description = description
        self.longestSession = longestSession
        self.trust = trust
        self.tags = tags
    }

    package func arn(of account: AccountID) -> String { ARN("iam", of: account, "role\(path)\(name)").description }

    package static let sessionLengths = 3600...43_200
    /// Of one policy, in bytes.
    package static let policyLimit = 10_240
}

/// An instance profile: what hands a role to instances.
package struct InstanceProfile: Codable, Hashable, Sendable {
    package let name: String
    /// `AIPA…`
    package let id: String
    package let path: String
    package let created: Instant
    /// The name of its role, of which there is one at most.
    package var role: String?
    package var tags = TagSet()

    package init(name: String, id: String, path: String, created: Instant, tags: TagSet) {
        self.name = name
        self.id = id
        self.path = path
        self.created = created
        self.tags = tags
    }

    package func arn(of account: AccountID) -> String { ARN("iam", of: account, "instance-profile\(path)\(name)").description }
}

/// IAM's bounds on names and paths.
package enum IdentityName {
    package static func refusal(_ name: String, most: Int, of parameter: String) -> PlaneError? {
        let isName =
            1...most ~= name.utf8.count
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "+=,.@_-".utf8.contains(byte)
                }
            }
        return isName
            ? nil
            : PlaneError(
                .validationError,
                "The specified value for \(parameter) is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-"
            )
    }

    package static func refusal(path: String) -> PlaneError? {
        let isPath =
            path.utf8.count <= 512 && path.hasPrefix("/") && path.hasSuffix("/")
            && path.utf8.allSatisfy { UInt8(ascii: "!")...UInt8(ascii: "~") ~= $0 }
        return isPath
            ? nil
            : PlaneError(
                .validationError,
                "The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters."
            )
    }
}
