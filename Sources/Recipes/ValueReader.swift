import Model
import Text
import YAML

/// Reads one value of a document as what it must be. Every read that fails reports why and returns nil, so that reading goes on and
/// all errors of a document are found.
package struct ValueReader {
    package let node: Node
    /// What the value is, for messages: `'volumeSize'`, `an entry of 'tags'`.
    package let name: String
    package let diagnostics: Diagnostics

    package init(_ node: Node, _ name: String, _ diagnostics: Diagnostics) {
        self.node = node
        self.name = name
        self.diagnostics = diagnostics
    }

    package var mark: Mark { node.mark }

    /// Any scalar but an empty one, as it is written: `no` and `0644` are text here.
    package func string() -> String? {
        guard let text = node.text, !node.isNull else { return mismatch("text") }
        return text
    }

    /// A text of a certain form.
    package func value<Value: TextValue>(_ type: Value.Type) -> Value? {
        parsed { (text) throws(Failure) in try Value(parsing: text) }
    }

    /// A text that `parse` turns into a value; its failure is reported here.
    package func parsed<Value>(_ parse: (String) throws(Failure) -> Value) -> Value? {
        guard let text = string() else { return nil }
        do throws(Failure) {
            return try parse(text)
        } catch {
            return fail(error.message, hint: error.hint)
        }
    }

    /// A plain decimal integer: neither quoted nor with leading zeros.
    package func integer(in range: ClosedRange<Int>) -> Int? {
        guard let number = node.integer else { return mismatch("a whole number") }
        guard range.contains(number) else {
            return fail("\(name) must be \(range.lowerBound) to \(range.upperBound), this is \(number)")
        }
        return number
    }

    /// A plain `true` or `false`.
    package func boolean() -> Bool? { node.boolean ?? mismatch("true or false") }

    /// One of the words of an enumeration.
    package func oneOf<Choice: RawRepresentable<String> & CaseIterable>(_ type: Choice.Type) -> Choice? {
        guard let text = string() else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        let known = Choice.allCases.map(\.rawValue)
        return fail("\(name) cannot be '\(text)'", hint: Suggestion.hint(for: text, among: known))
    }

    /// The entries of a list.
    package func list() -> [ValueReader]? {
        guard let elements = node.elements else { return mismatch("a list") }
        return elements.map { ValueReader($0, "an entry of \(name)", diagnostics) }
    }

    /// A list of texts.
    package func strings() -> [String]? { list().map { $0.compactMap { $0.string() } } }

    /// The fields of a mapping.
    package func fields() -> FieldReader? {
        guard let pairs = node.pairs else { return mismatch("a mapping") }
        return FieldReader(pairs, of: name, at: mark, diagnostics)
    }

    /// A mapping whose keys are the user's, in the document's order.
    package func entries() -> [(key: ValueReader, value: ValueReader)]? {
        guard let pairs = node.pairs else { return mismatch("a mapping") }
        return pairs.map { key, value in
            let name = "'\(key.text ?? "")'"
            return (ValueReader(key, "a key of \(self.name)", diagnostics), ValueReader(value, name, diagnostics))
        }
    }

    /// A mapping of the user's keys to texts.
    package func stringMap() -> [String: String]? {
        guard let entries = entries() else { return nil }
        var map: [String: String] = [:]
        for (key, value) in entries {
            if let key = key.node.text, let value = value.string() { map[key] = value }
        }
        return map
    }

    /// Reports an error at the value and returns nil, whatever was to be read.
    package func fail<Value>(_ message: String, hint: String? = nil) -> Value? {
        diagnostics.report(message, at: mark, hint: hint)
        return nil
    }

    /// Reports an error at the value.
    package func report(_ message: String, hint: String? = nil) { diagnostics.report(message, at: mark, hint: hint) }

    private func mismatch<Value>(_ expected: String) -> Value? { fail("\(name) must be \(expected), this is \(shown)") }

    private var shown: String {
        guard let text = node.text, node.isNull == false else { return node.kind }
        return "'\(text.count > 40 ? text.prefix(40) + "…" : text)'"
    }
}
