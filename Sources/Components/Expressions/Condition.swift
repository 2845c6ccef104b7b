import Model

/// One comparison, or comparisons joined by `and`, `or` and `not`: what `if` and `Assert` decide on.
package indirect enum ConditionTree<Operand: Sendable>: Sendable {
    case and([ConditionTree])
    case or([ConditionTree])
    case not(ConditionTree)
    case comparison(Comparison<Operand>)
}

/// A condition whose operands are rendered.
package typealias Condition = ConditionTree<String>
/// A condition as the document has it.
package typealias ConditionTemplate = ConditionTree<TextTemplate>

/// A comparison operator with its operands.
package struct Comparison<Operand: Sendable>: Sendable {
    package var comparator: ComparisonOperator
    /// What stands at the operator's own key.
    package var operand: Operand
    /// What stands at `value` or `path`, for operators that have one.
    package var other: Operand?

    package init(_ comparator: ComparisonOperator, _ operand: Operand, other: Operand? = nil) {
        self.comparator = comparator
        self.operand = operand
        self.other = other
    }
}

extension ConditionTree: Hashable, Equatable where Operand: Hashable {}
extension Comparison: Hashable, Equatable where Operand: Hashable {}

extension ConditionTree {
    /// The same condition over other operands.
    package func map<Other>(_ transform: (Operand) throws(Failure) -> Other) throws(Failure) -> ConditionTree<Other> {
        switch self {
        case .and(let parts): .and(try parts.map { (part) throws(Failure) in try part.map(transform) })
        case .or(let parts): .or(try parts.map { (part) throws(Failure) in try part.map(transform) })
        case .not(let part): .not(try part.map(transform))
        case .comparison(let comparison):
            .comparison(
                Comparison(
                    comparison.comparator, try transform(comparison.operand),
                    other: try comparison.other.map { (other) throws(Failure) in try transform(other) }))
        }
    }

    /// All operands, in order.
    package var operands: [Operand] {
        switch self {
        case .and(let parts), .or(let parts): parts.flatMap(\.operands)
        case .not(let part): part.operands
        case .comparison(let comparison): [comparison.operand] + (comparison.other.map { [$0] } ?? [])
        }
    }
}
