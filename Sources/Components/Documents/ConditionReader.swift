import PCRE2
import Recipes
import Text
import YAML

/// Reads comparisons and logical operators: of `if`, and of `Assert`.
struct ConditionReader {
    let diagnostics: Diagnostics
    /// The loop that operands may refer to.
    var scope: LoopScope = .none

    private static let logical = ["and", "or", "not"]

    /// The value of `if`: one operator, with `then` and `else` beside it.
    func stepCondition(_ value: ValueReader) -> StepCondition? {
        guard let fields = operatorFields(value) else { return nil }
        defer { fields.finish() }
        let then = fields.optional("then").flatMap { $0.oneOf(StepCondition.Directive.self) } ?? .execute
        let otherwise = fields.optional("else").flatMap { $0.oneOf(StepCondition.Directive.self) } ?? .skip
        let pairs = (single(value.node).pairs ?? []).filter { !["then", "else"].contains($0.key.text) }
        guard let condition = condition(pairs, fields, of: value, depth: 0) else { return nil }
        return StepCondition(condition: condition, then: then, otherwise: otherwise)
    }

    /// One operator.
    func condition(_ value: ValueReader, depth: Int = 0) -> ConditionTemplate? {
        guard let fields = operatorFields(value) else { return nil }
        defer { fields.finish() }
        return condition(single(value.node).pairs ?? [], fields, of: value, depth: depth)
    }

    /// A mapping, or a list with one mapping in it.
    private func single(_ node: Node) -> Node {
        guard let elements = node.elements, elements.count == 1 else { return node }
        return elements[0]
    }

    private func operatorFields(_ value: ValueReader) -> FieldReader? {
        if let elements = value.node.elements, elements.count != 1 {
            return value.fail(
                "\(value.name) must have one operator, this list has \(elements.count)", hint: "join them with 'and' or 'or'")
        }
        return ValueReader(single(value.node), value.name, diagnostics).fields()
    }

    private typealias Pair = (key: Node, value: Node)

    private func condition(_ pairs: [Pair], _ fields: FieldReader, of value: ValueReader, depth: Int) -> ConditionTemplate? {
        // What a comparison has beside its operator.
        let companions = ["value", "path"]
        let operators = pairs.filter { !companions.contains($0.key.text ?? "") }
        guard let first = operators.first, let name = first.key.text else {
            return value.fail("\(value.name) has no comparison or logical operator")
        }
        for extra in operators.dropFirst() {
            _ = fields.optional(extra.key.text ?? "")
            if isOperator(extra.key.text ?? "") {
                diagnostics.report(
                    "\(value.name) has a second operator, '\(extra.key.text ?? "")'", at: extra.key.mark,
                    hint: "join them with 'and' or 'or'")
            } else {
                reportUnknown(extra.key)
            }
        }
        guard let operand = fields.optional(name), operators.count == 1 else { return nil }
        if Self.logical.contains(name) { return logical(name, operand, depth: depth + 1) }
        guard let comparator = ComparisonOperator(named: name) else {
            reportUnknown(first.key)
            _ = companions.map { fields.optional($0) }
            return nil
        }
        return comparison(comparator, operand, fields)
    }

    private func isOperator(_ name: String) -> Bool { Self.logical.contains(name) || ComparisonOperator(named: name) != nil }

    private func reportUnknown(_ key: Node) {
        let name = key.text ?? ""
        let known = Self.logical + ComparisonOperator.allCases.map(\.rawValue)
        diagnostics.report("there is no operator '\(name)'", at: key.mark, hint: Suggestion.hint(for: name, among: known))
    }

    // MARK: Logical operators

    private func logical(_ name: String, _ operand: ValueReader, depth: Int) -> ConditionTemplate? {
        guard depth <= ComponentDocument.Limits.conditionDepth else {
            return operand.fail(
                "'and', 'or' and 'not' stand more than \(ComponentDocument.Limits.conditionDepth) deep in each other")
        }
        if name == "not" { return condition(operand, depth: depth).map { .not($0) } }
        guard let entries = operand.list() else { return nil }
        if entries.isEmpty { return operand.fail("\(operand.name) has no comparisons") }
        let parts = entries.compactMap { condition($0, depth: depth) }
        return name == "and" ? .and(parts) : .or(parts)
    }

    // MARK: Comparisons

    private func comparison(_ comparator: ComparisonOperator, _ value: ValueReader, _ fields: FieldReader) -> ConditionTemplate? {
        let operand = text(value)
        guard let key = comparator.otherKey else { return operand.map { .comparison(Comparison(comparator, $0)) } }
        guard let other = fields.optional(key) else {
            return value.fail("'\(comparator.rawValue)' has no '\(key)' beside it")
        }
        guard let operand, let otherText = text(other) else { return nil }
        if comparator == .patternMatches { checkPattern(operand, value) }
        return .comparison(Comparison(comparator, operand, other: otherText))
    }

    private func text(_ value: ValueReader) -> TextTemplate? {
        TextReader(diagnostics: diagnostics).template(value.node, loop: scope)
            ?? value.fail("\(value.name) must be text, this is \(value.node.kind)")
    }

    private func checkPattern(_ operand: TextTemplate, _ value: ValueReader) {
        guard let pattern = operand.literal else { return }
        do throws(PatternError) { _ = try Pattern(pattern) } catch {
            value.report("'\(pattern)' is no pattern: \(error)", hint: "patterns are written as RE2 has them")
        }
    }
}
