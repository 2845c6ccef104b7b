import Text

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
