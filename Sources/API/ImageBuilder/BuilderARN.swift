import Model

/// The name of a resource of Image Builder: `arn:aws:imagebuilder:us-east-1:111111111111:image/web-server/1.4.2/3`.
struct BuilderARN: Hashable, CustomStringConvertible {
    let region: RegionName
    let account: AccountID
    let kind: Kind
    /// In lower case, with `-` for blanks.
    let name: String
    /// Three numbers, each of which may be `x`; nil for what has no version.
    let version: String?
    let build: Int?

    enum Kind: String, CaseIterable {
        case pipeline = "image-pipeline"
        case recipe = "image-recipe"
        case image
        case component
        case infrastructure = "infrastructure-configuration"
        case distribution = "distribution-configuration"

        /// Whether its ARNs end with a version.
        var isVersioned: Bool {
            switch self {
            case .pipeline, .infrastructure, .distribution: false
            case .recipe, .image, .component: true
            }
        }
    }

    init(region: RegionName, account: AccountID, kind: Kind, name: String, version: String?, build: Int?) {
        self.region = region
        self.account = account
        self.kind = kind
        self.name = Self.word(name)
        self.version = version
        self.build = build
    }

    /// Nil for what is none, and for one of another kind.
    init?(_ text: String, _ kind: Kind) {
        guard text.utf8.count <= 1024, let arn = ARN(text), arn.isOf("imagebuilder"), let region = arn.regionName,
            let account = arn.accountID
        else { return nil }
        let parts = arn.resource.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 2, parts[0] == kind.rawValue, !parts[1].isEmpty, parts[1] == Self.word(parts[1]) else { return nil }
        self.region = region
        self.account = account
        self.kind = kind
        name = parts[1]
        guard kind.isVersioned else {
            guard parts.count == 2 else { return nil }
            (version, build) = (nil, nil)
            return
        }
        guard 3...4 ~= parts.count, (try? VersionSelector(parsing: parts[2])) != nil, parts[2].split(separator: ".").count == 3
        else { return nil }
        version = parts[2]
        build = parts.count == 4 ? Int(parts[3]) : nil
        guard parts.count == 3 || (build ?? 0) > 0 && build.map({ "\($0)" }) == parts[3] else { return nil }
    }

    /// A name as ARNs have it.
    static func word(_ name: String) -> String { String(name.lowercased().map { $0 == " " ? "-" : $0 }) }

    var description: String {
        var resource = "\(kind.rawValue)/\(name)"
        if let version { resource += "/\(version)" }
        if let build { resource += "/\(build)" }
        return ARN("imagebuilder", in: region, of: account, resource).description
    }
}
