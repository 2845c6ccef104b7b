import Crypto
import ImageStore
import Model
import Platform
import Recipes

/// Takes down what a run does, while it does it.
package protocol RunJournal {
    /// The stage is not cached, and runs next.
    func willRun(_ entry: StageEntry) throws(Failure)
    /// The stage's result stands: it is durable, and has its checkpoint.
    func ended(_ result: StageResult) throws(Failure)
    /// The stage failed, and left this tree, which is durable.
    func kept(_ tree: Digest, of entry: StageEntry) throws(Failure)
    /// Where the logs of the run go; nil for nowhere.
    var logFolder: String? { get }
}

/// Runs the stages of a recipe one after the other. What is cached is not run; each result is durable before the next stage begins,
/// so that a build that fails or dies goes on from there.
package struct BuildRun {
    /// What a run ends with.
    package struct Result: Sendable {
        /// In the order of the recipe.
        package var stages: [StageResult]
        /// The tree after the last stage that makes it.
        package var tree: Digest
    }

    private let subject: BuildSubject
    private let planner: Planner
    private let checkpoints: any CheckpointStorage
    private let writer: StoreWriter
    private let temporaryFolder: String
    private let keepsFailedTrees: Bool
    private let watch: @Sendable (BuildEvent) -> Void

    /// `temporaryFolder` must not exist; it is made for the stages and removed at the end. `writer` has the lease on the store that
    /// keeps the results until the caller has named them somewhere.
    package init(
        _ subject: BuildSubject, checkpoints: any CheckpointStorage, writer: StoreWriter, temporaryFolder: String,
        keepsFailedTrees: Bool = false, watch: @escaping @Sendable (BuildEvent) -> Void
    ) {
        self.subject = subject
        self.checkpoints = checkpoints
        self.writer = writer
        self.temporaryFolder = temporaryFolder
        self.keepsFailedTrees = keepsFailedTrees
        self.watch = watch
        planner = Planner(checkpoints: checkpoints, holds: { writer.holds($0) })
    }

    private var environment: Environment { subject.inputs.environment }
    private var recipe: String { subject.recipe.name.description }

    // MARK: Stages

    /// Runs the stages that make the tree.
    package func run(_ journal: any RunJournal) throws(Failure) -> Result {
        var results: [StageResult] = []
        var tree = subject.start
        for entry in subject.stages {
            let result = try step(entry, on: tree, after: results, journal)
            results.append(result)
            tree = result.tree
        }
        if results.isEmpty && subject.parent == nil { try storeEmptyTree() }
        return Result(stages: results, tree: tree)
    }

    /// Runs the stages that test the sealed image, each on a fresh instance of it. The first failure is thrown.
    package func runTests(on made: Result, _ journal: any RunJournal) throws(Failure) -> [StageResult] {
        var results: [StageResult] = []
        for entry in subject.tests { results.append(try step(entry, on: made.tree, after: made.stages + results, journal)) }
        return results
    }

    private func step(
        _ entry: StageEntry, on tree: Digest, after earlier: [StageResult], _ journal: any RunJournal
    ) throws(Failure) -> StageResult {
        if environment.cancellation.isCancelled { throw Failure(.cancelled, "the build was cancelled") }
        let key = try subject.key(of: entry, on: tree)
        let result: StageResult
        if let cached = try cached(entry, key) {
            result = cached
        } else {
            result = try run(entry, key, on: tree, earlier, journal)
        }
        try journal.ended(result)
        watch(.stageEnded(result))
        return result
    }

    private func cached(_ entry: StageEntry, _ key: StageKey) throws(Failure) -> StageResult? {
        guard let checkpoint = try planner.cached(key) else { return nil }
        try checkpoints.touch(key.digest, recipe: recipe, entry: entry.name)
        return StageResult(
            entry: entry, key: key, outcome: .cached, tree: checkpoint.tree, report: checkpoint.report, duration: 0)
    }

    private func run(
        _ entry: StageEntry, _ key: StageKey, on tree: Digest, _ earlier: [StageResult], _ journal: any RunJournal
    ) throws(Failure) -> StageResult {
        let reasons = try planner.reasons(for: key, recipe: recipe, entry: entry.name)
        // What comes later is asked too, before the first stage spends any time.
        if !earlier.contains(where: { $0.outcome != .cached }) { try subject.checkRequirements(from: entry.position) }
        try journal.willRun(entry)
        watch(.stageBegan(entry, of: subject.recipe.stages.count, reasons: reasons))
        let began = environment.uptime()
        try makeTemporaryFolder()
        defer { try? Files.removeTree(temporaryFolder) }
        let (result, report) = try make(entry, key, on: tree, earlier, journal)
        try writer.publish()
        try fail(at: "build.stage-published")
        let duration = environment.uptime() - began
        try checkpoints.record(
            Checkpoint(key: key, tree: result, report: report, duration: duration), recipe: recipe, entry: entry.name)
        try fail(at: "build.stage-recorded")
        return StageResult(entry: entry, key: key, outcome: .ran(reasons), tree: result, report: report, duration: duration)
    }

    /// The new tree, not published yet.
    private func make(
        _ entry: StageEntry, _ key: StageKey, on tree: Digest, _ earlier: [StageResult], _ journal: any RunJournal
    ) throws(Failure) -> (tree: Digest, report: StageReport) {
        // The empty tree that a recipe from scratch starts with is not in the store.
        let isEmpty = tree == subject.start && subject.parent == nil && earlier.isEmpty
        let editor = try TreeEditor(root: isEmpty ? nil : tree, in: writer, date: subject.date)
        let context = context(entry, key, editor, tree, earlier, journal)
        let outcome: StageOutcome
        do throws(Failure) { outcome = try subject.stage(entry).run(context) } catch {
            // The reason is `error`, also where its tree cannot be kept.
            if keepsFailedTrees && error.code != .cancelled && !context.retention.isForbidden {
                try? keep(editor, of: entry, journal)
            }
            throw Failure(error.code, "the stage '\(entry.name)' failed", hint: error.hint, cause: error)
        }
        if type(of: entry.stage).subject == .sealedImage { return (tree, outcome.report) }
        if let tree = outcome.tree { return (tree, outcome.report) }
        return (try editor.finish(), outcome.report)
    }

    private func context(
        _ entry: StageEntry, _ key: StageKey, _ editor: TreeEditor, _ tree: Digest, _ earlier: [StageResult],
        _ journal: any RunJournal
    ) -> StageContext {
        let watch = watch
        return StageContext(
            editor: editor, writer: writer, inputs: subject.inputs(of: entry, on: tree), declaredInputs: key.inputs,
            architecture: subject.recipe.architecture.rawValue, date: subject.date, temporaryFolder: temporaryFolder,
            earlierReports: Dictionary(earlier.map { ($0.entry.name, $0.report) }, uniquingKeysWith: { first, _ in first }),
            steps: PublishedSteps(writer: writer, checkpoints: checkpoints, failpoint: fail), logFolder: journal.logFolder,
            progress: { watch(.stageProgress(entry, $0)) })
    }

    private func keep(_ editor: TreeEditor, of entry: StageEntry, _ journal: any RunJournal) throws(Failure) {
        let tree = try editor.finish()
        try writer.publish()
        try journal.kept(tree, of: entry)
    }

    private func storeEmptyTree() throws(Failure) {
        _ = try TreeEditor(root: nil, in: writer, date: subject.date).finish()
        try writer.publish()
    }

    private func makeTemporaryFolder() throws(Failure) {
        do throws(SystemError) {
            try Files.removeTree(temporaryFolder)
            try Files.makeFolders(temporaryFolder, permissions: 0o700)
        } catch { throw Failure(.io, "the temporary folder \(temporaryFolder) cannot be made", cause: error) }
    }

    private func fail(at point: StaticString) throws(Failure) {
        do throws(SystemError) { try environment.failpoint(point) } catch {
            throw Failure(.io, "a planned fault at \(point)", cause: error)
        }
    }
}

/// Steps whose trees are published before the step is recorded.
private struct PublishedSteps: StepStorage {
    let writer: StoreWriter
    let checkpoints: any CheckpointStorage
    let failpoint: (StaticString) throws(Failure) -> Void

    func step(_ key: Digest) throws(Failure) -> StepCheckpoint? {
        guard let step = try checkpoints.step(key), writer.holds(step.tree) else { return nil }
        return step
    }

    func record(_ step: StepCheckpoint) throws(Failure) {
        try writer.publish()
        try failpoint("build.step-published")
        try checkpoints.record(step)
        try failpoint("build.step-recorded")
    }
}
