import Model
import PCRE2

/// What a request gives for the parameters of a document: checked by their types and bounds, and put in the place of references like
/// `{{ name }}`. A reference that is a whole text stands for the value as it is; within a text a value that is no text is written as JSON.
struct DocumentValues {
    private let values: [String: JSONValue]

    /// Bytes of the script of a step.
    private static let longestScript = 100_000
    private static let longestPath = 4096
    private static let timeouts = 1...172_800
    private static let usualTimeout = 3600

    init(_ given: [String: [String]], for document: CommandDocument) throws(Failure) {
        if let unknown = given.keys.sorted().first(where: { name in !document.parameters.contains { $0.name == name } }) {
            throw Self.invalid("The document has no parameter \(unknown.prefix(60)).")
        }
        var values: [String: JSONValue] = [:]
        for parameter in document.parameters {
            if let texts = given[parameter.name] {
                values[parameter.name] = try Self.value(texts, of: parameter)
            } else if let usual = parameter.usual {
                values[parameter.name] = usual
            } else {
                throw Self.invalid("The parameter \(parameter.name) is required.")
            }
        }
        self.values = values
    }

    private static func invalid(_ message: String) -> Failure { Failure(PlaneError(.invalidParameters, message)) }

    // MARK: Checking

    private static func value(_ texts: [String], of parameter: CommandDocument.Parameter) throws(Failure) -> JSONValue {
        let value: JSONValue?
        switch parameter.kind {
        case .list: value = .array(texts.map { .string($0) })
        case .maps: value = .array(texts.compactMap { try? JSONReader.read(Array($0.utf8), what: "a map") })
        case .string: value = texts.count == 1 ? .string(texts[0]) : nil
        case .integer: value = texts.count == 1 ? .number(texts[0]) : nil
        case .boolean: value = texts.count == 1 ? ["true": .boolean(true), "false": .boolean(false)][texts[0].lowercased()] : nil
        case .map: value = texts.count == 1 ? try? JSONReader.read(Array(texts[0].utf8), what: "a map") : nil
        }
        guard let value, parameter.kind.holds(value), value.array.map({ $0.count == texts.count }) ?? true else {
            throw invalid("The parameter \(parameter.name) is no \(parameter.kind.rawValue).")
        }
        try check(value, parameter)
        return value
    }

    private static func check(_ value: JSONValue, _ parameter: CommandDocument.Parameter) throws(Failure) {
        let elements = value.array ?? [value]
        guard value.array == nil || parameter.items.contains(elements.count),
            elements.allSatisfy({ $0.string.map { parameter.characters.contains($0.count) } ?? true })
        else { throw invalid("The parameter \(parameter.name) is out of its bounds.") }
        guard parameter.allowedValues.isEmpty || elements.allSatisfy(parameter.allowedValues.contains) else {
            throw invalid("The value of the parameter \(parameter.name) is none of its allowed values.")
        }
        guard !parameter.allowedPattern.isEmpty else { return }
        var isMatch = true
        do throws(PatternError) {
            let pattern = try Pattern(parameter.allowedPattern, ignoringCase: false)
            for text in elements.compactMap(\.string) where isMatch { isMatch = try pattern.matches(text) }
        } catch { throw invalid("The pattern of the parameter \(parameter.name) cannot be used: \(error.description).") }
        guard isMatch else {
            throw invalid("The parameter \(parameter.name) does not match \(parameter.allowedPattern.prefix(200)).")
        }
    }

    /// Refuses a document that refers to what it does not declare.
    static func checkReferences(of document: CommandDocument) throws(Failure) {
        let names = Set(document.parameters.map(\.name))
        for step in document.steps {
            for value in [step.lines, step.folder, step.timeout] {
                for text in value.array?.compactMap(\.string) ?? [value.string].compactMap(\.self) {
                    let unknown = Pieces(text).compactMap(\.reference).first { !names.contains($0) }
                    if let unknown {
                        throw CommandDocumentReader.invalid(
                            "the step \(step.name) refers to {{ \(unknown.prefix(60)) }}, no parameter")
                    }
                }
            }
        }
    }

    // MARK: Steps

    func steps(of document: CommandDocument) throws(Failure) -> [CommandStep] {
        try document.steps.map { (step) throws(Failure) in
            CommandStep(step.name, try script(of: step), flow: step.flow, isSkipped: !step.isForLinux)
        }
    }

    private func script(of step: CommandDocument.Step) throws(Failure) -> CommandScript {
        guard let lines = lines(of: step), !lines.contains(where: { $0.utf8.contains(0) }) else {
            throw Self.invalid("The script of \(step.name) is longer than \(Self.longestScript) bytes, or has a NUL.")
        }
        guard lines.contains(where: { !$0.isEmpty }) else { throw Self.invalid("The script of \(step.name) is empty.") }
        guard let folder = text(of: step.folder), folder.isEmpty || folder.hasPrefix("/"), !folder.utf8.contains(0) else {
            throw Self.invalid("The working directory of \(step.name) is no absolute path.")
        }
        guard let time = text(of: step.timeout), let timeout = time.isEmpty ? Self.usualTimeout : Int(time),
            Self.timeouts.contains(timeout)
        else { throw Self.invalid("The timeout of \(step.name) must be from 1 to 172800.") }
        return CommandScript(lines: lines, workingFolder: folder, timeout: timeout)
    }

    /// Nil where they have more bytes than a script may: a short document can name a long value thousands of times.
    private func lines(of step: CommandDocument.Step) -> [String]? {
        var room = Room(Self.longestScript)
        var lines: [String] = []
        for line in step.lines.array ?? [step.lines] {
            let parts = whole(line).map { value in (value.array ?? [value]).lazy.map { [Self.text($0)] } }
            if let parts {
                for part in parts {
                    guard let text = room.take(part), room.takeLineBreak() else { return nil }
                    lines.append(text)
                }
            } else {
                guard let text = room.take(pieces(of: line)), room.takeLineBreak() else { return nil }
                lines.append(text)
            }
        }
        return lines
    }

    /// Nil where it is longer than any path.
    private func text(of value: JSONValue) -> String? {
        var room = Room(Self.longestPath)
        if let whole = whole(value) { return room.take([Self.text(whole)]) }
        return room.take(pieces(of: value))
    }

    /// The value that a text refers to and has nothing else, or that is no text; nil for a text of pieces.
    private func whole(_ value: JSONValue) -> JSONValue? {
        guard let text = value.string else { return value }
        var pieces = Pieces(text)
        guard let name = pieces.next()?.reference, pieces.next() == nil else { return nil }
        return values[name] ?? value
    }

    private func pieces(of value: JSONValue) -> some Sequence<String> {
        Pieces(value.string ?? "").lazy.map { piece in piece.reference.flatMap { values[$0] }.map(Self.text) ?? piece.text }
    }

    static func text(_ value: JSONValue) -> String {
        switch value {
        case .string(let text), .number(let text): text
        case .null: ""
        default: (try? CanonicalJSON.text(of: value)) ?? ""
        }
    }
}

/// How many bytes may still come.
private struct Room {
    private var bytes: Int

    init(_ bytes: Int) { self.bytes = bytes }

    /// The pieces as one text; nil once they are too long, and the rest is not looked at.
    mutating func take(_ pieces: some Sequence<String>) -> String? {
        var text = ""
        for piece in pieces {
            bytes -= piece.utf8.count
            guard bytes >= 0 else { return nil }
            text += piece
        }
        return text
    }

    mutating func takeLineBreak() -> Bool {
        bytes -= 1
        return bytes >= 0
    }
}

/// The pieces of a text: words that stand as they are, and references to parameters between `{{` and `}}`.
private struct Pieces: Sequence, IteratorProtocol {
    private var rest: Substring

    struct Piece {
        let text: String
        let reference: String?
    }

    init(_ text: String) { rest = text[...] }

    mutating func next() -> Piece? {
        if rest.isEmpty { return nil }
        if let piece = reference() { return piece }
        var text = ""
        while let character = rest.first {
            text.append(character)
            rest.removeFirst()
            if rest.hasPrefix("{{"), referenceEnd() != nil { break }
        }
        return Piece(text: text, reference: nil)
    }

    private mutating func reference() -> Piece? {
        guard rest.hasPrefix("{{"), let (name, end) = referenceEnd() else { return nil }
        defer { rest = rest[end...] }
        return Piece(text: String(rest[..<end]), reference: name)
    }

    /// The name between the braces, and where the reference ends; nil where it is none.
    private func referenceEnd() -> (name: String, end: Substring.Index)? {
        var inner = rest.dropFirst(2).drop { $0 == " " }
        let name = inner.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        inner = inner[name.endIndex...].drop { $0 == " " }
        guard !name.isEmpty, inner.hasPrefix("}}") else { return nil }
        return (String(name), inner.index(inner.startIndex, offsetBy: 2))
    }
}
