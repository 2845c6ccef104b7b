import Cloud
import Crypto
import EndpointPlane
import Model
import Platform
import TestSupport
import Testing

/// A plane to be tested. It has two doors: `Region`, by which pipelines register and seal images, and `StorageActions`, by which accounts work.
///
/// The first is the plane's own: EC2 has no action for it, so its suites run where the plane is. The second is what EC2 speaks of: its suites run
/// against the embedded plane, and again through its endpoint, where they see nothing but answers of EC2's protocol.
struct PlaneUnderTest: CustomTestStringConvertible, Sendable {
    let testDescription: String
    /// Opens the door of accounts while the last argument runs.
    let serve: @Sendable (any Plane, Environment, @escaping @Sendable (@escaping AccountDoor) throws -> Void) throws -> Void

    typealias AccountDoor = @Sendable (RegionName, AccountID, _ isDryRun: Bool) throws -> any StorageActions

    static let embedded = PlaneUnderTest(testDescription: "the embedded plane") { plane, _, body in
        try body { try plane.actions(in: $0, as: .account($1), isDryRun: $2) }
    }

    static let served = PlaneUnderTest(testDescription: "the plane behind its endpoint") { plane, environment, body in
        try ServedPlane.run(plane, environment: environment) { served in
            try body { try served.actions(in: $0, as: $1, isDryRun: $2) }
        }
    }

    /// Those with a door for pipelines.
    static let forPipelines = [embedded]
    /// Those with a door for accounts.
    static let forAccounts = [embedded, served]

    func with(_ body: (_ plane: any Plane, _ region: any Region) throws -> Void) throws {
        try withTemporaryFolder { folder in
            let plane = EmbeddedPlane(folder: folder + "/regions", environment: .system(), settings: .single)
            try body(plane, try plane.makeRegion(name("us-east-1")))
        }
    }

    /// A plane with an organization and a clock that stands at `noon`.
    func withAccounts(
        limits: ServiceLimits = ServiceLimits(), _ body: @escaping @Sendable (_ world: PlaneWorld) throws -> Void
    ) throws {
        try withTemporaryFolder { folder in
            let clock = TestEnvironment(at: noon)
            var settings = try PlaneWorld.settings()
            settings.limits = limits
            let plane = EmbeddedPlane(folder: folder + "/regions", environment: clock.environment, settings: settings)
            try serve(plane, clock.environment) { door in try body(PlaneWorld(plane: plane, clock: clock, door: door)) }
        }
    }
}

/// Accounts: `owner` and `sibling` in one unit of an organization, `cousin` in it but in no unit, `stranger` outside, `amazon` too.
struct PlaneWorld: Sendable {
    let plane: any Plane
    let clock: TestEnvironment
    let door: PlaneUnderTest.AccountDoor

    /// Of the embedded plane.
    init(plane: any Plane, clock: TestEnvironment) {
        self.init(plane: plane, clock: clock) { try plane.actions(in: $0, as: .account($1), isDryRun: $2) }
    }

    init(plane: any Plane, clock: TestEnvironment, door: @escaping PlaneUnderTest.AccountDoor) {
        self.plane = plane
        self.clock = clock
        self.door = door
    }

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

    /// What an account can do, through the door that is tested.
    func actions(
        _ account: String = "owner", in region: String = "us-east-1", isDryRun: Bool = false
    ) throws -> any StorageActions { try door(name(region), Self.id(account), isDryRun) }

    /// What EC2 has no action for, or the endpoint none: trees of instances, and the rules of the Recycle Bin.
    func inside(_ account: String = "owner") throws -> any RegionActions {
        try plane.actions(in: name("us-east-1"), as: .account(Self.id(account)), isDryRun: false)
    }

    /// The root digest of an image's content, which EC2 does not tell.
    func root(of image: ImageID, in region: String = "us-east-1") throws -> Digest? {
        try self.region(region).image(image).root
    }

    func root(of snapshot: SnapshotID, in region: String = "us-east-1") throws -> Digest? {
        try self.region(region).snapshots([snapshot]).first?.root
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
