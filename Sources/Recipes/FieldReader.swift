import Model
import Text
import YAML

/// Reads the fields of a mapping by name. Ask for every field that there may be, then `finish`: what was not asked for is unknown.
package final class FieldReader {
    /// Where the mapping starts.
    package let mark: Mark
    package let diagnostics: Diagnostics
    private let what: String
    private let pairs: [(key: Node, value: Node)]
    private var known: [String] = []

    /// `what` says what has the fields, for messages: `the recipe`, `'ebs'`.
    package init(_ pairs: [(key: Node, value: Node)], of what: String, at mark: Mark, _ diagnostics: Diagnostics) {
        self.pairs = pairs
        self.what = what
        self.mark = mark
        self.diagnostics = diagnostics
    }

    /// The value of a field; nil where the mapping has no such key.
    package func optional(_ key: String) -> ValueReader? {
        if !known.contains(key) { known.append(key) }
        return pairs.first { $0.key.text == key }.map { ValueReader($0.value, "'\(key)'", diagnostics) }
    }

    /// Whether the mapping has such a key, whatever its value.
    package func has(_ key: String) -> Bool { pairs.contains { $0.key.text == key } }

    /// The value of a field that must be there; its absence is reported.
    package func required(_ key: String) -> ValueReader? {
        if let value = optional(key) { return value }
        diagnostics.report("\(what) has no '\(key)'", at: mark)
        return nil
    }

    /// Reports an error at the key of a field, or at the mapping where there is no such field.
    package func report(_ message: String, at key: String, hint: String? = nil) {
        diagnostics.report(message, at: pairs.first { $0.key.text == key }?.key.mark ?? mark, hint: hint)
    }

    /// The whole mapping, formatting aside.
    package var definition: CanonicalValue { CanonicalValue(Node(.mapping(pairs), at: mark)) }

    /// Reports each key that was not asked for.
    package func finish() {
        for (key, _) in pairs {
            guard let text = key.text, !known.contains(text) else { continue }
            diagnostics.report("unknown field '\(text)' in \(what)", at: key.mark, hint: Suggestion.hint(for: text, among: known))
        }
    }
}

// MARK: - The common kinds

extension FieldReader {
    package func string(_ key: String) -> String? { required(key)?.string() }

    package func optionalString(_ key: String) -> String? { optional(key)?.string() }

    package func value<Value: TextValue>(_ key: String, _ type: Value.Type) -> Value? { required(key)?.value(type) }

    package func optionalValue<Value: TextValue>(_ key: String, _ type: Value.Type) -> Value? { optional(key)?.value(type) }

    package func integer(_ key: String, in range: ClosedRange<Int>) -> Int? { required(key)?.integer(in: range) }

    package func optionalInteger(_ key: String, in range: ClosedRange<Int>) -> Int? { optional(key)?.integer(in: range) }

    package func boolean(_ key: String, default value: Bool) -> Bool { optional(key)?.boolean() ?? value }

    package func oneOf<Choice: RawRepresentable<String> & CaseIterable>(_ key: String, _ type: Choice.Type) -> Choice? {
        required(key)?.oneOf(type)
    }

    package func oneOf<Choice: RawRepresentable<String> & CaseIterable>(_ key: String, default choice: Choice) -> Choice {
        optional(key)?.oneOf(Choice.self) ?? choice
    }

    /// The entries of a list that may be missing.
    package func list(_ key: String) -> [ValueReader] { optional(key)?.list() ?? [] }

    /// A list of texts that may be missing.
    package func strings(_ key: String) -> [String] { optional(key)?.strings() ?? [] }

    package func mapping(_ key: String) -> FieldReader? { required(key)?.fields() }

    package func optionalMapping(_ key: String) -> FieldReader? { optional(key)?.fields() }

    /// A mapping of the user's keys to texts, which may be missing.
    package func stringMap(_ key: String) -> [String: String] { optional(key)?.stringMap() ?? [:] }
}
