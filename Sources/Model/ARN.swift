/// The name of a resource of AWS: `arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab`.
///
/// Which of region and account are empty, and what form the resource has, is a matter of the service.
package struct ARN: Hashable, Sendable, CustomStringConvertible {
    package let partition: String
    package let service: String
    package let region: String
    package let account: String
    /// What is left, which may have colons.
    package let resource: String

    /// The one partition of this plane.
    package static let partition = "aws"
    private static let longest = 2048

    /// Nil for what has not the form of one.
    package init?(_ text: String) {
        guard text.utf8.count <= Self.longest else { return nil }
        let fields = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).map(String.init)
        guard fields.count == 6, fields[0] == "arn", [1, 2, 5].allSatisfy({ !fields[$0].isEmpty }) else { return nil }
        partition = fields[1]
        service = fields[2]
        region = fields[3]
        account = fields[4]
        resource = fields[5]
    }

    package init(_ service: String, in region: RegionName? = nil, of account: AccountID? = nil, _ resource: String) {
        partition = Self.partition
        self.service = service
        self.region = region?.description ?? ""
        self.account = account?.description ?? ""
        self.resource = resource
    }

    package var description: String { "arn:\(partition):\(service):\(region):\(account):\(resource)" }

    /// Whether a text that may be a name or an ARN is meant as an ARN.
    package static func isMeant(by text: String) -> Bool { text.hasPrefix("arn:") }

    package func isOf(_ service: String) -> Bool { partition == Self.partition && self.service == service }

    /// Nil where it has none, or what stands there is no account.
    package var accountID: AccountID? { try? AccountID(parsing: account) }

    /// Nil where it has none, or what stands there is no region.
    package var regionName: RegionName? { try? RegionName(parsing: region) }

    /// What follows on `kind/`: `1234…` of `key/1234…`. Nil for a resource of another kind, and where nothing follows.
    package func name(of kind: String) -> String? {
        guard resource.hasPrefix("\(kind)/"), resource.utf8.count > kind.utf8.count + 1 else { return nil }
        return String(resource.dropFirst(kind.count + 1))
    }
}
