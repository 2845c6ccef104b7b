import Cloud
import Crypto
import Evidence
import ImageStore
import Ledger
import Model
import Pipeline
import Platform
import Recipes
import Vulnerabilities

/// Builds pipelines: stages, sealing, the first channel, and the copies that are due right after a build.
package struct Builder {
    /// What a build did.
    package struct Outcome: Sendable {
        package var build: BuildRecord
        package var stages: [StageResult]
        package var sealed: Sealed
        /// What was proven of a new image; nil where its recipe has no `scrub`.
        package var proof: ProofReport?
        /// What the pipeline's `scan` found in the image's packages.
        package var packages: PackageVerdict?
        package var copies: [Distributor.Copy]
        /// The channel that points to the image, where the pipeline has any.
        package var channel: ChannelName?
        /// What became of old images.
        package var retired: [Retirement.Step]
    }

    /// What happens during a build.
    package enum Event: Sendable {
        /// The parent image is not there, but its recipe is: it is built first.
        case buildingParent(ResourceName)
        /// The parent image is in another region alone: it is copied first.
        case copyingParent(ImageRecord, RegionName)
        case parent(ResolvedParent)
        /// A stage asks for its inputs, which takes its time; without a detail it has them.
        case asking(String, detail: String?)
        case stage(BuildEvent)
        /// The image is registered, and its tests begin.
        case testing(ImageRecord)
        /// A stage failed, and the tree that it left was kept.
        case kept(Digest, BuildID)
        /// The proof that the image is clean begins.
        case proving
        /// It is clean; `isNew` where this was not known from before.
        case proven(ProofReport, isNew: Bool)
        /// The packages of the image are judged, now by this feed or index.
        case judging(String)
        /// They pass; `isNew` where this was not known from before.
        case judged(String, isNew: Bool)
        /// There was no key to sign with, so one was made.
        case madeKey(String, Ed25519.PublicKey)
        case sealed(Sealed)
        case copying(RegionName, done: UInt64, total: UInt64)
        case copied(Distributor.Copy)
        case recovered([String])
    }

    let workspace: Workspace
    let documents: DocumentLibrary
    let stageTypes: [any Stage.Type]
    /// What becomes of the tree of a stage that fails.
    let failedTrees: FailedTrees
    let watch: @Sendable (Event) -> Void

    package enum FailedTrees: Sendable {
        /// Kept for as long as checkpoints are, to be looked at.
        case keep
        case clean
    }

    package init(
        _ workspace: Workspace, documents: DocumentLibrary, stages: [any Stage.Type], failedTrees: FailedTrees = .keep,
        watch: @escaping @Sendable (Event) -> Void = { _ in }
    ) {
        self.workspace = workspace
        self.documents = documents
        stageTypes = stages
        self.failedTrees = failedTrees
        self.watch = watch
    }

    /// What the tokens of a build's operations begin with.
    static func tokenPrefix(_ build: BuildID) -> String { "build-\(build)-" }

    static func leaseName(_ pipeline: ResourceName) -> String { "building \(pipeline)" }

    // MARK: Planning

    /// What is to be built, with all documents checked and the parent image found.
    package struct Prepared {
        package let pipeline: PipelineDocument
        package let recipe: Recipe
        package let parent: ResolvedParent
        package let subject: BuildSubject
        let region: any Region
        let place: BuildPlace
    }

    package func prepare(_ pipeline: PipelineDocument) throws(Failure) -> Prepared {
        let recipe = try documents.recipe(pipeline.recipeReference, stages: stageTypes)
        _ = try documents.lineage(of: recipe, stages: stageTypes)
        let region = try workspace.plane.makeRegion(pipeline.region)
        let parents = Parents(workspace: workspace, region: region, recipes: documents.names(.recipes))
        let found = try parents.find(recipe)
        let ebs = recipe.blockDeviceMappings.first?.ebs
        let place = try BuildPlace(of: ebs, on: found.image, in: region, workspace)
        let parent = try parents.bring(found, to: place)
        let inputs = try inputs(of: recipe, in: region, at: place)
        return Prepared(
            pipeline: pipeline, recipe: recipe, parent: parent,
            subject: BuildSubject(recipe: recipe, parent: parent.root, inputs: inputs), region: region, place: place)
    }

    private func inputs(
        of recipe: Recipe, in region: any Region, at place: BuildPlace? = nil
    ) throws(Failure) -> InputContext {
        let watch = watch
        var inputs = InputContext(
            baseFolder: recipe.baseFolder, profilesFolder: recipe.baseFolder + "/profiles",
            downloadsFolder: workspace.downloadsFolder, environment: workspace.environment,
            services: try workspace.services(in: region, at: place))
        inputs.show = { watch(.asking($0, detail: $1)) }
        return inputs
    }

    /// Fails where a stage of a recipe, whatever it is built on, could not run on this machine.
    package func checkRequirements(of recipe: Recipe, in region: RegionName) throws(Failure) {
        let inputs = try inputs(of: recipe, in: try workspace.plane.makeRegion(region))
        try BuildSubject(recipe: recipe, parent: nil, inputs: inputs).checkRequirements()
    }

    package func plan(_ prepared: Prepared) throws(Failure) -> Plan {
        let store = prepared.place.store
        return try Planner(checkpoints: try checkpoints(), holds: { store.contains($0) }).plan(prepared.subject)
    }

    /// Whether a build of a plan in which no stage runs would make a version nevertheless: its tags, say, were changed.
    package func makesVersion(_ plan: Plan, of prepared: Prepared) throws(Failure) -> Bool {
        guard let tree = plan.result else { return true }
        // Tests are no part of the image.
        let keys = plan.stages.compactMap { stage -> StageKey? in
            guard type(of: stage.entry.stage).subject == .tree, case .cached(let checkpoint) = stage.decision else { return nil }
            return checkpoint.key
        }
        let properties = try ImageProperties(prepared, keys, began: workspace.now)
        return try sealer(prepared).unchanged(tree, properties) == nil
    }

    private func sealer(_ prepared: Prepared) -> Sealer {
        Sealer(workspace, region: prepared.region, place: prepared.place)
    }

    private func checkpoints() throws(Failure) -> LedgerCheckpoints {
        let workspace = workspace
        return LedgerCheckpoints(ledger: try workspace.ledger, now: { workspace.now })
    }

    // MARK: Building

    /// Builds the pipeline. `Failure(.busy)` while somebody else does. Where the image stands but a copy of it failed, that is thrown
    /// too; the next build copies what is missing.
    package func build(_ pipeline: PipelineDocument) throws(Failure) -> Outcome {
        let recovered = try Recovery(workspace).run()
        if !recovered.isEmpty { watch(.recovered(recovered)) }
        try provideParent(of: pipeline)
        return try workspace.exclusively(Self.leaseName(pipeline.name)) { (lease) throws(Failure) in
            // The lease on the store comes before the first look at what is in it, and lasts until the image is in the catalogue.
            let writer = try StoreWriter(try workspace.store(of: try workspace.plane.makeRegion(pipeline.region)))
            defer { withExtendedLifetime(writer) {} }
            let prepared = try prepare(pipeline)
            watch(.parent(prepared.parent))
            let journal = BuildJournal(workspace, pipeline: pipeline.name, recipe: prepared.recipe.name, lease: lease)
            do throws(Failure) { return try run(prepared, journal, writer) } catch {
                // A build that has ended, since only its copies failed, keeps its end. The reason is `error` in any case.
                try? journal.fail(error)
                throw inspectable(error, journal)
            }
        }
    }

    /// Says how to look at the tree that a failed stage left.
    private func inspectable(_ failure: Failure, _ journal: BuildJournal) -> Failure {
        guard let (tree, build) = journal.kept else { return failure }
        watch(.kept(tree, build))
        let look = "'ingot shell build:\(build)' opens a shell in what the stage left"
        return Failure(failure.code, failure.message, hint: failure.hint.map { "\($0); \(look)" } ?? look, cause: failure.cause)
    }

    private func run(_ prepared: Prepared, _ journal: BuildJournal, _ writer: StoreWriter) throws(Failure) -> Outcome {
        let watch = watch
        let token = try workspace.token()
        let run = BuildRun(
            prepared.subject, checkpoints: try checkpoints(), writer: prepared.place.writer(or: writer),
            temporaryFolder: "\(workspace.home)/tmp/\(workspace.holder.name)-\(token)", keepsFailedTrees: failedTrees == .keep,
            watch: { watch(.stage($0)) })
        var made = try run.run(journal)
        try SecretSearch(workspace, prepared, try checkpoints()).check(made)
        let packages = try judgePackages(made, prepared, journal)
        let (sealed, proof, tests) = try seal(made, packages, prepared, journal, token: token, run, writer)
        made.stages += tests
        watch(.sealed(sealed))
        try workspace.failpoint("build.sealed")
        let result: BuildResult =
            sealed.isNew
            ? .succeeded(image: sealed.image.id, root: made.tree) : .unchanged(image: sealed.image.id, root: made.tree)
        let build = try journal.finish(result)
        try workspace.failpoint("build.finished")
        let channel = try enterFirstChannel(prepared.pipeline, sealed.image)
        try workspace.failpoint("build.entered-channel")
        try share(sealed.image, with: prepared.pipeline.image.launchPermissions)
        let copies = try distribute(sealed.image, prepared.pipeline)
        let retired = try Retirement(workspace, prepared.pipeline).run()
        return Outcome(
            build: build, stages: made.stages, sealed: sealed, proof: proof, packages: packages, copies: copies,
            channel: channel, retired: retired)
    }

    /// The image of the tree, and the results of its tests. A new image is tested before anybody can launch it; one that is there
    /// already, when the tests changed.
    private func seal(
        _ made: BuildRun.Result, _ packages: PackageVerdict?, _ prepared: Prepared, _ journal: BuildJournal, token: String,
        _ run: BuildRun, _ writer: StoreWriter
    ) throws(Failure) -> (Sealed, ProofReport?, [StageResult]) {
        let properties = try ImageProperties(prepared, made.stages.map(\.key), began: journal.started)
        let sealer = sealer(prepared)
        if let same = try sealer.unchanged(made.tree, properties) {
            try restoreDocuments(of: same, made, packages, prepared, journal, writer)
            return (Sealed(image: same, isNew: false), nil, try run.runTests(on: made, journal))
        }
        let build = try journal.begin()
        let proof = try prove(made, prepared, journal)
        let signer = try signer()
        var tests: [StageResult]?
        let hasTests = !prepared.subject.tests.isEmpty
        let sealed = try sealer.seal(
            made.tree, properties, token: Self.tokenPrefix(build.id) + token, build: build.id,
            document: { (image) throws(Failure) in
                try ImageDocuments(
                    workspace: workspace, prepared: prepared, stages: made.stages + (tests ?? []), proof: proof,
                    packages: packages,
                    started: journal.started, build: build.id, signer: signer
                ).write(about: image, root: made.tree, to: writer)
            },
            test: !hasTests
                ? nil
                : { (image) throws(Failure) in
                    watch(.testing(image))
                    tests = try run.runTests(on: made, journal)
                })
        // Another build of the recipe may have sealed the same tree meanwhile.
        let shown = sealed.isNew ? proof : nil
        if let tests { return (sealed, shown, tests) }
        return (sealed, shown, try run.runTests(on: made, journal))
    }

    /// Makes the documents of an image where it has none, since it is older than documents are, and again where the store has lost them,
    /// as it may have lost the image's files, which are there again.
    private func restoreDocuments(
        of image: ImageRecord, _ made: BuildRun.Result, _ packages: PackageVerdict?, _ prepared: Prepared,
        _ journal: BuildJournal, _ writer: StoreWriter
    ) throws(Failure) {
        if let evidence = try prepared.region.evidence(of: image.id), writer.holds(evidence) { return }
        let build = try journal.begin()
        let documents = ImageDocuments(
            workspace: workspace, prepared: prepared, stages: made.stages, proof: try prove(made, prepared, journal),
            packages: packages, isLater: true, started: journal.started, build: build.id, signer: try signer())
        try prepared.region.attachEvidence(try documents.write(about: image, root: made.tree, to: writer), to: image.id)
    }

    /// The proof that the stages demand.
    private func prove(
        _ made: BuildRun.Result, _ prepared: Prepared, _ journal: BuildJournal
    ) throws(Failure) -> ProofReport? {
        try keepingTree(of: made, journal) { () throws(Failure) in
            try Prover(workspace, prepared, try checkpoints(), watch: watch).prove(made)
        }
    }

    /// What the pipeline's `scan` finds. It judges an image that is there already too, where feeds say something new of it.
    private func judgePackages(
        _ made: BuildRun.Result, _ prepared: Prepared, _ journal: BuildJournal
    ) throws(Failure) -> PackageVerdict? {
        guard let judge = try PackageJudge(workspace, prepared, try checkpoints()) else { return nil }
        if let known = try judge.known(made.tree) {
            watch(.judged(known.summary, isNew: false))
            return known
        }
        return try keepingTree(of: made, journal) { () throws(Failure) in
            let found = try judge.judge(made.tree) { watch(.judging($0)) }
            watch(.judged(found.summary, isNew: true))
            return found
        }
    }

    /// Where what a finished tree must be fails, the tree is kept like that of a stage, to be looked at.
    private func keepingTree<Value>(
        of made: BuildRun.Result, _ journal: BuildJournal, _ body: () throws(Failure) -> Value
    ) throws(Failure) -> Value {
        do throws(Failure) { return try body() } catch {
            if error.code == .failed, failedTrees == .keep, let last = made.stages.last {
                try? journal.kept(made.tree, of: last.entry)
            }
            throw error
        }
    }

    /// The key that signs what is said of images.
    private func signer() throws(Failure) -> Ed25519.PrivateKey {
        let current = try workspace.keys.current()
        if current.isNew { watch(.madeKey(current.name, current.key.publicKey)) }
        return current.key
    }

    /// The image of which a build would say that nothing changed; nil where a stage would run or a new version be made.
    func unchanged(_ prepared: Prepared) throws(Failure) -> ImageRecord? {
        let plan = try plan(prepared)
        guard let root = plan.result else { return nil }
        if let judge = try PackageJudge(workspace, prepared, try checkpoints()), try judge.known(root) == nil { return nil }
        var keys: [StageKey] = []
        for stage in plan.stages where type(of: stage.entry.stage).subject == .tree {
            if case .cached(let checkpoint) = stage.decision { keys.append(checkpoint.key) }
        }
        return try sealer(prepared).unchanged(
            root, try ImageProperties(prepared, keys, began: workspace.now))
    }
}

extension ImageProperties {
    /// What a pipeline makes of its recipe.
    init(_ prepared: Builder.Prepared, _ keys: [StageKey], began: Instant) throws(Failure) {
        let (pipeline, recipe) = (prepared.pipeline, prepared.recipe)
        var hasher = SHA256()
        hasher.update(recipe.definition.canonicalBytes)
        if case .map(let fields) = pipeline.definition, let image = fields["image"] { hasher.update(image.canonicalBytes) }
        for key in keys { hasher.update(key.digest.bytes) }
        self.init(
            recipe: recipe.name, version: recipe.version, nameTemplate: pipeline.image.name, pipeline: pipeline.name,
            description: pipeline.image.description ?? recipe.description ?? "", architecture: recipe.architecture,
            volumes: recipe.blockDeviceMappings,
            // The pipeline's own tags win over the recipe's.
            tags: try recipe.tags.merging(pipeline.image.tags), parent: prepared.parent.image?.id,
            baseImage: prepared.parent.description, source: hasher.finish(), began: began)
    }
}
