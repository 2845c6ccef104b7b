import Model

/// The rendered inputs of one item: texts without templates, of the form that the action declares.
package struct ActionInputs: Sendable {
    package indirect enum Value: Sendable, Hashable {
        case text(String)
        case list([Value])
        case map([String: Value])
    }

    package var fields: [String: Value]
    /// The comparison, for an action whose form is `.condition`.
    package var condition: Condition?

    package init(_ fields: [String: Value], condition: Condition? = nil) {
        self.fields = fields
        self.condition = condition
    }

    /// A field that may be left out. Templates may have rendered it to an empty text.
    package func optionalText(_ name: String) throws(Failure) -> String? {
        switch fields[name] {
        case nil: return nil
        case .text(let text): return text
        case .list, .map: throw Failure(.invalid, "the input '\(name)' must be text")
        }
    }

    package func text(_ name: String) throws(Failure) -> String {
        guard let text = try optionalText(name) else { throw Failure(.invalid, "the input '\(name)' is missing") }
        return text
    }

    package func boolean(_ name: String, default value: Bool) throws(Failure) -> Bool {
        guard let text = try optionalText(name) else { return value }
        switch text.lowercased() {
        case "true": return true
        case "false": return false
        default: throw Failure(.invalid, "the input '\(name)' must be true or false, this is '\(text)'")
        }
    }

    /// A list of texts; nil where the field was left out.
    package func texts(_ name: String) throws(Failure) -> [String]? {
        guard let value = fields[name] else { return nil }
        guard case .list(let values) = value else { throw Failure(.invalid, "the input '\(name)' must be a list") }
        return try values.map { (value) throws(Failure) in
            guard case .text(let text) = value else { throw Failure(.invalid, "the input '\(name)' must be a list of texts") }
            return text
        }
    }
}

extension ActionInputs.Value: Codable {
    /// Takes plain JSON of texts, lists and mappings.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let values = try? container.decode([Self].self) {
            self = .list(values)
        } else {
            self = .map(try container.decode([String: Self].self))
        }
    }

    /// As plain JSON.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .list(let values): try container.encode(values)
        case .map(let map): try container.encode(map)
        }
    }
}
