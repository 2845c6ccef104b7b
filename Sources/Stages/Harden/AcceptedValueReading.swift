import Guest
import ImageStore
import Model
import Recipes
import YAML

// Values that several kinds of requirement have.

extension RequirementReading {
    /// What is right: `value`, `oneOf`, `between`, `subset`, `eachAtMost`; `set` says what the remedy writes if not the first.
    static func accepted(_ fields: FieldReader) -> AcceptedValue? {
        let set = fields.optionalString("set")
        if let value = fields.optional("value") { return value.string().map { AcceptedValue(.oneOf([$0]), remedy: $0) } }
        if let words = fields.optional("oneOf")?.strings() { return AcceptedValue(.oneOf(words), remedy: set ?? words.first) }
        if let words = fields.optional("subset")?.strings() {
            return AcceptedValue(.subset(words), remedy: set ?? words.joined(separator: ","))
        }
        if let bounds = fields.optional("between") {
            let numbers = bounds.list()?.compactMap { $0.integer(in: -1...Int(Int32.max)) } ?? []
            guard numbers.count == 2, numbers[0] <= numbers[1] else {
                return bounds.fail("'between' is a list of two numbers, the lower first")
            }
            return AcceptedValue(.between(numbers[0], numbers[1]), remedy: set ?? String(numbers[1]))
        }
        if let limits = fields.optional("eachAtMost") {
            let numbers = limits.list()?.compactMap { $0.integer(in: 0...Int(Int32.max)) } ?? []
            return AcceptedValue(.eachAtMost(numbers), remedy: set ?? numbers.map { String($0) }.joined(separator: ":"))
        }
        fields.report("nothing says which value is right", at: "value", hint: "write value, oneOf, between, subset or eachAtMost")
        return nil
    }

    static func path(_ fields: FieldReader) -> TreePath? {
        fields.required("path")?.parsed { (text) throws(Failure) in try TreePath(parsing: text) }
    }

    static func mode(_ fields: FieldReader) -> UInt16? {
        guard let value = fields.required("mode"), let text = value.string() else { return nil }
        guard let mode = UInt16(text, radix: 8), mode <= 0o7777 else {
            return value.fail("'\(text)' is no file mode", hint: "write it like \"0640\"")
        }
        return mode
    }

    static func pair<A, B>(_ a: A?, _ b: B?) -> (A, B)? {
        guard let a, let b else { return nil }
        return (a, b)
    }
}
