import Cloud
import Crypto
import Guest
import Ledger
import Model
import Pipeline

/// The rules of hardening that the recipes of an image and of the images that it was built on left alone, with their reasons: as the stages
/// reported it that made the image, for as long as their results are kept.
package struct HardeningRecord: Sendable {
    package private(set) var exceptions: [HardeningException] = []

    /// An image is built on others at most so often, and copied at most so often.
    private static let mostImages = 1000

    package init(of image: ImageRecord, in workspace: Workspace) throws(Failure) {
        let builds = try workspace.ledger.builds()
        var next: ImageRecord? = image
        for _ in 0..<Self.mostImages {
            guard let image = next else { return }
            // The last one that made it or found that it made nothing else.
            if let build = builds.first(where: { $0.image == image.id && ($0.state == .succeeded || $0.state == .unchanged) }) {
                for step in try workspace.ledger.steps(of: build.id).reversed() { try add(step, workspace.ledger) }
            }
            // A copy has no build of its own; its original has.
            next =
                Self.image(image.source?.image, in: image.source?.region, workspace)
                ?? Self.image(image.parent, in: image.region, workspace)
        }
    }

    /// The later of two exceptions of one rule is the one that made the image, and comes first.
    private mutating func add(_ step: StepRecord, _ ledger: Ledger) throws(Failure) {
        guard let key = step.key, let record = try ledger.checkpoint(for: key), record.stage == "harden" else { return }
        let stage: StageReport = try JSON.value(record.report)
        let report: HardeningReport = try JSON.value(stage.detail)
        for entry in report.entries {
            guard let because = entry.because, !exceptions.contains(where: { $0.rule == entry.rule }) else { continue }
            exceptions.append(HardeningException(rule: entry.rule, because: because))
        }
    }

    /// Nil where it is gone, or its region is.
    private static func image(_ id: ImageID?, in region: RegionName?, _ workspace: Workspace) -> ImageRecord? {
        guard let id, let region else { return nil }
        return try? workspace.plane.region(region).image(id)
    }
}
