/// A YAML document that is written: block style, keys as they are, texts in double quotes.
indirect enum YAMLText {
    case text(String)
    /// A number or a flag.
    case plain(String)
    case list([YAMLText])
    /// In their order; what is nil is left out.
    case map([(String, YAMLText?)])

    init(_ value: Int) { self = .plain(String(value)) }
    init(_ value: Bool) { self = .plain(value ? "true" : "false") }

    /// Keys are quoted, since they are a client's.
    static func texts(_ texts: [String: String]) -> YAMLText? {
        texts.isEmpty ? nil : .map(texts.sorted { $0.key < $1.key }.map { (quoted($0.key), .text($0.value)) })
    }

    static func texts(_ texts: [String]?) -> YAMLText? {
        texts.flatMap { $0.isEmpty ? nil : .list($0.map { .text($0) }) }
    }

    var document: String { lines.map { $0 + "\n" }.joined() }

    private var lines: [String] {
        switch self {
        case .text(let text): [Self.quoted(text)]
        case .plain(let text): [text]
        case .list(let elements) where elements.isEmpty: ["[]"]
        case .map(let members) where members.allSatisfy({ $0.1 == nil }): ["{}"]
        case .list(let elements):
            elements.flatMap { element in
                element.lines.enumerated().map { ($0 == 0 ? "- " : "  ") + $1 }
            }
        case .map(let members): members.flatMap { key, value in value.map { Self.lines(key, $0) } ?? [] }
        }
    }

    private static func lines(_ key: String, _ value: YAMLText) -> [String] {
        switch value {
        case .text, .plain: ["\(key): \(value.lines[0])"]
        case .list(let elements) where elements.isEmpty: ["\(key): []"]
        case .map(let members) where members.allSatisfy({ $0.1 == nil }): ["\(key): {}"]
        case .list, .map: ["\(key):"] + value.lines.map { "  " + $0 }
        }
    }

    /// In double quotes, with everything that YAML could read otherwise as an escape.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case " "..."~": result.unicodeScalars.append(scalar)
            default:
                let hex = String(scalar.value, radix: 16)
                result += "\\U" + String(repeating: "0", count: 8 - hex.count) + hex
            }
        }
        return result + "\""
    }
}
