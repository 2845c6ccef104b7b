import Model
import XML

// Answers of EC2's Query protocol as values. What is missing or has another form than it must is a failure, never a guess.
extension XMLElement {
    func text(_ name: String) throws(Failure) -> String {
        guard let element = self[name] else { throw Failure(.corrupt, "the answer's <\(self.name)> has no <\(name)>") }
        return element.text
    }

    /// Nil where the element is missing or empty.
    func optional(_ name: String) -> String? {
        guard let text = self[name]?.text, !text.isEmpty else { return nil }
        return text
    }

    func value<Value: TextValue>(_ name: String) throws(Failure) -> Value { try Value(parsing: try text(name)) }

    func value<Value: TextValue>(optional name: String) throws(Failure) -> Value? {
        guard let text = optional(name) else { return nil }
        return try Value(parsing: text)
    }

    func int(_ name: String) throws(Failure) -> Int {
        let text = try text(name)
        guard let number = Int(text) else { throw Failure(.corrupt, "<\(name)> of the answer is no number: \(text)") }
        return number
    }

    func int(optional name: String) throws(Failure) -> Int? { self[name] == nil ? nil : try int(name) }

    func flag(_ name: String) throws(Failure) -> Bool { try word(name, ["true": true, "false": false]) }

    func word<Word: RawRepresentable<String>>(_ name: String) throws(Failure) -> Word {
        let text = try text(name)
        guard let word = Word(rawValue: text) else { throw Failure(.corrupt, "<\(name)> of the answer is \(text)") }
        return word
    }

    func word<Word: RawRepresentable<String>>(optional name: String) throws(Failure) -> Word? {
        self[name] == nil ? nil : try word(name)
    }

    func word<Word>(_ name: String, _ words: [String: Word]) throws(Failure) -> Word {
        let text = try text(name)
        guard let word = words[text] else { throw Failure(.corrupt, "<\(name)> of the answer is \(text)") }
        return word
    }

    /// The items of a list; none where it is missing.
    func items(_ name: String) -> [XMLElement] { self[name]?.all("item") ?? [] }

    func items<Value>(_ name: String, _ read: (XMLElement) throws(Failure) -> Value) throws(Failure) -> [Value] {
        var values: [Value] = []
        for item in items(name) { values.append(try read(item)) }
        return values
    }

    func tags() throws(Failure) -> TagSet {
        try TagSet(
            try items("tagSet") { item throws(Failure) in try Tag(reserved: try item.text("key"), value: try item.text("value")) }
        )
    }

    func nextToken() throws(Failure) -> PageToken? {
        guard let text = optional("nextToken") else { return nil }
        do { return try PageToken(parsing: text) } catch { throw Failure(error) }
    }
}
