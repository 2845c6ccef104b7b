import Cloud
import Ledger
import Model

/// Where the channels of recipes point. What they point to is taken away by nobody but who insists, in no region: a copy is the same version.
struct ChannelPointers {
    private var channels: [Release: [ChannelName]] = [:]
    private let owner: AccountID

    /// The pointers of one recipe's channels as they are now.
    init(_ recipe: ResourceName, _ workspace: Workspace) throws(Failure) {
        owner = workspace.plane.settings.account
        for move in try workspace.ledger.channels(of: recipe) {
            channels[Release(recipe: recipe, version: move.to.version), default: []].append(move.channel)
        }
    }

    /// Why the image stays, as in `the channels dev, prod point to 1.0.0/1`; nil where nothing points to it, and for what is another account's.
    func objection(to image: ImageRecord) -> String? {
        guard image.owner == owner, let release = image.release, let names = channels[release] else { return nil }
        let list = names.map(\.description).joined(separator: ", ")
        return (names.count == 1 ? "the channel \(list) points" : "the channels \(list) point") + " to \(release.version)"
    }
}
