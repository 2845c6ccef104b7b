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
        let builder = TreeBuilder()
        try Parser(limits, builder).parse(bytes)
        guard let root = builder.root else { throw XMLError(message: "the document has no element", line: 1) }
        return root
    }

    /// Shows a document to `visitor` as it is read: for large ones, of which little is kept.
    package static func scan(_ bytes: [UInt8], limits: Limits = Limits(), _ visitor: any XMLVisitor) throws(XMLError) {
        guard bytes.count <= limits.bytes else {
            throw XMLError(message: "the document has \(bytes.count) bytes, the limit is \(limits.bytes)", line: 1)
        }
        try Parser(limits, visitor).parse(bytes)
    }
}

/// Sees a document in its order.
package protocol XMLVisitor: AnyObject {
    func begin(_ name: String, attributes: [String: String])
    /// Text of the element that is open; one text may come in several parts.
    func text(_ text: String)
    func end(_ name: String)
}

/// Makes elements of what it sees.
private final class TreeBuilder: XMLVisitor {
    private var open: [XMLElement] = []
    private(set) var root: XMLElement?

    func begin(_ name: String, attributes: [String: String]) {
        var element = XMLElement(name: name)
        element.attributes = attributes
        open.append(element)
    }

    func text(_ text: String) {
        if !open.isEmpty { open[open.count - 1].text += text }
    }

    func end(_ name: String) {
        guard let done = open.popLast() else { return }
        if open.isEmpty { root = done } else { open[open.count - 1].children.append(done) }
    }
}

/// expat's parser, and how many elements are open.
@safe
private final class Parser {
    private let parser: XML_Parser
    private let limits: XMLReader.Limits
    private let visitor: any XMLVisitor
    private var open = 0
    private var count = 0
    /// Why the reading was stopped here and not by expat.
    private var refusal: String?

    init(_ limits: XMLReader.Limits, _ visitor: any XMLVisitor) {
        self.visitor = visitor
        guard let parser = unsafe XML_ParserCreate(nil) else { fatalError("expat: no memory for a parser") }
        unsafe self.parser = parser
        self.limits = limits
    }

    deinit { unsafe XML_ParserFree(parser) }

    func parse(_ bytes: [UInt8]) throws(XMLError) {
        unsafe XML_SetUserData(parser, Unmanaged.passUnretained(self).toOpaque())
        unsafe XML_SetElementHandler(
            parser,
            { context, name, attributes in
                unsafe Parser.of(context)?.begin(Parser.text(name), Parser.attributes(attributes))
            },
            { context, name in unsafe Parser.of(context)?.end(Parser.text(name)) })
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
        guard status == XML_STATUS_OK else { throw problem(expatMessage()) }
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

    /// Names and values in turn, ended by a null pointer.
    private static func attributes(_ list: UnsafeMutablePointer<UnsafePointer<XML_Char>?>?) -> [String: String] {
        guard var next = unsafe list else { return [:] }
        var attributes: [String: String] = [:]
        while let name = unsafe next.pointee, let value = unsafe next.successor().pointee {
            unsafe attributes[String(cString: name)] = String(cString: value)
            unsafe next += 2
        }
        return attributes
    }

    private func begin(_ name: String, _ attributes: [String: String]) {
        count += 1
        if open >= limits.depth { return refuse("elements stand deeper than \(limits.depth) in each other") }
        if count > limits.elements { return refuse("the document has more than \(limits.elements) elements") }
        open += 1
        visitor.begin(name, attributes: attributes)
    }

    private func append(_ text: String) {
        if refusal == nil { visitor.text(text) }
    }

    private func end(_ name: String) {
        guard refusal == nil, open > 0 else { return }
        open -= 1
        visitor.end(name)
    }

    private func refuse(_ reason: String) {
        refusal = refusal ?? reason
        unsafe XML_StopParser(parser, 0)
    }
}
