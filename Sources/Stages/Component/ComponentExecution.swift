import Components
import Crypto
import ImageStore
import Model
import Pipeline
import Platform
import Sandbox

/// Runs a phase of components for a stage: on its tree, with its sandbox, its checkpoints and its logs.
struct ComponentExecution {
    private let context: StageContext
    private let invocations: [ComponentInvocation]
    private let secrets: SecretTrace
    private let network: NetworkAccess
    private let log: ComponentLog?

    /// `name` is that of the log folder. `chaining` is what each component has given in an earlier phase.
    init(
        _ context: StageContext, _ uses: [ComponentUse], name: String, chaining: [ChainingState] = []
    ) throws(Failure) {
        self.context = context
        var invocations: [ComponentInvocation] = []
        for (position, use) in uses.enumerated() {
            let document = try use.document(in: context.inputs)
            try ExternalFile.verify("component \(use.reference)", document.digest, context)
            var invocation = try use.invocation(document, in: context.inputs)
            if position < chaining.count { invocation.chaining = chaining[position] }
            invocations.append(invocation)
        }
        self.invocations = invocations
        secrets = SecretTrace(context.editor)
        for reference in uses.flatMap({ $0.secrets.values }) {
            secrets.add(reference, try context.inputs.services.secret(reference))
        }
        network = uses.contains { $0.network == .outgoing } ? .outgoing : .none
        log = try context.logFolder.map { (folder) throws(Failure) in
            try ComponentLog(folder: "\(folder)/\(name.safeFileName)", environment: context.environment)
        }
    }

    /// The report of a run that went well; a run that failed is thrown.
    func run(phase: String) throws(Failure) -> StageReport {
        let programs = try context.inputs.services.programs("\(context.temporaryFolder)/sandbox", try context.editor.finish())
        var lastFailure: FailureBlock?
        let run = try ComponentRun(
            invocations,
            context: ComponentContext(
                editor: context.editor, programs: programs,
                parameters: ServiceParameters(context.inputs.services) { secrets.add($0, $1) },
                documents: NeighbouringDocuments(folder: context.inputs.componentsFolder),
                transfers: .system(variables: context.inputs.services.variables),
                network: network, architecture: Architecture(rawValue: context.architecture) ?? .x86,
                environment: context.environment,
                checkpoints: StepCheckpoints(context.steps, secrets), temporaryFolder: "\(context.temporaryFolder)/steps",
                watch: { event in
                    if case .failed(let block) = event { lastFailure = block }
                    if case .stepEnded(let step) = event { secrets.stepEnded(step.name) }
                    show(event)
                    log?.take(event)
                }))
        do throws(Failure) {
            let report = try run.run(.byPhase([phase]))
            try log?.finish(report)
            guard report.status.isSuccess else { throw failure(report, lastFailure) }
            try secrets.check()
            return try stageReport(report, run)
        } catch {
            // A tree that may hold a secret is not kept for anybody to look at.
            if !secrets.isEmpty, (try? secrets.check()) == nil { context.retention.isForbidden = true }
            // The reason is `error`, also where its report cannot be written: on a full disk, say.
            try? log?.finish(run.currentReport)
            throw error
        }
    }

    private func show(_ event: ComponentEvent) {
        switch event {
        case .stepStarted(let name, let action): context.progress(.detail("\(name) (\(action))"))
        case .output(let line), .remark(let line): context.progress(.output(line))
        case .documentStarted, .phaseStarted, .stepEnded, .failed, .documentEnded: break
        }
    }

    private func failure(_ report: ExecutionReport, _ block: FailureBlock?) -> Failure {
        guard let block else { return Failure(.failed, report.failureMessage) }
        let place = "the step '\(block.step)' (\(block.action)) of the phase '\(block.phase)' of \(block.document)"
        let errors = block.stderr.isEmpty ? "" : "\n\(block.stderr)"
        let hints = (block.hint.isEmpty ? [] : [block.hint]) + (log.map { ["the whole output is in \($0.consoleFile)"] } ?? [])
        return Failure(
            .failed, "\(place) failed: \(block.errorMessage)\(errors)",
            hint: hints.isEmpty ? nil : hints.joined(separator: "; "))
    }

    private func stageReport(
        _ report: ExecutionReport, _ run: ComponentRun
    ) throws(Failure) -> StageReport {
        let summary = report.summary()
        var text = "\(summary.executedStepCount) step\(summary.executedStepCount == 1 ? "" : "s")"
        if summary.ignoredFailedStepCount > 0 { text += ", \(summary.ignoredFailedStepCount) of them failed and ignored" }
        let names = invocations.map(\.document.name).joined(separator: ", ")
        var result = try StageReport(
            summary: "\(names): \(text)", of: ComponentReport(execution: report, chaining: run.chaining))
        if !secrets.isEmpty { result.secrets = secrets.references.map { SecretUse($0, step: names) } }
        return result
    }
}

extension String {
    /// The last part of a path, without an ending, of letters that every file system takes.
    fileprivate var safeFileName: String {
        let last = split(separator: "/").last.map(String.init) ?? self
        return String(last.map { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "." ? $0 : "_" })
    }
}
