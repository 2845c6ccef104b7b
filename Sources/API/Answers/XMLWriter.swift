import HTTPServer

/// Writes XML into bytes, element by element.
struct XMLWriter {
    private var bytes: [UInt8]
    /// What is put away of a long document.
    private var earlier = LongText()

    init() {
        bytes = []
        bytes.reserveCapacity(2048)
        append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
    }

    /// A piece of a document, to be appended to one.
    init(empty: Void) { bytes = [] }

    mutating func append(_ piece: XMLWriter) {
        if !piece.earlier.pieces.isEmpty {
            putAway()
            earlier.append(piece.earlier)
        }
        bytes += piece.bytes
    }

    /// The document as an answer.
    func response(_ status: Int, contentType: String) -> Response {
        var response = Response(status, contentType: contentType, body: bytes)
        response.pieces = earlier.pieces
        return response
    }

    /// An element with text.
    mutating func element(_ name: String, _ text: String) {
        open(name)
        escape(text)
        close(name)
    }

    mutating func element(_ name: String, _ number: some BinaryInteger) { element(name, String(number)) }

    mutating func element(_ name: String, _ flag: Bool) { element(name, flag ? "true" : "false") }

    /// Nothing where there is no text.
    mutating func element(_ name: String, ifPresent text: String?) {
        if let text { element(name, text) }
    }

    mutating func element(_ name: String, ifPresent number: Int?) {
        if let number { element(name, number) }
    }

    /// An element with what `content` writes.
    mutating func element(_ name: String, _ content: (inout XMLWriter) -> Void) {
        open(name)
        content(&self)
        close(name)
    }

    /// An element in a namespace.
    mutating func element<Failure: Error>(
        _ name: String, namespace: String, _ content: (inout XMLWriter) throws(Failure) -> Void
    ) throws(Failure) {
        append("<\(name) xmlns=\"\(namespace)\">")
        try content(&self)
        close(name)
    }

    /// A list as EC2 has it: an `item` for each.
    mutating func list<Items: Sequence>(_ name: String, _ items: Items, _ content: (Items.Element, inout XMLWriter) -> Void) {
        open(name)
        for item in items { element("item") { content(item, &$0) } }
        close(name)
    }

    /// A list of texts.
    mutating func list(_ name: String, _ texts: [String]) {
        open(name)
        for text in texts { element("item", text) }
        close(name)
    }

    mutating func open(_ name: String) {
        bytes.append(UInt8(ascii: "<"))
        append(name)
        bytes.append(UInt8(ascii: ">"))
    }

    mutating func close(_ name: String) {
        append("</")
        append(name)
        bytes.append(UInt8(ascii: ">"))
        if bytes.count >= LongText.pieceSize { putAway() }
    }

    private mutating func putAway() {
        earlier.append(bytes)
        bytes.removeAll(keepingCapacity: true)
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    /// XML 1.0 has no place for most control characters; U+FFFD stands for them.
    private mutating func escape(_ text: String) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): append("&amp;")
            case UInt8(ascii: "<"): append("&lt;")
            case UInt8(ascii: ">"): append("&gt;")
            case UInt8(ascii: "\""): append("&quot;")
            // A parser would make a line feed of it.
            case 0x0D: append("&#13;")
            case 0x00..<0x20 where byte != 0x09 && byte != 0x0A: append("\u{FFFD}")
            default: bytes.append(byte)
            }
        }
    }
}
