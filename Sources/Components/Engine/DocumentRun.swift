import Crypto
import Model

/// One document in a run.
final class DocumentRun {
    let document: ComponentDocument
    /// The digests of the documents through which this one was called, the first one first.
    let callers: [Digest]
    let state: RunState
    let variables: [String: ParameterValue]
    let componentArn: String
    private(set) var report: DocumentReport
    private var steps: [String: StepMemory] = [:]
    private(set) var hasFailed = false

    init(_ invocation: ComponentInvocation, callers: [Digest], state: RunState) throws(Failure) {
        document = invocation.document
        componentArn = invocation.componentArn
        self.callers = callers
        self.state = state
        variables = try invocation.variables()
        for value in variables.values where value.isSecret { state.hide(value.text) }
        steps = invocation.chaining.steps
        report = DocumentReport(
            name: document.name, filePath: document.file, status: .success, description: document.description, startTime: "",
            endTime: "", failureMessage: "", phases: [])
    }

    var chaining: ChainingState { ChainingState(steps: steps.filter { !$0.value.isSecret }) }

    var phaseNames: [String] { document.phases.map(\.name) }

    /// Whether a step of these phases, or of any, is going to run a program.
    func needsPrograms(phases: Set<String>?) -> Bool {
        document.phases.contains { phase in
            (phases?.contains(phase.name) ?? true) && phase.steps.contains(where: \.needsPrograms)
        }
    }

    var renderer: Renderer { Renderer(state: state, variables: variables, steps: steps) }

    /// Runs these phases, or all, in the document's order. May be called again for other phases.
    func run(_ phases: Set<String>?) throws(Failure) {
        let selected = document.phases.filter { phases?.contains($0.name) ?? true }
        if selected.isEmpty { return }
        if report.startTime.isEmpty { report.startTime = state.time }
        state.emit(.documentStarted(name: document.name))
        defer { state.emit(.documentEnded(name: document.name, report.status)) }
        for phase in selected where !hasFailed { try run(phase) }
    }

    func finish() {
        if report.startTime.isEmpty { report.startTime = state.time }
        report.endTime = state.time
    }

    // MARK: Phases

    private func run(_ phase: ComponentPhase) throws(Failure) {
        state.emit(.phaseStarted(name: phase.name))
        report.phases.append(
            PhaseReport(name: phase.name, status: .success, startTime: state.time, endTime: "", failureMessage: "", steps: []))
        let place = report.phases.count - 1
        defer { close(place) }
        for step in phase.steps {
            let run = StepRun(step, phase: phase.name, document: self)
            // What is there of a step that does not come to its end is reported too.
            defer {
                report.phases[place].steps.append(run.report)
                close(place)
            }
            try run.run()
            if let memory = run.memory { steps["\(phase.name).\(step.name)"] = memory }
            if run.report.status == .failed, step.onFailure == .abort { break }
        }
    }

    private func close(_ place: Int) {
        report.phases[place].endTime = state.time
        report.phases[place].status = .whole(report.phases[place].steps.map(\.status))
        report.status = .whole(report.phases.map(\.status))
        hasFailed = report.status == .failed || report.status == .interrupted
        let failed = report.phases[place].steps.first { $0.status == .failed || $0.status == .interrupted }
        guard let failed else { return }
        let message = "the step '\(failed.name)' of the phase '\(report.phases[place].name)' failed: \(failed.failureMessage)"
        report.phases[place].failureMessage = message
        if report.failureMessage.isEmpty { report.failureMessage = message }
    }
}

extension ComponentInvocation {
    /// The values of all parameters and constants. Values for parameters that the document does not have are left out.
    func variables() throws(Failure) -> [String: ParameterValue] {
        var values: [String: ParameterValue] = [:]
        var missing: [ComponentParameter] = []
        for parameter in document.parameters {
            if let given = parameters[parameter.name] {
                values[parameter.name] = given
            } else if let value = parameter.defaultValue {
                values[parameter.name] = ParameterValue(value)
            } else {
                missing.append(parameter)
            }
        }
        guard missing.isEmpty else {
            let names = missing.map { "'\($0.name)'" }.joined(separator: ", ")
            let task = missing.count == 1 ? "a value for its parameter" : "values for its parameters"
            let lines = missing.map { $0.description.isEmpty ? $0.name : "\($0.name) (\($0.description))" }
            throw Failure(
                .invalid, "\(document.file) needs \(task) \(names)",
                hint: "add to the parameters given: \(lines.joined(separator: ", "))")
        }
        for constant in document.constants { values[constant.name] = ParameterValue(constant.value) }
        return values
    }
}

extension ComponentStep {
    /// Whether running it may start a program in the image.
    var needsPrograms: Bool { action.needs.contains(.programs) || conditions.contains(where: \.asksForProgram) }

    private var conditions: [ConditionTemplate] { [condition?.condition, inputs.condition].compactMap { $0 } }
}

extension ConditionTree {
    fileprivate var asksForProgram: Bool {
        switch self {
        case .and(let parts), .or(let parts): parts.contains(where: \.asksForProgram)
        case .not(let part): part.asksForProgram
        case .comparison(let comparison): comparison.comparator == .binaryExists
        }
    }
}
