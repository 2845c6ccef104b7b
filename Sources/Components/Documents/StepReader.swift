import Recipes
import Text
import YAML

/// Reads one step of a phase.
struct StepReader {
    let diagnostics: Diagnostics

    private var texts: TextReader { TextReader(diagnostics: diagnostics) }

    /// What `timeoutSeconds` is where a step says nothing.
    private static let usualTimeout = 7200
    private static let maximumAttempts = 1000

    func read(_ entry: ValueReader, steps: inout UniqueNames, loops: inout UniqueNames) -> ComponentStep? {
        guard let fields = entry.named("a step").fields() else { return nil }
        defer { fields.finish() }
        let name = fields.required("name").flatMap { texts.fixed($0) }
        if let name, let value = fields.optional("name") { steps.add(name, at: value.mark) }
        let loop = fields.optional("loop").flatMap { LoopReader(diagnostics: diagnostics).read($0) }
        if let loop, let loopName = loop.name, let value = fields.optional("loop") { loops.add(loopName, at: value.mark) }
        let condition = fields.optional("if").flatMap { ConditionReader(diagnostics: diagnostics).stepCondition($0) }
        let onFailure = fields.optional("onFailure").flatMap { policy($0) } ?? .abort
        let disableLogging = fields.optional("disableLogging").flatMap { boolean($0) } ?? false
        let action = fields.required("action").flatMap { self.action($0) }
        let time = timeout(fields.optional("timeoutSeconds"), of: action)
        let attempts = attempts(fields.optional("maxAttempts"), of: action)
        let inputs = fields.optional("inputs")
        guard let name, let action else { return nil }
        let scope: LoopScope = loop.map { .loop(name: $0.name) } ?? .none
        let reader = InputReader(action: action, scope: scope, diagnostics: diagnostics)
        guard let read = reader.read(inputs, of: fields) else { return nil }
        return ComponentStep(
            name: name, action: action, condition: condition, loop: loop, timeoutSeconds: time, onFailure: onFailure,
            maxAttempts: attempts, inputs: read, disableLogging: disableLogging, mark: entry.mark)
    }

    private func action(_ value: ValueReader) -> (any Action.Type)? {
        guard let name = texts.fixed(value) else { return nil }
        if let action = ActionRegistry.action(named: name) { return action }
        let known = ActionRegistry.all.map { $0.name }
        return value.fail("there is no action '\(name)'", hint: Suggestion.hint(for: name, among: known))
    }

    private func policy(_ value: ValueReader) -> FailurePolicy? {
        guard texts.refuseReferences(value) else { return nil }
        return value.oneOf(FailurePolicy.self)
    }

    private func boolean(_ value: ValueReader) -> Bool? {
        switch value.node.text?.lowercased() {
        case "true": true
        case "false": false
        default: value.boolean()
        }
    }

    // MARK: Time and attempts

    private func timeout(_ value: ValueReader?, of action: (any Action.Type)?) -> Int? {
        let timing = action?.timing ?? .usual
        guard let value, let seconds = texts.wholeNumber(value) else { return timing == .usual ? Self.usualTimeout : nil }
        if timing == .fixed, seconds != -1 {
            return value.fail(
                "'timeoutSeconds' of \(action?.name ?? "the action") is -1 and cannot be changed", hint: "leave it out")
        }
        guard seconds == -1 || (1...Int(Int32.max)).contains(seconds) else {
            return value.fail("'timeoutSeconds' must be 1 or more, or -1 for no limit; this is \(seconds)")
        }
        return seconds == -1 ? nil : seconds
    }

    private func attempts(_ value: ValueReader?, of action: (any Action.Type)?) -> Int {
        guard let value, let attempts = texts.wholeNumber(value) else { return 1 }
        if action?.timing == .fixed, attempts != 1 {
            value.report("'maxAttempts' of \(action?.name ?? "the action") is 1 and cannot be changed", hint: "leave it out")
        } else if !(1...Self.maximumAttempts).contains(attempts) {
            value.report("'maxAttempts' must be 1 to \(Self.maximumAttempts), this is \(attempts)")
        }
        return max(1, attempts)
    }
}
