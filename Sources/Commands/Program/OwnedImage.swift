import Cloud
import Crypto
import Model
import Orchestration

/// An image that a command changes, and what the account that acts may do in its region.
struct OwnedImage {
    let id: ImageID
    let region: RegionName
    let actions: any RegionActions

    /// The image as it is now. One that was deregistered is no longer described.
    func standing() throws(Failure) -> ImageStanding {
        ImageStanding(try actions.imageAttributes(id), at: now)
    }

    fileprivate let now: Instant
}

extension CommandContext {
    /// The image that a word means, with a workspace that may be written.
    func ownedImage(_ word: String, isDryRun: Bool = false) throws(Failure) -> OwnedImage {
        let workspace = try recoveredWriter()
        let image = try image(word, in: workspace)
        let principal = Principal.account(settings.account)
        let actions = try workspace.plane.actions(in: image.region, as: principal, isDryRun: isDryRun)
        return OwnedImage(id: image.id, region: image.region, actions: actions, now: workspace.now)
    }
}

/// Who may use an image, and how its life stands: the result of the commands that change it.
struct ImageStanding: Encodable {
    let imageId: String
    let region: String
    let name: String
    let ownerId: String
    let state: String
    let isPublic: Bool
    let launchPermissions: [Permission]
    let deprecationTime: String?
    let deregistrationProtection: String

    struct Permission: Encodable {
        let kind: String
        let grantee: String
    }

    init(_ image: ImageRecord, at now: Instant) {
        imageId = image.id.description
        region = image.region.description
        name = image.name.description
        ownerId = image.owner.description
        state = image.state.rawValue
        isPublic = image.isPublic
        launchPermissions = image.permissions.sorted().map { Permission(kind: $0.kind.rawValue, grantee: $0.grantee) }
        deprecationTime = image.deprecation?.description
        deregistrationProtection = image.protection.text(at: now)
    }
}
