import Model
import Platform
import Text

/// One step in a run: its condition, its attempts, its loop.
final class StepRun {
    private let step: ComponentStep
    private let phase: String
    private let document: DocumentRun
    private(set) var report: StepReport
    /// What later steps may refer to; nil where the step did not succeed.
    private(set) var memory: StepMemory?
    private var state: RunState { document.state }
    private var isSecret = false
    /// The rendered inputs of the last iteration.
    private var lastInputs: [ActionInputs] = []
    private let console: StepConsole

    init(_ step: ComponentStep, phase: String, document: DocumentRun) {
        self.step = step
        self.phase = phase
        self.document = document
        console = StepConsole(state: document.state, isSilent: step.disableLogging)
        report = StepReport(
            name: step.name, status: .interrupted, failureMessage: "", timeoutSeconds: step.timeoutSeconds ?? -1,
            onFailure: step.onFailure.rawValue, maxAttempts: step.maxAttempts, action: step.action.name,
            startTime: document.state.time, endTime: "", inputs: "{}", outputs: "{}")
    }

    /// Throws only what ends the whole run; a step that fails is told by its report.
    func run() throws(Failure) {
        try state.checkCancellation()
        state.emit(.stepStarted(name: step.name, action: step.action.name))
        do throws(Failure) {
            if try decide() {
                let outputs = try attempts()
                memory = StepMemory(inputs: lastInputs.map(\.fields), outputs: outputs, isSecret: isSecret)
                report.status = .success
                report.outputs = shown(outputs.map { $0.mapValues { .text($0) } })
            } else {
                report.status = .skipped
            }
        } catch {
            fail(error)
            if error.endsRun { throw error }
        }
        close()
    }

    private func close() {
        console.finish()
        report.endTime = state.time
        state.emit(.stepEnded(report))
    }

    private func fail(_ failure: Failure) {
        let redactor = state.redactor
        report.failureMessage = redactor.redacted(failure.messageWithCauses)
        report.status = failure.endsRun ? .interrupted : step.onFailure == .ignore ? .ignoredFailure : .failed
        if !lastInputs.isEmpty { report.inputs = shown(lastInputs.map(\.shown)) }
        console.finish()
        state.emit(
            .failed(
                FailureBlock(
                    document: document.document.name, componentArn: document.componentArn, phase: phase, step: step.name,
                    action: step.action.name,
                    errorMessage: report.failureMessage, hint: redactor.redacted(failure.hint ?? ""),
                    stderr: redactor.redacted((failure.cause as? ProgramErrors)?.text ?? ""))
            ))
        if failure.endsRun { close() }
    }

    // MARK: Condition

    /// Whether the step is to be executed. Asked once, before all attempts.
    private func decide() throws(Failure) -> Bool {
        guard let condition = step.condition else { return true }
        var inputs = InputRenderer(renderer: document.renderer)
        let evaluator = ConditionEvaluator(
            editor: state.context.editor, programs: state.context.programs,
            timeLeft: step.timeoutSeconds.map { UInt64($0) * 1_000_000_000 })
        let holds = try evaluator.holds(condition.condition) { (template) throws(Failure) in try inputs.text(template) }
        switch holds ? condition.then : condition.otherwise {
        case .execute: return true
        case .skip:
            state.emit(.remark("the step is skipped: its 'if' is \(holds)"))
            return false
        case .abort: throw Failure(.failed, "the step's 'if' is \(holds), which means Abort")
        }
    }

    // MARK: Attempts

    private func attempts() throws(Failure) -> [[String: String]] {
        var attempt = 1
        while true {
            do throws(Failure) {
                return try self.attempt(StepClock(seconds: step.timeoutSeconds, environment: state.context.environment))
            } catch {
                if attempt >= step.maxAttempts || error.endsRun { throw error }
                state.remark("attempt \(attempt) of \(step.maxAttempts) failed: \(error.message)")
                attempt += 1
            }
        }
    }

    private func attempt(_ clock: StepClock) throws(Failure) -> [[String: String]] {
        guard let loop = step.loop else { return try execute(nil, clock) }
        report.loop = LoopReport(name: loop.name, iterations: 0, failedIterations: [])
        var merged: [[String: String]] = []
        for iteration in try LoopIterations(loop, by: document.renderer) {
            try state.checkCancellation()
            if clock.isOver { throw clock.overrun("the loop") }
            report.loop?.iterations += 1
            isSecret = isSecret || iteration.isSecret
            do throws(Failure) {
                Self.merge(try execute(iteration, clock), into: &merged)
            } catch {
                report.loop?.failedIterations = [iteration.index]
                if error.endsRun { throw error }
                if clock.isOver { throw clock.overrun("the loop") }
                throw Failure(
                    error.code, "the loop failed in its iteration \(iteration.index): \(error.message)", hint: error.hint,
                    cause: error.cause)
            }
        }
        if merged.isEmpty {
            merged = step.inputs.items.map { _ in Dictionary(uniqueKeysWithValues: step.action.outputs.map { ($0, "") }) }
        }
        return merged
    }

    /// Joins the outputs of an iteration to those of the ones before, line by line, up to the limit of one output.
    private static func merge(_ new: [[String: String]], into merged: inout [[String: String]]) {
        guard !merged.isEmpty else { return merged = new }
        for (index, outputs) in new.enumerated() where index < merged.count {
            for (name, text) in outputs {
                merged[index][name, default: ""].appendLine(text, limit: ComponentDocument.Limits.output)
            }
        }
    }

    /// Runs the action for each entry of the inputs.
    private func execute(_ iteration: LoopIteration?, _ clock: StepClock) throws(Failure) -> [[String: String]] {
        var renderer = document.renderer
        renderer.iteration = iteration
        var inputs = InputRenderer(renderer: renderer)
        lastInputs = try inputs.items(of: step.inputs, for: step.action)
        isSecret = isSecret || inputs.sawSecret
        report.inputs = shown(lastInputs.map(\.shown))
        let call = ActionCall(action: step.action, document: document, isSecret: isSecret, console: console)
        defer { report.detailedOutput = call.calledReport ?? report.detailedOutput }
        return try lastInputs.map { (inputs) throws(Failure) in try call.run(inputs, clock) }
    }

    // MARK: Report

    /// Inputs or outputs as JSON, without secret values: an object, or a list where the action's inputs are one.
    private func shown(_ items: [[String: ActionInputs.Value]]) -> String {
        let hidden = items.map { $0.mapValues { $0.redacted(by: state.redactor) } }
        if case .items = step.action.inputs { return ActionInputs.Value.list(hidden.map { .map($0) }).json }
        return ActionInputs.Value.map(hidden.first ?? [:]).json
    }
}

extension Failure {
    /// The message and its causes in one line. What a program wrote is left out: it is shown apart.
    fileprivate var messageWithCauses: String {
        cause is ProgramErrors ? message : chain.joined(separator: ": ")
    }
}

extension String {
    /// Whole lines only: a line that does not fit any more is left out, and so is every one after it.
    fileprivate mutating func appendLine(_ line: String, limit: Int) {
        guard utf8.count <= limit, utf8.count + 1 + line.utf8.count <= limit else { return }
        append("\n")
        append(line)
    }
}
