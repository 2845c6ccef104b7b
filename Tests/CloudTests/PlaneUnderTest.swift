import Cloud
import Model
import Platform
import TestSupport
import Testing

/// A plane to be tested: every end of the protocol passes the same suites.
struct PlaneUnderTest: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let make: @Sendable (_ folder: String, _ environment: Environment, _ settings: PlaneSettings) -> any Plane

    static let all = [
        PlaneUnderTest(testDescription: "the embedded plane") { folder, environment, settings in
            EmbeddedPlane(folder: folder + "/regions", environment: environment, settings: settings)
        }
    ]

    func with(_ body: (_ plane: any Plane, _ region: any Region) throws -> Void) throws {
        try withTemporaryFolder { folder in
            let plane = make(folder, .system(), .single)
            try body(plane, try plane.makeRegion(name("us-east-1")))
        }
    }

    /// A plane with an organization and a clock that stands at `noon`.
    func withAccounts(limits: ServiceLimits = ServiceLimits(), _ body: (_ world: PlaneWorld) throws -> Void) throws {
        try withTemporaryFolder { folder in
            let clock = TestEnvironment(at: noon)
            var settings = try PlaneWorld.settings()
            settings.limits = limits
            try body(PlaneWorld(plane: make(folder, clock.environment, settings), clock: clock))
        }
    }
}

/// Accounts: `owner` and `sibling` in one unit of an organization, `cousin` in it but in no unit, `stranger` outside, `amazon` too.
struct PlaneWorld {
    let plane: any Plane
    let clock: TestEnvironment

    static let organization = "arn:aws:organizations::111111111111:organization/o-abcdefghij"
    static let unit = "arn:aws:organizations::111111111111:ou/o-abcdefghij/ou-ab12-workload"
    static let inner = "arn:aws:organizations::111111111111:ou/o-abcdefghij/ou-ab12-developm"

    static let ids = [
        "owner": "111111111111", "sibling": "222222222222", "cousin": "333333333333", "stranger": "444444444444",
        "amazon": "137112412989",
    ]

    static func id(_ name: String) throws -> AccountID { try AccountID(parsing: #require(ids[name])) }

    static func settings() throws -> PlaneSettings {
        let unit = try UnitARN(parsing: unit)
        let inner = try UnitARN(parsing: inner)
        let organization = Organization(
            arn: try OrganizationARN(parsing: organization),
            units: [
                Organization.Unit(arn: unit, name: "workloads"),
                Organization.Unit(arn: inner, name: "development", parent: unit),
            ])
        return PlaneSettings(
            directory: AccountDirectory(
                accounts: [
                    Account(id: try id("owner"), name: "owner", isInOrganization: true, unit: unit),
                    Account(id: try id("sibling"), name: "sibling", isInOrganization: true, unit: inner),
                    Account(id: try id("cousin"), name: "cousin", isInOrganization: true),
                    Account(id: try id("stranger"), name: "stranger"),
                    Account(id: try id("amazon"), name: "amazon", alias: .amazon),
                ],
                organization: organization))
    }

    func actions(_ account: String = "owner", in region: String = "us-east-1", isDryRun: Bool = false) throws -> any RegionActions
    {
        try plane.actions(in: name(region), as: .account(Self.id(account)), isDryRun: isDryRun)
    }

    func region(_ text: String = "us-east-1") throws -> any Region { try plane.makeRegion(name(text)) }

    /// An available image of an account.
    func image(
        _ imageName: String, of account: String = "owner", in region: String = "us-east-1", tags: [Tag] = [],
        content: String = "content"
    ) throws -> ImageID {
        var new = try newImage(imageName, created: clock.now, tags: tags, token: "\(account) \(imageName)")
        new.owner = try Self.id(account)
        return try self.region(region).add(new, content: content).id
    }

    func share(_ image: ImageID, with permissions: LaunchPermission...) throws {
        if permissions.contains(.everyone) { try actions().blockPublicAccessToImages(false) }
        try actions().changeLaunchPermissions(of: image, adding: Set(permissions), removing: [])
    }

    /// The ids that a query gives an account.
    func ids(_ account: String, _ query: ImageQuery = ImageQuery()) throws -> [ImageID] {
        try actions(account).describeImages(query).map(\.image.id)
    }
}

/// The error of the plane that `body` must fail with.
func refusal(sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void) -> PlaneError? {
    let failure = #expect(throws: Failure.self, sourceLocation: sourceLocation) { try body() }
    return failure?.planeError
}
