import Cloud
import Crypto
import Model
import Orchestration

/// An image that a command changes, and what the account that acts may do in its region.
struct OwnedImage {
    /// As it was when it was found.
    let record: ImageRecord
    let workspace: Workspace
    let actions: any RegionActions

    var id: ImageID { record.id }
    var region: RegionName { record.region }

    /// The image as it is now. One that was deregistered is no longer described.
    func standing() throws(Failure) -> ImageStanding {
        ImageStanding(try actions.imageAttributes(id), at: workspace.now)
    }
}

extension CommandContext {
    /// The image that a word means, with a workspace that may be written.
    func ownedImage(_ word: String, isDryRun: Bool = false) throws(Failure) -> OwnedImage {
        let workspace = try recoveredWriter()
        let image = try anyImage(word, in: workspace)
        try ensureMeant(image, by: word)
        let principal = Principal.account(settings.account)
        let actions = try workspace.plane.actions(in: image.region, as: principal, isDryRun: isDryRun)
        return OwnedImage(record: image, workspace: workspace, actions: actions)
    }

    /// A recipe's name means its original. Where that is disabled or gone the name leads to a copy, which whoever looks may get, and who
    /// changes something has to name.
    private func ensureMeant(_ image: ImageRecord, by word: String) throws(Failure) {
        let (named, name) = ImageSelection.split(word)
        guard image.source != nil, named == nil, region == nil, name != image.id.description, name != image.name.description
        else {
            return
        }
        throw Failure(
            .conflict, "\"\(word)\" is a copy now, \(image.id) in \(image.region): the original is disabled or gone",
            hint: "name the copy as \(image.region):\(name), or the original by its id, see `ingot images --all`")
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
