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
    private let secrets: [SecretReference]
    private let network: NetworkAccess
    private let log: ComponentLog?

    init(_ context: StageContext, _ uses: [ComponentUse], name: String) throws(Failure) {
        self.context = context
        var invocations: [ComponentInvocation] = []
        for use in uses {
            let document = try use.document(in: context.inputs)
            try ExternalFile.verify("component \(use.reference)", document.digest, context)
            invocations.append(try use.invocation(document, in: context.inputs))
        }
        self.invocations = invocations
        secrets = uses.flatMap { $0.secrets.values }.sorted { $0.description < $1.description }
        network = uses.contains { $0.network == .outgoing } ? .outgoing : .none
        log = try context.logFolder.map { (folder) throws(Failure) in try ComponentLog(folder: "\(folder)/\(name.safeFileName)") }
    }

    /// The report of a run that went well; a run that failed is thrown.
    func run(phase: String) throws(Failure) -> StageReport {
        let parameters = ServiceParameters(context.inputs.services)
        let programs = try context.inputs.services.programs("\(context.temporaryFolder)/sandbox")
        var lastFailure: FailureBlock?
        let run = try ComponentRun(
            invocations,
            context: ComponentContext(
                editor: context.editor, programs: programs, parameters: parameters,
                documents: NeighbouringDocuments(context.inputs), transfers: .system(variables: context.inputs.services.variables),
                network: network, architecture: Architecture(rawValue: context.architecture) ?? .x86, environment: context.environment,
                checkpoints: StepCheckpoints(context.steps), temporaryFolder: "\(context.temporaryFolder)/steps",
                watch: { event in
                    if case .failed(let block) = event { lastFailure = block }
                    show(event)
                    log?.take(event)
                }))
        do throws(Failure) {
            let report = try run.run(.byPhase([phase]))
            try log?.finish(report)
            guard report.status.isSuccess else { throw failure(report, lastFailure) }
            return try stageReport(report, parameters)
        } catch {
            try log?.finish(run.currentReport)
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
        let where_ = log.map { "the whole output is in \($0.consoleFile)" }
        return Failure(.failed, "\(place) failed: \(block.errorMessage)\(errors)", hint: where_)
    }

    private func stageReport(_ report: ExecutionReport, _ parameters: ServiceParameters) throws(Failure) -> StageReport {
        let summary = report.summary()
        var text = "\(summary.executedStepCount) step\(summary.executedStepCount == 1 ? "" : "s")"
        if summary.ignoredFailedStepCount > 0 { text += ", \(summary.ignoredFailedStepCount) of them failed and ignored" }
        let names = invocations.map(\.document.name).joined(separator: ", ")
        let used = secrets + parameters.secrets
        let detail = try report.json()
        return StageReport(
            summary: "\(names): \(text)", detail: detail,
            secrets: used.isEmpty ? nil : used.map { SecretUse($0, step: invocations.map(\.document.name).joined(separator: ", ")) })
    }
}

extension String {
    /// The last part of a path, without an ending, of letters that every file system takes.
    fileprivate var safeFileName: String {
        let last = split(separator: "/").last.map(String.init) ?? self
        return String(last.map { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "." ? $0 : "_" })
    }
}

extension InputContext {
    /// Fails with what is missing where no program can be run in an image.
    func checkPrograms() throws(Failure) { try services.programs("\(downloadsFolder)/unused").checkAvailable() }
}

/// The parameters of the region, and which of them turned out to be secrets.
final class ServiceParameters: ParameterSource {
    private let services: StageServices
    private(set) var secrets: [SecretReference] = []

    init(_ services: StageServices) { self.services = services }

    func parameter(_ name: String) throws(Failure) -> StoredParameter? {
        let stored = try services.parameter(name)
        if case .secure? = stored?.value { secrets.append(.parameter(name)) }
        return stored
    }
}

/// Documents that other documents call, from the folder of components.
final class NeighbouringDocuments: DocumentSource {
    private let context: InputContext

    init(_ context: InputContext) { self.context = context }

    func document(_ call: DocumentCall, from file: String) throws(Failure) -> [UInt8] {
        guard !call.document.contains("://"), !call.document.hasPrefix("arn:"), !call.document.contains("..") else {
            throw Failure(
                .notFound, "the document \(call.document) cannot be had here",
                hint: "put it into the folder components beside the recipe, and name it by its file name")
        }
        let name = call.document.split(separator: "/").last.map(String.init) ?? call.document
        return try ExternalFile.read(
            "\(context.componentsFolder)/\(name)", what: "the component document", limit: ComponentDocument.Limits.bytes + 1)
    }
}

/// Results of steps, in the storage of the stage.
final class StepCheckpoints: ActionCheckpoints {
    private let steps: any StepStorage

    init(_ steps: any StepStorage) { self.steps = steps }

    func checkpoint(for key: Digest) throws(Failure) -> ActionCheckpoint? {
        guard let step = try steps.step(key) else { return nil }
        return ActionCheckpoint(key: step.key, tree: step.tree, result: step.result)
    }

    func record(_ checkpoint: ActionCheckpoint) throws(Failure) {
        try steps.record(StepCheckpoint(key: checkpoint.key, tree: checkpoint.tree, result: try checkpoint.result()))
    }
}
