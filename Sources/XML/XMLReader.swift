import CExpat

/// Reads one document.
package enum XMLReader {
    /// What a document may cost at most.
    package struct Limits: Sendable {
        package var bytes: Int
        /// How deep elements may stand in each other.
        package var depth: Int
        package var elements: Int

        package init(bytes: Int = 4 << 20, depth: Int = 32, elements: Int = 50_000) {
            self.bytes = bytes
            self.depth = depth
            self.elements = elements
        }
    }

    /// The root element.
    package static func parse(_ bytes: [UInt8], limits: Limits = Limits()) throws(XMLError) -> XMLElement {
        guard bytes.count <= limits.bytes else {
            throw XMLError(message: "the document has \(bytes.count) bytes, the limit is \(limits.bytes)", line: 1)
        }
        return try Parser(limits).parse(bytes)
    }
}

/// expat's parser, and the elements that are open.
@safe
private final class Parser {
    private let parser: XML_Parser
    private let limits: XMLReader.Limits
    private var open: [XMLElement] = []
    private var root: XMLElement?
    private var count = 0
    /// Why the reading was stopped here and not by expat.
    private var refusal: String?

    init(_ limits: XMLReader.Limits) {
        guard let parser = unsafe XML_ParserCreate(nil) else { fatalError("expat: no memory for a parser") }
        unsafe self.parser = parser
        self.limits = limits
    }

    deinit { unsafe XML_ParserFree(parser) }

    func parse(_ bytes: [UInt8]) throws(XMLError) -> XMLElement {
        unsafe XML_SetUserData(parser, Unmanaged.passUnretained(self).toOpaque())
        unsafe XML_SetElementHandler(
            parser,
            { context, name, _ in unsafe Parser.of(context)?.begin(Parser.text(name)) },
            { context, _ in unsafe Parser.of(context)?.end() })
        unsafe XML_SetCharacterDataHandler(parser) { context, bytes, length in
            let text = unsafe UnsafeBufferPointer(start: bytes, count: Int(length)).map { UInt8(bitPattern: $0) }
            unsafe Parser.of(context)?.append(String(decoding: text, as: UTF8.self))
        }
        unsafe XML_SetStartDoctypeDeclHandler(parser) { context, _, _, _, _ in
            unsafe Parser.of(context)?.refuse("the document has a document type, which is not read here")
        }
        let status = unsafe bytes.withUnsafeBytes { buffer in
            unsafe XML_Parse(parser, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(buffer.count), 1)
        }
        if let refusal { throw problem(refusal) }
        guard status == XML_STATUS_OK, let root else { throw problem(expatMessage()) }
        return root
    }

    private func expatMessage() -> String {
        unsafe XML_ErrorString(XML_GetErrorCode(parser)).map { unsafe String(cString: $0) } ?? "the text is not XML"
    }

    private func problem(_ message: String) -> XMLError {
        XMLError(message: message, line: Int(unsafe XML_GetCurrentLineNumber(parser)))
    }

    // MARK: What expat calls

    private static func of(_ context: UnsafeMutableRawPointer?) -> Parser? {
        unsafe context.map { unsafe Unmanaged<Parser>.fromOpaque($0).takeUnretainedValue() }
    }

    private static func text(_ name: UnsafePointer<XML_Char>?) -> String { unsafe name.map { unsafe String(cString: $0) } ?? "" }

    private func begin(_ name: String) {
        count += 1
        if open.count >= limits.depth { return refuse("elements stand deeper than \(limits.depth) in each other") }
        if count > limits.elements { return refuse("the document has more than \(limits.elements) elements") }
        open.append(XMLElement(name: name))
    }

    private func append(_ text: String) {
        if !open.isEmpty { open[open.count - 1].text += text }
    }

    private func end() {
        guard let done = open.popLast() else { return }
        if open.isEmpty { root = done } else { open[open.count - 1].children.append(done) }
    }

    private func refuse(_ reason: String) {
        refusal = refusal ?? reason
        unsafe XML_StopParser(parser, 0)
    }
}
