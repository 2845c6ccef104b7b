import Crypto
import Evidence
import ImageStore
import Model
import Pipeline
import Platform
import Recipes
import Sandbox
import Secrets

/// Proves that an image is clean before it becomes available: the values that were taken out of it and the secrets that its build was
/// given are in none of its bytes, no detector finds a credential in a file, canaries show that the detectors see, and what stages should
/// have left is asserted by other code than theirs. It is done where a stage demands it.
struct Prover {
    private let workspace: Workspace
    private let prepared: Builder.Prepared
    private let checkpoints: LedgerCheckpoints
    private let store: ObjectStore
    private let watch: @Sendable (Builder.Event) -> Void

    init(
        _ workspace: Workspace, _ prepared: Builder.Prepared, _ checkpoints: LedgerCheckpoints,
        watch: @escaping @Sendable (Builder.Event) -> Void
    ) throws(Failure) {
        self.workspace = workspace
        self.prepared = prepared
        self.checkpoints = checkpoints
        self.watch = watch
        store = prepared.place.store
    }

    /// What a stage demands, and the tree that it started from.
    private struct Demand {
        let result: StageResult
        let before: Digest
        let demand: SealDemand
    }

    /// Nil where no stage demands a proof. `Failure(.failed)` with every finding where the image must not be available.
    func prove(_ made: BuildRun.Result) throws(Failure) -> ProofReport? {
        let demands = try demands(made)
        if demands.isEmpty { return nil }
        let secrets = Set(made.stages.flatMap { ($0.report.secrets ?? []).map(\.secret) }).sorted {
            $0.description < $1.description
        }
        let key = key(made.tree, demands, secrets)
        if let done = try checkpoints.step(key) {
            let report: ProofReport = try JSON.value(done.result)
            watch(.proven(report, isNew: false))
            return report
        }
        watch(.proving)
        let report = try run(made.tree, demands, secrets, try scanner())
        guard report.problems.isEmpty else { throw Self.failure(report.problems) }
        try workspace.failpoint("proof.done")
        try checkpoints.record(
            StepCheckpoint(key: key, tree: made.tree, result: try CanonicalJSON.text(of: report)))
        watch(.proven(report, isNew: true))
        return report
    }

    private func demands(_ made: BuildRun.Result) throws(Failure) -> [Demand] {
        var demands: [Demand] = []
        var before = prepared.subject.start
        for result in made.stages {
            if let demand = try prepared.subject.sealDemand(of: result.entry, on: before) {
                demands.append(Demand(result: result, before: before, demand: demand))
            }
            before = result.tree
        }
        return demands
    }

    /// The one whose results are kept with those of other scans.
    private func scanner() throws(Failure) -> SecretScanner {
        try SecretScanner(
            key: try SecretScanner.key(in: workspace.home, workspace.environment), cache: workspace.cacheFolder + "/secrets")
    }

    /// All that the outcome follows from.
    private func key(_ tree: Digest, _ demands: [Demand], _ secrets: [SecretReference]) -> Digest {
        var lines = ["ingot proof 1", tree.hex, RuleSet.digest.hex]
        for demand in demands { lines += [demand.before.hex, demand.result.key.digest.hex] }
        lines += secrets.map(\.description)
        return SHA256.digest(of: Array(lines.joined(separator: "\n").utf8))
    }

    private static func failure(_ problems: [String]) -> Failure {
        let shown = problems.prefix(20).joined(separator: "; ")
        let more = problems.count > 20 ? "; and \(problems.count - 20) more" : ""
        return Failure(
            .failed, "the image is not clean, so it was not sealed: \(shown)\(more)",
            hint: "take it out in a stage before scrub, or accept a finding: scrub: {allow: [{path: …, rule: …, reason: …}]}")
    }

    // MARK: Proving

    private func run(
        _ root: Digest, _ demands: [Demand], _ secrets: [SecretReference], _ scanner: SecretScanner
    ) throws(Failure) -> ProofReport {
        let began = workspace.environment.uptime()
        let tree = try Tree(root, in: store)
        let allowances = demands.flatMap(\.demand.allowances)
        var report = ProofReport(canaries: try scanner.recall(on: try SecretCanaries(workspace.environment)))
        for demand in demands {
            report.assertedStates += demand.demand.assertions
            report.brokenStates += try demand.demand.findings(tree)
        }
        report.detectors = try scanner.scan(
            tree, allowing: allowances.map { SecretAllowance(path: $0.path, rule: $0.rule, reason: $0.reason) })
        try searchKnownValues(tree, demands, secrets, scanner, allowances, &report)
        report.milliseconds = (workspace.environment.uptime() - began) / 1_000_000
        return report
    }

    private func searchKnownValues(
        _ tree: Tree, _ demands: [Demand], _ secrets: [SecretReference], _ scanner: SecretScanner,
        _ allowances: [SealDemand.Allowance], _ report: inout ProofReport
    ) throws(Failure) {
        var removed = RemovedValues()
        var lost: [String] = []
        for demand in demands {
            // Collected since: the certificate says what was not searched for.
            guard store.contains(demand.before) else {
                lost.append("what the stage \(demand.result.entry.name) took out: the tree before it is no longer stored")
                continue
            }
            try removed.add(
                from: try Tree(demand.before, in: store), to: try Tree(demand.result.tree, in: store), scanner)
        }
        var values = removed.values
        let vault = workspace.vault(in: prepared.region)
        for secret in secrets {
            values.append(KnownValue(name: "secret \(secret)", bytes: Array(try vault.value(of: secret).utf8)))
        }
        let search = try KnownValueSearch(values)
        let file = try prepared.place.mountableImages().mountableImage(of: tree)
        let (image, hits) = try RawImageSearch(search, cancellation: workspace.environment.cancellation).run(file)
        report.rawImage = image
        report.known.searched = values.map(\.name)
        report.known.notSearched =
            lost + removed.left + search.tooShort.map { "\($0): shorter than \(KnownValueSearch.minimumLength) bytes" }
        report.known.removedFiles = removed.files
        if hits.isEmpty { return }
        let judged = try KnownValueJudge(tree, search, allowances).judge(hits)
        (report.known.hits, report.known.allowed) = (judged.hits, judged.allowed)
    }
}
