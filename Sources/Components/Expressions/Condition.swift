/// One comparison, or comparisons joined by `and`, `or` and `not`: what `if` and `Assert` decide on. Operands are rendered.
package indirect enum Condition: Sendable, Hashable {
    case and([Condition])
    case or([Condition])
    case not(Condition)
    case comparison(Comparison)
}

/// A comparison operator with its operands.
package struct Comparison: Sendable, Hashable {
    /// As documents write it: `stringEquals`.
    package var name: String
    /// What stands at the operator's own key.
    package var operand: String
    /// What stands at `value` or `path`, for operators that have one.
    package var other: String?

    package init(name: String, operand: String, other: String? = nil) {
        self.name = name
        self.operand = operand
        self.other = other
    }
}
