/// What a document reads from Systems Manager.
extension ComponentDocument {
    /// The names of the parameters that the document refers to, sorted, when its own parameters have these values. Those of documents
    /// that it calls are not among them.
    package func storedParameters(_ values: [String: ParameterValue] = [:]) -> [String] {
        var names: Set<String> = []
        for template in phases.flatMap({ $0.steps.flatMap(\.templates) }) {
            for (reference, _) in template.references {
                switch reference {
                case .stored(let name): names.insert(name)
                case .storedUnder(let variable):
                    if let name = value(of: variable, values) { names.insert(name.storedName) }
                default: continue
                }
            }
        }
        return names.sorted()
    }

    private func value(of variable: String, _ values: [String: ParameterValue]) -> String? {
        if let constant = constants.first(where: { $0.name == variable }) { return constant.value }
        return values[variable]?.text ?? parameters.first { $0.name == variable }?.defaultValue
    }
}

extension String {
    /// A parameter's name, which may be written with the prefix of references.
    var storedName: String { hasPrefix("aws:ssm:") ? String(dropFirst("aws:ssm:".count)) : self }
}
