/// Writes JSON into bytes, value by value.
struct JSONWriter {
    private(set) var bytes: [UInt8] = []
    /// Whether a value stands before the next one in its object or list.
    private var needsComma = false

    init() { bytes.reserveCapacity(512) }

    mutating func object<Failure: Error>(
        _ content: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) { try group("{", "}", content) }

    /// A list of objects.
    mutating func objects<Items: Sequence>(_ items: Items, _ content: (Items.Element, inout JSONWriter) -> Void) {
        group("[", "]") { json in
            for item in items { json.object { content(item, &$0) } }
        }
    }

    mutating func strings(_ texts: [String]) {
        group("[", "]") { json in
            for text in texts { json.string(text) }
        }
    }

    // MARK: Fields

    mutating func key(_ name: String) {
        string(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    mutating func field(_ name: String, _ text: String) {
        key(name)
        string(text)
    }

    mutating func field(_ name: String, ifPresent text: String?) {
        if let text { field(name, text) }
    }

    /// A value that is written already.
    mutating func field(_ name: String, json text: String) {
        key(name)
        append(text)
    }

    mutating func field(_ name: String, _ number: some BinaryInteger) {
        key(name)
        append(String(number))
    }

    mutating func field(_ name: String, _ flag: Bool) {
        key(name)
        append(flag ? "true" : "false")
    }

    mutating func field(_ name: String, _ texts: [String]) {
        key(name)
        strings(texts)
    }

    /// A mapping, by key.
    mutating func field(_ name: String, texts: [String: String]) {
        field(name) { json in for (key, text) in texts.sorted(by: { $0.key < $1.key }) { json.field(key, text) } }
    }

    mutating func field(_ name: String, object content: (inout JSONWriter) -> Void) {
        key(name)
        object(content)
    }

    mutating func field<Items: Sequence>(_ name: String, _ items: Items, _ content: (Items.Element, inout JSONWriter) -> Void) {
        key(name)
        objects(items, content)
    }

    // MARK: Values

    mutating func string(_ text: String) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): bytes.append(contentsOf: "\\\"".utf8)
            case UInt8(ascii: "\\"): bytes.append(contentsOf: "\\\\".utf8)
            case 0x0A: bytes.append(contentsOf: "\\n".utf8)
            case 0x0D: bytes.append(contentsOf: "\\r".utf8)
            case 0x09: bytes.append(contentsOf: "\\t".utf8)
            case 0x00..<0x20, 0x7F:
                bytes.append(contentsOf: "\\u00".utf8)
                for nibble in [byte >> 4, byte & 15] { bytes.append(contentsOf: String(nibble, radix: 16).utf8) }
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func append(_ text: String) {
        separate()
        bytes.append(contentsOf: text.utf8)
    }

    private mutating func group<Failure: Error>(
        _ first: String, _ last: String, _ content: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        separate()
        bytes.append(contentsOf: first.utf8)
        needsComma = false
        try content(&self)
        bytes.append(contentsOf: last.utf8)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }
}
