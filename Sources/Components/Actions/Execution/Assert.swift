import Model

/// Fails where a condition does not hold.
package enum Assert: Action {
    package static let name = "Assert"
    package static let summary = "fails where a comparison does not hold"
    package static let inputs = InputForm.condition

    package static func run(_ inputs: ActionInputs, _ context: ActionContext) throws(Failure) -> ActionResult {
        guard let condition = inputs.condition else { throw Failure(.invalid, "Assert has no comparison") }
        let evaluator = ConditionEvaluator(editor: context.editor, programs: context.programs, timeLeft: context.timeLeft)
        guard try evaluator.holds(condition) else { throw Failure(.failed, "the assertion does not hold: \(condition.text)") }
        return ActionResult()
    }
}

extension ConditionTree where Operand == String {
    /// For messages: `not(stringEquals 'a' value 'b')`.
    var text: String {
        switch self {
        case .and(let parts): "and(\(parts.map(\.text).joined(separator: ", ")))"
        case .or(let parts): "or(\(parts.map(\.text).joined(separator: ", ")))"
        case .not(let part): "not(\(part.text))"
        case .comparison(let comparison):
            "\(comparison.comparator.rawValue) '\(comparison.operand)'"
                + (comparison.other.map { " \(comparison.comparator.otherKey ?? "value") '\($0)'" } ?? "")
        }
    }
}
