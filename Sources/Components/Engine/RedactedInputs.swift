import Text

extension ActionInputs {
    /// The fields, or those of the comparison, as documents write them.
    var shown: [String: Value] { condition?.shown ?? fields }
}

extension ConditionTree where Operand == String {
    fileprivate var shown: [String: ActionInputs.Value] {
        switch self {
        case .and(let parts): ["and": .list(parts.map { .map($0.shown) })]
        case .or(let parts): ["or": .list(parts.map { .map($0.shown) })]
        case .not(let part): ["not": .map(part.shown)]
        case .comparison(let comparison): comparison.shown
        }
    }
}

extension Comparison where Operand == String {
    fileprivate var shown: [String: ActionInputs.Value] {
        var fields = [comparator.rawValue: ActionInputs.Value.text(operand)]
        if let other, let key = comparator.otherKey { fields[key] = .text(other) }
        return fields
    }
}

extension ActionInputs.Value {
    /// The value without secret values in it.
    func redacted(by redactor: Redactor) -> ActionInputs.Value {
        switch self {
        case .text(let text): .text(redactor.redacted(text))
        case .list(let values): .list(values.map { $0.redacted(by: redactor) })
        case .map(let map): .map(map.mapValues { $0.redacted(by: redactor) })
        }
    }
}
