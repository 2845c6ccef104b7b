import Cloud
import Crypto
import ImageStore
import Ledger
import Model
import Pipeline
import Platform
import Recipes

/// Builds pipelines: stages, sealing, the first channel, and the copies that are due right after a build.
package struct Builder {
    /// What a build did.
    package struct Outcome: Sendable {
        package var build: BuildRecord
        package var stages: [StageResult]
        package var sealed: Sealed
        package var copies: [Distributor.Copy]
        /// The channel that points to the image, where the pipeline has any.
        package var channel: ChannelName?
    }

    /// What happens during a build.
    package enum Event: Sendable {
        /// The parent image is not there, but its recipe is: it is built first.
        case buildingParent(ResourceName)
        case parent(ResolvedParent)
        case stage(BuildEvent)
        case sealed(Sealed)
        case copying(RegionName, done: UInt64, total: UInt64)
        case copied(Distributor.Copy)
        case recovered([String])
    }

    private let workspace: Workspace
    private let library: DocumentLibrary
    private let stageTypes: [any Stage.Type]
    private let watch: @Sendable (Event) -> Void

    package init(
        _ workspace: Workspace, library: DocumentLibrary, stages: [any Stage.Type],
        watch: @escaping @Sendable (Event) -> Void = { _ in }
    ) {
        self.workspace = workspace
        self.library = library
        stageTypes = stages
        self.watch = watch
    }

    static func leaseName(_ pipeline: ResourceName) -> String { "building \(pipeline)" }

    // MARK: Planning

    /// What is to be built, with all documents checked and the parent image found.
    package struct Prepared {
        package let pipeline: PipelineDocument
        package let recipe: Recipe
        package let parent: ResolvedParent
        package let subject: BuildSubject
        let region: any Region
    }

    package func prepare(_ pipeline: PipelineDocument) throws(Failure) -> Prepared {
        let recipe = try library.recipe(pipeline.recipe.description, stages: stageTypes)
        _ = try library.lineage(of: recipe, stages: stageTypes)
        let region = try workspace.plane.makeRegion(pipeline.region)
        let parent = try Parents(workspace: workspace, region: region).resolve(recipe)
        let inputs = InputContext(
            baseFolder: recipe.baseFolder, profilesFolder: recipe.baseFolder + "/profiles",
            downloadsFolder: workspace.downloadsFolder, environment: workspace.environment)
        return Prepared(
            pipeline: pipeline, recipe: recipe, parent: parent,
            subject: BuildSubject(recipe: recipe, parent: parent.root, inputs: inputs), region: region)
    }

    package func plan(_ prepared: Prepared) throws(Failure) -> Plan {
        try Planner(checkpoints: checkpoints, objects: try workspace.store(of: prepared.region)).plan(prepared.subject)
    }

    private var checkpoints: LedgerCheckpoints {
        let workspace = workspace
        return LedgerCheckpoints(ledger: workspace.ledger, now: { workspace.now })
    }

    // MARK: Building

    package func build(_ pipeline: PipelineDocument) throws(Failure) -> Outcome {
        let recovered = try Recovery(workspace).run()
        if !recovered.isEmpty { watch(.recovered(recovered)) }
        try buildMissingParent(of: pipeline)
        return try workspace.exclusively(Self.leaseName(pipeline.name)) { (lease) throws(Failure) in
            let prepared = try prepare(pipeline)
            watch(.parent(prepared.parent))
            let build = try workspace.ledger.startBuild(
                pipeline: pipeline.name, recipe: prepared.recipe.name, source: nil, at: workspace.now, under: lease)
            do throws(Failure) { return try run(build, prepared, lease) } catch {
                let result: BuildResult = error.code == .cancelled ? .cancelled : .failed(error.chain.joined(separator: ": "))
                _ = try workspace.ledger.finishBuild(build.id, result, at: workspace.now, under: lease)
                throw error
            }
        }
    }

    /// A parent image that no build has made yet is built from its recipe, by the pipeline that builds it in this region or by none.
    private func buildMissingParent(of pipeline: PipelineDocument) throws(Failure) {
        let recipe = try library.recipe(pipeline.recipe.description, stages: stageTypes)
        _ = try library.lineage(of: recipe, stages: stageTypes)
        guard case .catalogue(let name, let versions) = recipe.parentImage, library.names(.recipes).contains(name.description) else { return }
        let region = try workspace.plane.makeRegion(pipeline.region)
        if try region.latest(of: name, versions ?? .any) != nil { return }
        watch(.buildingParent(name))
        for document in library.names(.pipelines) {
            let other = try library.pipeline(document)
            if other.recipe == name && other.region == pipeline.region {
                _ = try build(other)
                return
            }
        }
        let parent = try library.recipe(name.description, stages: stageTypes)
        _ = try build(PipelineDocument(building: parent, in: pipeline.region))
    }

    private func run(_ build: BuildRecord, _ prepared: Prepared, _ lease: LeaseRecord) throws(Failure) -> Outcome {
        let stages = try runStages(build, prepared, lease)
        let root = stages.last?.tree ?? prepared.subject.parent ?? TreeEditor.emptyRoot(date: nil)
        let properties = properties(prepared, stages, build)
        let sealed = try Sealer(workspace, region: prepared.region).seal(
            root, properties, token: "build-\(build.id)-\(try workspace.token())")
        watch(.sealed(sealed))
        let channel = try enterFirstChannel(prepared, sealed)
        let copies = try distribute(sealed.image, prepared.pipeline)
        let result: BuildResult =
            sealed.isNew ? .succeeded(image: sealed.image.id, root: root) : .unchanged(image: sealed.image.id, root: root)
        let finished = try workspace.ledger.finishBuild(build.id, result, at: workspace.now, under: lease)
        return Outcome(build: finished, stages: stages, sealed: sealed, copies: copies, channel: channel)
    }

    private func runStages(_ build: BuildRecord, _ prepared: Prepared, _ lease: LeaseRecord) throws(Failure) -> [StageResult] {
        let watch = watch
        let run = BuildRun(
            prepared.subject, checkpoints: checkpoints, store: try workspace.store(of: prepared.region),
            temporaryFolder: "\(workspace.home)/tmp/\(Holder.current)-\(build.id)", watch: { watch(.stage($0)) })
        return try run.run { (result) throws(Failure) in
            try workspace.ledger.recordStep(StepRecord(result), of: build.id, at: workspace.now, under: lease)
        }
    }

    private func properties(_ prepared: Prepared, _ stages: [StageResult], _ build: BuildRecord) -> ImageProperties {
        let (pipeline, recipe) = (prepared.pipeline, prepared.recipe)
        var hasher = SHA256()
        hasher.update(recipe.definition.canonicalBytes)
        for stage in stages { hasher.update(stage.key.digest.bytes) }
        // The pipeline's own tags win over the recipe's; both sets were checked.
        let tags = (try? recipe.tags.merging(pipeline.image.tags)) ?? recipe.tags
        return ImageProperties(
            recipe: recipe.name, version: recipe.version, nameTemplate: pipeline.image.name, pipeline: pipeline.name,
            description: pipeline.image.description ?? recipe.description ?? "", architecture: recipe.architecture,
            volumes: recipe.blockDeviceMappings, tags: tags, parent: prepared.parent.image?.id,
            baseImage: prepared.parent.description, source: hasher.finish(), began: build.started)
    }

    /// A new image enters the first channel by itself; promotion to the others is somebody's decision.
    private func enterFirstChannel(_ prepared: Prepared, _ sealed: Sealed) throws(Failure) -> ChannelName? {
        guard let first = prepared.pipeline.promotion.channels.first, let version = sealed.image.release?.version else {
            return nil
        }
        let target = ChannelTarget(version: version, image: sealed.image.id)
        let current = try workspace.ledger.channel(prepared.recipe.name, first)
        if current == target { return first }
        // An unchanged build must not undo a decision to point the channel elsewhere.
        if !sealed.isNew && current != nil { return nil }
        _ = try workspace.ledger.promote(
            prepared.recipe.name, first, from: current, to: target, at: workspace.now, by: "pipeline \(prepared.pipeline.name)",
            reason: "built")
        return first
    }

    /// Copies to the regions that have no schedule of their own, also those that an earlier build left out or that failed.
    private func distribute(_ image: ImageRecord, _ pipeline: PipelineDocument) throws(Failure) -> [Distributor.Copy] {
        var copies: [Distributor.Copy] = []
        for destination in pipeline.distribution where destination.schedule == nil {
            copies.append(try copy(image, pipeline, to: destination))
        }
        return copies
    }

    /// Copies an image as a pipeline's destination says.
    package func copy(
        _ image: ImageRecord, _ pipeline: PipelineDocument, to destination: PipelineDocument.Distribution
    ) throws(Failure) -> Distributor.Copy {
        let watch = watch
        let distributor = Distributor(workspace) { watch(.copying($0, done: $1, total: $2)) }
        let copy = try distributor.copy(image, to: destination.region, naming: try naming(image, pipeline, destination))
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
        return Distributor.Naming(name: name, description: destination.description, tags: destination.tags)
    }
}

extension StepRecord {
    init(_ result: StageResult) {
        let (outcome, reason): (Outcome, String) =
            switch result.outcome {
            case .cached: (.hit, "nothing it depends on changed")
            case .ran(let reasons): (.ran, reasons.joined(separator: "; "))
            }
        self.init(
            position: result.entry.position, entry: result.entry.name, key: result.key.digest, outcome: outcome, reason: reason,
            tree: result.tree, duration: Int64(clamping: result.duration))
    }
}
