/// What must hold between the fields of an action's inputs, beyond what each field must be.
package enum InputRule: Sendable, Hashable {
    /// Exactly one of these fields is given.
    case exactlyOne([String])
    /// All of these fields are given, or none.
    case together([String])
    /// The mapping that `field` is has none of these keys; case does not count.
    case withoutKeys([String], in: String)

    /// What is wrong with the inputs, as one sentence; nil where nothing is. `given` has the fields that are there, and the keys of
    /// those that are mappings.
    package func defect(in given: [String: [String]]) -> String? {
        switch self {
        case .exactlyOne(let names):
            let found = names.filter { given[$0] != nil }
            if found.count == 1 { return nil }
            let wanted = "exactly one of \(Self.listed(names)) must be given"
            return found.isEmpty ? "\(wanted), there is none" : "\(wanted), there are \(Self.listed(found))"
        case .together(let names):
            let missing = names.filter { given[$0] == nil }
            if missing.isEmpty || missing.count == names.count { return nil }
            return "\(Self.listed(names)) belong together, \(Self.listed(missing)) is missing"
        case .withoutKeys(let keys, let field):
            let refused = Set(keys.map { $0.lowercased() })
            let found = (given[field] ?? []).filter { refused.contains($0.lowercased()) }.sorted()
            return found.isEmpty ? nil : "'\(field)' must not have \(Self.listed(found))"
        }
    }

    private static func listed(_ names: [String]) -> String { names.map { "'\($0)'" }.joined(separator: ", ") }
}
