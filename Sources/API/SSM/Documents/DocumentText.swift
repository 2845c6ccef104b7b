import Cloud
import Model
import YAML

/// Documents as texts, in JSON and in YAML.
enum DocumentText {
    static func read(_ text: String, _ format: String?) throws(APIError) -> DocumentContent {
        let format = try DocumentFormat(member: format)
        guard text.utf8.count <= CommandDocumentReader.maximumSize else {
            throw APIError("MaxDocumentSizeExceeded", "The size limit of a document is 64 KB.")
        }
        let body: JSONValue
        switch format {
        case .json:
            do throws(Failure) { body = try JSONReader.read(Array(text.utf8), what: "the document") } catch {
                throw invalid
            }
        case .yaml:
            do throws(YAMLError) { body = try YAMLParser.parse(Array(text.utf8)).value } catch { throw invalid }
        }
        return DocumentContent(text: text, format: format, body: body)
    }

    private static let invalid = APIError(.invalidDocumentContent, "The content for the document is not valid.")

    /// The content in a format: as it was given, or written anew.
    static func text(_ content: DocumentContent, _ format: DocumentFormat) throws(APIError) -> String {
        if format == content.format { return content.text }
        switch format {
        case .json: return try asking { () throws(Failure) in try CanonicalJSON.text(of: content.body, pretty: true) }
        case .yaml: return YAMLText(content.body).document
        }
    }
}

extension DocumentFormat {
    /// JSON where none is named.
    init(member text: String?) throws(APIError) {
        self = .json
        if let text { self = try SSMInput.word(text, "documentFormat", of: DocumentFormat.allCases) }
    }
}

extension Node {
    /// The node as JSON has it: of plain scalars, numbers, flags and nothing are what YAML's core schema takes them for.
    fileprivate var value: JSONValue {
        switch content {
        case .sequence(let nodes): return .array(nodes.map(\.value))
        case .mapping(let pairs):
            // Each key is there once.
            return .object(Dictionary(pairs.map { ($0.key.text ?? "", $0.value.value) }, uniquingKeysWith: { first, _ in first }))
        case .scalar(let text, let style):
            guard style == .plain else { return .string(text) }
            if isNull { return .null }
            if let boolean { return .boolean(boolean) }
            if let integer { return .number(String(integer)) }
            if ["True", "TRUE"].contains(text) { return .boolean(true) }
            if ["False", "FALSE"].contains(text) { return .boolean(false) }
            if text.contains("."), let number = Double(text), number.isFinite { return .number(String(number)) }
            return .string(text)
        }
    }
}

extension YAMLText {
    fileprivate init(_ value: JSONValue) {
        switch value {
        case .null: self = .plain("null")
        case .boolean(let flag): self = YAMLText(flag)
        case .number(let text): self = .plain(text)
        case .string(let text): self = .text(text)
        case .array(let values): self = .list(values.map(YAMLText.init))
        case .object(let members):
            self = .map(members.sorted { $0.key < $1.key }.map { (Self.quoted($0.key), YAMLText($0.value)) })
        }
    }
}
