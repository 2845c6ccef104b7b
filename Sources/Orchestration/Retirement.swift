import Cloud
import Ledger
import Model
import Recipes

/// Deprecates, disables and deletes the old images of a pipeline, and their copies, as its `lifecycle` says.
///
/// In each region the pipeline's own images are counted from the newest, which is never taken. What a channel of the recipe points to is not
/// taken in any region: whoever moves a channel waits until this is done. Each step may be done again.
package struct Retirement {
    /// What is to be done with one image.
    package struct Step: Sendable {
        package var image: ImageRecord
        package var action: LifecycleRule.Action
        /// In a few words.
        package var reason: String
        /// Why it is not done nevertheless.
        package var objection: String?

        /// What was done, as in `delete ami-0123456789abcdef0 in us-east-1, 2 versions are newer`.
        package var text: String { "\(action.rawValue) \(image.id) in \(image.region), \(reason)" }
    }

    private let workspace: Workspace
    private let pipeline: PipelineDocument

    package init(_ workspace: Workspace, _ pipeline: PipelineDocument) {
        self.workspace = workspace
        self.pipeline = pipeline
    }

    /// Held by whoever moves channels of a recipe, or takes away images that none may point to.
    static func leaseName(_ recipe: ResourceName) -> String { "moving the channels of \(recipe)" }
    static let patience = TimeSpan(seconds: 10)

    // MARK: Planning

    /// What is to be done now, region by region, the oldest image first.
    package func plan() throws(Failure) -> [Step] {
        guard !pipeline.lifecycle.isEmpty else { return [] }
        let pointers = try ChannelPointers(pipeline.recipe, workspace)
        let built = try builtImages()
        var steps: [Step] = []
        let present = Set(try workspace.plane.regions())
        for name in [pipeline.region] + pipeline.distribution.map(\.region) where present.contains(name) {
            steps += try self.steps(in: try workspace.plane.region(name), built, pointers)
        }
        return steps
    }

    private func steps(
        in region: any Region, _ built: Set<ImageID>, _ pointers: ChannelPointers
    ) throws(Failure) -> [Step] {
        let owner = workspace.plane.settings.account
        let all = try region.images(ImageFilter(recipe: pipeline.recipe, states: [.available, .disabled]))
        let own = all.filter { image in
            image.owner == owner && (built.contains(image.id) || image.source.map { built.contains($0.image) } ?? false)
        }
        let newestFirst = own.sorted { Self.isNewer($0, $1) }
        let steps = newestFirst.enumerated().compactMap { newer, image in step(for: image, newer: newer, pointers) }
        return steps.reversed()
    }

    private static func isNewer(_ a: ImageRecord, _ b: ImageRecord) -> Bool {
        if let first = a.release?.version, let second = b.release?.version, first != second { return first > second }
        return (a.created, a.id.description) > (b.created, b.id.description)
    }

    private func step(for image: ImageRecord, newer: Int, _ pointers: ChannelPointers) -> Step? {
        let now = workspace.now
        let found = pipeline.lifecycle.compactMap { rule in
            rule.reason(created: image.created, newer: newer, now: now).map { (action: rule.action, reason: $0) }
        }
        guard let strongest = found.max(by: { $0.action < $1.action }), !isDone(strongest.action, image) else { return nil }
        var step = Step(image: image, action: strongest.action, reason: strongest.reason)
        step.objection = pointers.objection(to: image)
        if step.objection == nil, strongest.action == .delete, image.protection.protects(at: now) {
            step.objection = "it is protected against deregistration"
        }
        return step
    }

    private func isDone(_ action: LifecycleRule.Action, _ image: ImageRecord) -> Bool {
        switch action {
        case .deprecate: image.chosenDeprecation != nil || image.state == .disabled
        case .disable: image.state == .disabled
        case .delete: false
        }
    }

    /// The images that the pipeline made: another one of the recipe keeps its own.
    private func builtImages() throws(Failure) -> Set<ImageID> {
        Set(try workspace.ledger.builds(pipeline: pipeline.name).filter { $0.state == .succeeded }.compactMap(\.image))
    }

    // MARK: Doing

    /// Does what is to be done, and returns it. What fails for one image does not keep the others; the first failure is thrown at the end.
    @discardableResult
    package func run() throws(Failure) -> [Step] {
        guard !pipeline.lifecycle.isEmpty else { return [] }
        return try workspace.exclusively(Self.leaseName(pipeline.recipe), patience: Self.patience) { (lease) throws(Failure) in
            var done: [Step] = []
            var failure: Failure?
            for step in try plan() where step.objection == nil {
                do throws(Failure) {
                    try perform(step, lease)
                    done.append(step)
                } catch { failure = failure ?? error }
            }
            if let failure { throw failure }
            return done
        }
    }

    private func perform(_ step: Step, _ lease: LeaseRecord) throws(Failure) {
        let image = step.image
        let actions = try workspace.plane.actions(in: image.region, as: image.owner)
        switch step.action {
        case .deprecate: try actions.enableDeprecation(of: image.id, at: workspace.now)
        case .disable: try actions.disableImage(image.id)
        case .delete: try actions.deregisterImage(image.id, deletingSnapshots: true)
        }
        try workspace.ledger.append(
            .imageRetired, subject: image.id.description,
            detail: [
                "action": step.action.rawValue, "pipeline": pipeline.name.description, "region": image.region.description,
                "reason": step.reason,
            ], at: workspace.now, under: lease)
    }
}
