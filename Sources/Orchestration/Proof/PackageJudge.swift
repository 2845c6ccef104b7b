import Crypto
import ImageStore
import Model
import Platform
import Recipes
import Vulnerabilities
import Pipeline

/// Judges the packages of an image by the `scan` of its pipeline, before it becomes available. The verdict is kept: as long as the tree,
/// the feeds and what is allowed are the same, nothing is read but the feeds.
struct PackageJudge {
    private let workspace: Workspace
    private let prepared: Builder.Prepared
    private let gate: PackageGate
    private let checkpoints: LedgerCheckpoints
    private let inputs: [PackageGate.Input]

    /// Nil where the pipeline has no such gate.
    init?(_ workspace: Workspace, _ prepared: Builder.Prepared, _ checkpoints: LedgerCheckpoints) throws(Failure) {
        guard let gate = prepared.pipeline.scan else { return nil }
        self.workspace = workspace
        self.prepared = prepared
        self.gate = gate
        self.checkpoints = checkpoints
        inputs = try gate.inputs(at: workspace.now)
    }

    /// What was said when this tree passed by the same evidence; nil where that is not known.
    func known(_ root: Digest) throws(Failure) -> PackageVerdict? {
        guard let step = try checkpoints.step(key(root)) else { return nil }
        let verdict: PackageVerdict = try JSON.value(step.result)
        return verdict
    }

    /// `Failure(.failed)` with every finding that the image may not have.
    func judge(_ root: Digest, show: (_ source: String) -> Void) throws(Failure) -> PackageVerdict {
        let tree = try Tree(root, in: prepared.place.store)
        let environment = workspace.environment
        do throws(Failure) {
            let now = workspace.now
            let assessment = try gate.judge(tree, by: inputs, at: now, environment: environment) {
                (source) throws(Failure) in
                if environment.cancellation.isCancelled { throw Failure(.cancelled, "the judgement of packages was cancelled") }
                show(source)
            }
            let verdict = PackageVerdict(assessment, by: gate, of: "pipeline \(prepared.pipeline.name)", at: now)
            try checkpoints.record(
                StepCheckpoint(key: key(root), tree: root, result: try CanonicalJSON.text(of: verdict)))
            return verdict
        } catch {
            guard error.code == .failed else { throw error }
            throw Failure(
                .failed, "the pipeline \(prepared.pipeline.name) does not let this image be available: \(error.message)",
                hint: error.hint, cause: error.cause)
        }
    }

    /// All that the verdict follows from.
    private func key(_ root: Digest) -> Digest {
        var hasher = SHA256()
        hasher.update("ingot packages 2\n\(root.hex)\n")
        if case .map(let fields) = prepared.pipeline.definition, let scan = fields["scan"] { hasher.update(scan.canonicalBytes) }
        for input in inputs { hasher.update("\n\(input.name) \(input.value)") }
        return hasher.finish()
    }
}
