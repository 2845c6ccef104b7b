import Model
import Recipes

/// Where images go, and what they are called there: CreateDistributionConfiguration. What is carried becomes part of the documents of the
/// pipelines that name it.
struct DistributionRequest: DocumentRequest {
    let name: String
    let description: String?
    let distributions: [Target]
    let tags: [String: String]?
    var clientToken: String
    let dryRun: Bool?

    struct Target: Codable {
        let region: String
        let amiDistributionConfiguration: Images?
    }

    struct Images: Codable {
        let name: String?
        let description: String?
        let amiTags: [String: String]?
        let kmsKeyId: String?
        let launchPermission: Permissions?
    }

    struct Permissions: Codable {
        let userIds: [String]?
        let userGroups: [String]?
        let organizationArns: [String]?
        let organizationalUnitArns: [String]?
    }

    func checkRegions() throws(APIError) {
        let regions = distributions.map(\.region)
        guard !regions.isEmpty, Set(regions).count == regions.count,
            regions.allSatisfy({ (try? RegionName(existing: $0)) != nil })
        else { throw APIError("InvalidRequestException", "distributions must name existing Regions, each once.") }
    }
}

extension DistributionRequest.Images {
    /// The members that a pipeline's document has for the images of a region.
    func members(withKey: Bool) throws(APIError) -> [(String, YAMLText?)] {
        var members: [(String, YAMLText?)] = [
            ("name", try name.map { name throws(APIError) in .text(try Self.template(name)) }),
            ("description", description.map { .text($0) }),
        ]
        if withKey {
            members.append(("kmsKeyId", kmsKeyId.map { .text($0) }))
        } else if kmsKeyId != nil {
            throw APIError(
                "InvalidRequestException",
                "A kmsKeyId is for copies in other Regions: the recipe's block devices say how the image itself is encrypted.")
        }
        let permissions = launchPermission.map { permissions in
            YAMLText.map([
                ("userIds", .texts(permissions.userIds)), ("userGroups", .texts(permissions.userGroups)),
                ("organizationArns", .texts(permissions.organizationArns)),
                ("organizationalUnitArns", .texts(permissions.organizationalUnitArns)),
            ])
        }
        return members + [("launchPermission", permissions)]
    }

    /// Image Builder's variables in Ingot's words.
    private static func template(_ name: String) throws(APIError) -> String {
        var result = ""
        var rest = name[...]
        while let open = rest.firstRange(of: "{{") {
            result += rest[..<open.lowerBound]
            rest = rest[open.upperBound...]
            guard let close = rest.firstRange(of: "}}") else { throw .invalid(arn: name, "amiDistributionConfiguration.name") }
            switch rest[..<close.lowerBound].filter({ $0 != " " }) {
            case "imagebuilder:buildDate": result += "{{ buildDate }}"
            case "imagebuilder:buildVersion": result += "{{ buildNumber }}"
            default: throw .invalid(arn: name, "amiDistributionConfiguration.name")
            }
            rest = rest[close.upperBound...]
        }
        return result + rest
    }
}
