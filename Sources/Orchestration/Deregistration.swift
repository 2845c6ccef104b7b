import Cloud
import Model

/// Takes an image away when somebody asks for it, unless a channel points to it.
///
/// The rule is that of lifecycle (`ChannelPointers`), and whoever moves a channel of the recipe waits until this is done.
package struct Deregistration {
    private let workspace: Workspace
    private let image: ImageRecord

    package init(_ image: ImageRecord, _ workspace: Workspace) {
        self.image = image
        self.workspace = workspace
    }

    /// Does `work`, which deregisters the image. `Failure(.conflict)` where channels point to it, unless `isForced`.
    package func run<Result>(isForced: Bool, _ work: () throws(Failure) -> Result) throws(Failure) -> Result {
        guard let recipe = image.release?.recipe else { return try work() }
        return try workspace.exclusively(Retirement.leaseName(recipe), patience: Retirement.patience) { (_) throws(Failure) in
            if !isForced { try check() }
            return try work()
        }
    }

    /// Refuses what a channel points to.
    package func check() throws(Failure) {
        guard image.state != .deregistered, let release = image.release,
            let objection = try ChannelPointers(release.recipe, workspace).objection(to: image)
        else { return }
        throw Failure(
            .conflict, "the image \(image.id) in \(image.region) is in use: \(objection) of \(release.recipe)",
            hint: "promote another version first, or insist with --force")
    }
}
