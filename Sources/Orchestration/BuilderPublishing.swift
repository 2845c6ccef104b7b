import Cloud
import Ledger
import Model
import Recipes
import Text

// What follows a sealed image: the first channel and the copies. Each may be done again, so that a build finds what an earlier one left
// out or what failed.
extension Builder {
    /// Does for the image what has not been done yet.
    func publish(_ image: ImageRecord, _ pipeline: PipelineDocument) throws(Failure) -> [Distributor.Copy] {
        _ = try enterFirstChannel(pipeline, image)
        try share(image, with: pipeline.image.launchPermissions)
        return try distribute(image, pipeline)
    }

    /// Lets others launch an image. Nobody loses a permission that somebody else gave.
    func share(_ image: ImageRecord, with permissions: Set<LaunchPermission>) throws(Failure) {
        let missing = permissions.subtracting(image.permissions)
        if missing.isEmpty || image.state != .available { return }
        try workspace.plane.actions(in: image.region, as: image.owner).changeLaunchPermissions(
            of: image.id, adding: missing, removing: [])
    }

    /// A new image enters the first channel by itself; promotion to the others is somebody's decision. An image that was in the channel
    /// before does not enter it again, since somebody decided to point it elsewhere. Returns the channel where it points to the image.
    func enterFirstChannel(_ pipeline: PipelineDocument, _ image: ImageRecord) throws(Failure) -> ChannelName? {
        guard let first = pipeline.promotion.channels.first, let version = image.release?.version else { return nil }
        let target = ChannelTarget(version: version, image: image.id)
        let history = try workspace.ledger.history(of: pipeline.recipe, first)
        if history.first?.to == target { return first }
        if history.contains(where: { $0.to == target }) { return nil }
        _ = try workspace.ledger.promote(
            pipeline.recipe, first, from: history.first?.to, to: target, at: workspace.now, by: "pipeline \(pipeline.name)",
            reason: "built")
        return first
    }

    /// Copies to the regions that have no schedule of their own. A region that fails does not keep the others; all that failed is
    /// thrown at the end.
    func distribute(_ image: ImageRecord, _ pipeline: PipelineDocument) throws(Failure) -> [Distributor.Copy] {
        var copies: [Distributor.Copy] = []
        var failures: [(region: RegionName, failure: Failure)] = []
        for destination in pipeline.distribution where destination.schedule == nil {
            do throws(Failure) { copies.append(try copy(image, pipeline, to: destination)) } catch {
                if error.code == .cancelled { throw error }
                failures.append((destination.region, error))
            }
        }
        guard let first = failures.first else { return copies }
        let reasons = failures.map { "\($0.region): \($0.failure.chain.joined(separator: ": "))" }
        throw Failure(
            first.failure.code,
            "the image \(image.id) is built, but \(Amount.count(failures.count, "copy", plural: "copies")) failed",
            hint: first.failure.hint ?? "build again: what is copied already is not copied again",
            cause: Failure(first.failure.code, reasons.joined(separator: "; ")))
    }

    /// Copies an image as a pipeline's destination says.
    package func copy(
        _ image: ImageRecord, _ pipeline: PipelineDocument, to destination: PipelineDocument.Distribution
    ) throws(Failure) -> Distributor.Copy {
        let watch = watch
        let distributor = Distributor(workspace) { watch(.copying($0, done: $1, total: $2)) }
        let copy = try distributor.copy(image, to: destination.region, naming: try naming(image, pipeline, destination))
        try share(copy.image, with: destination.launchPermissions)
        watch(.copied(copy))
        return copy
    }

    private func naming(
        _ image: ImageRecord, _ pipeline: PipelineDocument, _ destination: PipelineDocument.Distribution
    ) throws(Failure) -> Distributor.Naming {
        var name: AMIName?
        if let template = destination.name, let release = image.release {
            name = try template.amiName([
                .version: release.version.semantic, .buildNumber: String(release.version.build),
                .recipe: release.recipe.description,
                .pipeline: pipeline.name.description, .region: destination.region.description, .buildDate: image.created.inNames,
            ])
        }
        return Distributor.Naming(
            name: name, description: destination.description, tags: destination.tags, isEncrypted: destination.isEncrypted,
            key: destination.key)
    }
}
