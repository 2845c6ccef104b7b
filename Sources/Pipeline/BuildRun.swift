import Crypto
import ImageStore
import Model
import Platform
import Recipes

/// Runs the stages of a recipe one after the other. What is cached is not run; each result is durable before the next stage begins,
/// so that a build that fails or dies goes on from there.
package struct BuildRun {
    private let subject: BuildSubject
    private let planner: Planner
    private let checkpoints: any CheckpointStorage
    private let store: ObjectStore
    private let temporaryFolder: String
    private let watch: @Sendable (BuildEvent) -> Void

    /// `temporaryFolder` must not exist; it is made for the stages and removed at the end.
    package init(
        _ subject: BuildSubject, checkpoints: any CheckpointStorage, store: ObjectStore, temporaryFolder: String,
        watch: @escaping @Sendable (BuildEvent) -> Void
    ) {
        self.subject = subject
        self.checkpoints = checkpoints
        self.store = store
        self.temporaryFolder = temporaryFolder
        self.watch = watch
        planner = Planner(checkpoints: checkpoints, objects: store)
    }

    private var environment: Environment { subject.inputs.environment }

    /// The results of all stages, in order. `keep` is told each as soon as it stands.
    package func run(_ keep: (StageResult) throws(Failure) -> Void) throws(Failure) -> [StageResult] {
        var results: [StageResult] = []
        var tree = subject.start
        var writer: StoreWriter?
        for entry in subject.recipe.stages {
            if environment.cancellation.isCancelled { throw Failure(.cancelled, "the build was cancelled") }
            let key = try subject.key(of: entry, on: tree)
            let result: StageResult
            if let checkpoint = try planner.cached(key) {
                try checkpoints.touch(key.digest, recipe: recipe, entry: entry.name)
                result = StageResult(
                    entry: entry, key: key, outcome: .cached, tree: checkpoint.tree, report: checkpoint.report, duration: 0)
            } else {
                // One lease for the whole build, and none for a build that is cached.
                if writer == nil { writer = try StoreWriter(store) }
                guard let writer else { throw Failure(.bug, "the build has no writer") }
                result = try run(entry, key, on: tree, writer)
            }
            try keep(result)
            watch(.stageEnded(result))
            results.append(result)
            tree = result.tree
        }
        return results
    }

    private var recipe: String { subject.recipe.name.description }

    private func run(_ entry: StageEntry, _ key: StageKey, on tree: Digest, _ writer: StoreWriter) throws(Failure) -> StageResult
    {
        let reasons = try planner.reasons(for: key, recipe: recipe, entry: entry.name)
        watch(.stageBegan(entry, of: subject.recipe.stages.count, reasons: reasons))
        let began = environment.uptime()
        try makeTemporaryFolder()
        defer { try? Files.removeTree(temporaryFolder) }
        let isEmpty = tree == subject.start && subject.parent == nil
        let editor = try TreeEditor(root: isEmpty ? nil : tree, in: writer, date: subject.date)
        let watch = watch
        let context = StageContext(
            editor: editor, writer: writer, inputs: subject.inputs(before: entry), declaredInputs: key.inputs,
            architecture: subject.recipe.architecture.rawValue, date: subject.date, temporaryFolder: temporaryFolder,
            progress: { watch(.stageProgress(entry, $0)) })
        let outcome: StageOutcome
        do throws(Failure) { outcome = try subject.stage(entry).run(context) } catch {
            throw Failure(error.code, "the stage '\(entry.name)' failed", hint: error.hint, cause: error)
        }
        let result: Digest
        if let tree = outcome.tree { result = tree } else { result = try editor.finish() }
        try writer.publish()
        try fail(at: "build.stage-published")
        let duration = environment.uptime() - began
        try checkpoints.record(
            Checkpoint(key: key, tree: result, report: outcome.report, duration: duration), recipe: recipe, entry: entry.name)
        return StageResult(
            entry: entry, key: key, outcome: .ran(reasons), tree: result, report: outcome.report, duration: duration)
    }

    private func makeTemporaryFolder() throws(Failure) {
        do throws(SystemError) {
            try Files.removeTree(temporaryFolder)
            try Files.makeFolders(temporaryFolder, permissions: 0o700)
        } catch { throw Failure(.io, "the temporary folder \(temporaryFolder) cannot be made", cause: error) }
    }

    private func fail(at point: StaticString) throws(Failure) {
        do throws(SystemError) { try environment.failpoint(point) } catch { throw Failure(.io, "a planned fault", cause: error) }
    }
}
