import Cloud
import Ledger
import Model
import Recipes
import Text

/// Points channels to images: from one channel to the next, through the gates of the pipeline.
package struct Promoter {
    private let workspace: Workspace

    package init(_ workspace: Workspace) { self.workspace = workspace }

    /// Promotes to a channel what the channel before it points to, or the given version. The first channel takes the newest version.
    /// `Failure(.conflict)` when the channel was moved meanwhile, `Failure(.failed)` when a gate says no.
    package func promote(
        _ pipeline: PipelineDocument, to channel: ChannelName, version: VersionSelector?, by actor: String, reason: String
    ) throws(Failure) -> ChannelMove {
        let channels = pipeline.promotion.channels
        guard let position = channels.firstIndex(of: channel) else {
            throw Failure(
                .notFound, "the pipeline \(pipeline.name) has no channel \(channel)",
                hint: Suggestion.hint(for: channel.description, among: channels.map(\.description)))
        }
        let region = try workspace.plane.region(pipeline.region)
        let expected = try workspace.ledger.channel(pipeline.recipe, channel)
        let before = position == 0 ? nil : channels[position - 1]
        let image = try image(pipeline, region, for: channel, before: before, version)
        guard let release = image.release else { throw Failure(.bug, "the image \(image.id) has no version") }
        let target = ChannelTarget(version: release.version, image: image.id)
        if target == expected {
            throw Failure(.conflict, "the channel \(channel) of \(pipeline.recipe) points to \(release.version) already")
        }
        try PromotionGates(workspace: workspace, image: image, channel: channel).check(pipeline.promotion.gates[channel] ?? [])
        try workspace.failpoint("promote.checked")
        return try workspace.exclusively(Retirement.leaseName(pipeline.recipe), patience: Retirement.patience) {
            (_) throws(Failure) in
            // It may have been taken away while its gates were asked.
            guard try region.image(image.id).state == .available else {
                throw Failure(.conflict, "the image \(image.id) was taken away meanwhile", hint: "promote another version")
            }
            return try workspace.ledger.promote(
                pipeline.recipe, channel, from: expected, to: target, at: workspace.now, by: actor, reason: reason)
        }
    }

    private func image(
        _ pipeline: PipelineDocument, _ region: any Region, for channel: ChannelName, before: ChannelName?,
        _ version: VersionSelector?
    ) throws(Failure) -> ImageRecord {
        if let version {
            if let image = try region.latest(of: pipeline.recipe, version) { return image }
            if let image = try former(pipeline.recipe, version, region) {
                let name = image.release?.description ?? image.name.description
                throw try Self.unusable(image, "the image \(image.id) (\(name))", of: pipeline.recipe, region, for: channel)
            }
            throw Failure(.notFound, "there is no available image \(pipeline.recipe)/\(version) in \(region.name)")
        }
        guard let before else {
            if let image = try region.latest(of: pipeline.recipe, .any) { return image }
            throw Failure(
                .notFound, "there is no image of \(pipeline.recipe) in \(region.name)", hint: "build the pipeline first")
        }
        guard let target = try workspace.ledger.channel(pipeline.recipe, before) else {
            throw Failure(.notFound, "the channel \(before) of \(pipeline.recipe) points nowhere, so there is nothing to promote")
        }
        let image = try region.image(target.image)
        guard image.state == .available else {
            let name = "the image \(image.id) (\(target.version)), which the channel \(before) points to,"
            throw try Self.unusable(image, name, of: pipeline.recipe, region, for: channel)
        }
        return image
    }

    /// The image of the highest version that the selector means, among those that nobody can launch now.
    private func former(
        _ recipe: ResourceName, _ version: VersionSelector, _ region: any Region
    ) throws(Failure) -> ImageRecord? {
        guard let highest = version.resolve(among: try region.versions(of: recipe)) else { return nil }
        let images = try region.images(ImageFilter(recipe: recipe, states: Set(ImageState.allCases)))
        return images.last { $0.release?.version == highest }
    }

    private static func unusable(
        _ image: ImageRecord, _ name: String, of recipe: ResourceName, _ region: any Region, for channel: ChannelName
    ) throws(Failure) -> Failure {
        var hints: [String] = []
        if image.recycled != nil { hints.append("take it back: `ingot recycle-bin restore \(image.region):\(image.id)`") }
        if image.state == .disabled { hints.append("enable it: `ingot enable \(image.id)`") }
        let newest = try region.latest(of: recipe, .any)?.release
        hints.append(
            newest.map { "promote another version: `ingot promote \(recipe) --to \(channel) --version \($0.version)`" }
                ?? "build the pipeline first")
        return Failure(
            .conflict, "\(name) is \(image.state) and cannot be promoted", hint: hints.joined(separator: "; or "))
    }
}
