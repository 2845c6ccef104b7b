import Crypto
import Ledger
import Model
import Pipeline
import Recipes

/// Writes a build into the ledger: as it goes from the first stage that runs, and in one transaction where nothing ran and nothing
/// changed, since each transaction waits for the disk.
final class BuildJournal: RunJournal {
    let started: Instant
    private let workspace: Workspace
    private let pipeline: ResourceName
    private let recipe: ResourceName
    private var lease: LeaseRecord
    private var build: BuildRecord?
    /// Steps that are done while the build is not in the ledger yet.
    private var waiting: [StepRecord] = []
    private var running: StageEntry?
    /// The tree that the running stage left when it failed.
    private var failedTree: Digest?
    var kept: (tree: Digest, build: BuildID)? {
        guard let failedTree, let build else { return nil }
        return (failedTree, build.id)
    }
    private var isFinished = false

    init(_ workspace: Workspace, pipeline: ResourceName, recipe: ResourceName, lease: LeaseRecord) {
        self.workspace = workspace
        self.pipeline = pipeline
        self.recipe = recipe
        self.lease = lease
        started = workspace.now
    }

    /// The build as a running one of the ledger.
    func begin() throws(Failure) -> BuildRecord {
        if let build { return build }
        let new = try workspace.ledger.startBuild(
            pipeline: pipeline, recipe: recipe, source: nil, steps: waiting, at: started, under: lease)
        build = new
        waiting = []
        try workspace.failpoint("build.started")
        return new
    }

    func willRun(_ entry: StageEntry) throws(Failure) {
        _ = try begin()
        lease = try workspace.renewed(lease)
        running = entry
    }

    func ended(_ result: StageResult) throws(Failure) {
        running = nil
        let step = StepRecord(result)
        guard let build else {
            waiting.append(step)
            return
        }
        try workspace.ledger.recordStep(step, of: build.id, at: workspace.now, under: lease)
    }

    func kept(_ tree: Digest, of entry: StageEntry) throws(Failure) {
        let build = try begin()
        let workspace = workspace
        try LedgerCheckpoints(ledger: try workspace.ledger, now: { workspace.now }).keep(
            tree, under: FailedTree.key(of: build.id), stage: LedgerCheckpoints.failed)
        failedTree = tree
    }

    /// Exists once there is a build.
    var logFolder: String? { build.map { workspace.logFolder(of: $0.id) } }

    func finish(_ result: BuildResult) throws(Failure) -> BuildRecord {
        let ledger = try workspace.ledger
        let finished: BuildRecord
        if let build {
            finished = try ledger.finishBuild(build.id, result, at: workspace.now, under: lease)
        } else {
            finished = try ledger.recordBuild(
                pipeline: pipeline, recipe: recipe, source: nil, started: started, steps: waiting, result: result,
                at: workspace.now, under: lease)
        }
        isFinished = true
        return finished
    }

    /// Records why the build ended, unless it has ended already.
    func fail(_ error: Failure) throws(Failure) {
        if isFinished { return }
        if error.code == .cancelled {
            _ = try finish(.cancelled)
            return
        }
        let reason = error.chain.joined(separator: ": ")
        if let running, let build {
            let step = StepRecord(
                position: running.position, entry: running.name, key: nil, outcome: .failed, reason: reason, tree: failedTree,
                duration: 0)
            try workspace.ledger.recordStep(step, of: build.id, at: workspace.now, under: lease)
        }
        _ = try finish(.failed(reason))
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
