import Model

/// Reads a JSON text (RFC 8259) front to back without making a tree of it: the reader of a format asks for the members that it wants, and
/// the rest is passed over. So a feed of 60 MB costs its bytes and what is kept of it.
///
/// The text is hostile: depth has a limit, and what is read must be well formed; every mistake is an error with its place. What is passed
/// over is not judged, and of a name that stands twice both are visited: a feed is one program's input. Documents that are signed and
/// that other programs read too go through Model's `JSONReader`, which makes a tree and refuses both.
package struct FeedJSONReader {
    private let bytes: [UInt8]
    private var index: Int
    private var depth = 0
    private let name: String

    /// How deep objects and arrays may stand in each other.
    package static let maximumDepth = 64

    /// `name` stands for the text in errors.
    package init(_ bytes: [UInt8], name: String) {
        self.bytes = bytes
        self.name = name
        index = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    package enum Kind: Hashable, Sendable {
        case object, array, string, number, bool, null
    }

    /// What comes next.
    package mutating func peek() throws(Failure) -> Kind {
        skipBlanks()
        switch byte {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool
        case UInt8(ascii: "n"): return .null
        case .some(0x2D), .some(0x30...0x39): return .number
        default: throw problem("a value is missing")
        }
    }

    /// Whether there is nothing left but blanks.
    package mutating func isAtEnd() -> Bool {
        skipBlanks()
        return index == bytes.count
    }

    /// Where the reader stands, in bytes.
    package var position: Int { index }

    // MARK: Values

    /// Visits the members of an object; `body` must read the value, or `skip` it.
    package mutating func object(
        _ body: (_ key: String, inout FeedJSONReader) throws(Failure) -> Void
    ) throws(Failure) {
        try enter(UInt8(ascii: "{"))
        if take(UInt8(ascii: "}")) { return leave() }
        repeat {
            skipBlanks()
            let key = try string()
            guard take(UInt8(ascii: ":")) else { throw problem("a colon is missing") }
            try body(key, &self)
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw problem("an object does not end") }
        leave()
    }

    /// Visits the elements of an array; `body` must read each, or `skip` it.
    package mutating func array(_ body: (inout FeedJSONReader) throws(Failure) -> Void) throws(Failure) {
        try enter(UInt8(ascii: "["))
        if take(UInt8(ascii: "]")) { return leave() }
        repeat { try body(&self) } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw problem("an array does not end") }
        leave()
    }

    package mutating func string() throws(Failure) -> String {
        skipBlanks()
        guard byte == UInt8(ascii: "\"") else { throw problem("a string is missing") }
        let start = index + 1
        let end = try endOfString()
        let raw = bytes[start..<(end - 1)]
        return raw.contains(UInt8(ascii: "\\")) ? try unescaped(raw) : String(decoding: raw, as: UTF8.self)
    }

    /// The text of a number as it is written.
    package mutating func number() throws(Failure) -> String {
        skipBlanks()
        let start = index
        while let byte, byte == 0x2D || byte == 0x2B || byte == 0x2E || byte | 0x20 == 0x65 || 0x30...0x39 ~= byte { index += 1 }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        guard Double(text) != nil else { throw problem("a number is missing") }
        return text
    }

    /// A string; nil for a value of any other kind, which is passed over.
    package mutating func stringIfPresent() throws(Failure) -> String? {
        if try peek() == .string { return try string() }
        try skip()
        return nil
    }

    /// The strings of an array; what is none in it is passed over, and so is a value that is no array.
    package mutating func strings() throws(Failure) -> [String] {
        var strings: [String] = []
        try elements { (reader) throws(Failure) in
            if let text = try reader.stringIfPresent() { strings.append(text) }
        }
        return strings
    }

    /// As `object`, where another kind of value is passed over.
    package mutating func members(
        _ body: (_ key: String, inout FeedJSONReader) throws(Failure) -> Void
    ) throws(Failure) {
        if try peek() == .object { try object(body) } else { try skip() }
    }

    /// As `array`, where another kind of value is passed over.
    package mutating func elements(_ body: (inout FeedJSONReader) throws(Failure) -> Void) throws(Failure) {
        if try peek() == .array { try array(body) } else { try skip() }
    }

    /// Passes over one value.
    package mutating func skip() throws(Failure) {
        switch try peek() {
        case .string: _ = try endOfString()
        case .number: _ = try number()
        case .bool: try word(byte == UInt8(ascii: "t") ? "true" : "false")
        case .null: try word("null")
        case .object, .array: try skipNested()
        }
    }

    /// Passes over an object or an array by its brackets alone: what is not read need not be well formed inside.
    private mutating func skipNested() throws(Failure) {
        var open = 0
        while let next = byte {
            switch next {
            case UInt8(ascii: "\""):
                _ = try endOfString()
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                open += 1
                if depth + open > Self.maximumDepth {
                    throw problem("values stand deeper than \(Self.maximumDepth) in each other")
                }
            case UInt8(ascii: "}"), UInt8(ascii: "]"): open -= 1
            default: break
            }
            index += 1
            if open == 0 { return }
        }
        throw problem("a value does not end")
    }

    // MARK: Bytes

    private var byte: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func skipBlanks() {
        while index < bytes.count, bytes[index] == 0x20 || 0x09...0x0D ~= bytes[index] { index += 1 }
    }

    private mutating func enter(_ bracket: UInt8) throws(Failure) {
        guard take(bracket) else { throw problem(bracket == 0x7B ? "an object is missing" : "an array is missing") }
        depth += 1
        if depth > Self.maximumDepth { throw problem("values stand deeper than \(Self.maximumDepth) in each other") }
    }

    private mutating func leave() { depth -= 1 }

    private mutating func take(_ expected: UInt8) -> Bool {
        skipBlanks()
        guard byte == expected else { return false }
        index += 1
        return true
    }

    private mutating func word(_ word: StaticString) throws(Failure) {
        let text = Array("\(word)".utf8)
        guard bytes[index...].starts(with: text) else { throw problem("a value is missing") }
        index += text.count
    }

    /// Goes behind the closing quote of the string that begins here, and gives that place.
    private mutating func endOfString() throws(Failure) -> Int {
        var next = index + 1
        while next < bytes.count {
            switch bytes[next] {
            case UInt8(ascii: "\""):
                index = next + 1
                return index
            case UInt8(ascii: "\\"): next += 2
            default: next += 1
            }
        }
        throw problem("a string does not end")
    }

    private func unescaped(_ raw: ArraySlice<UInt8>) throws(Failure) -> String {
        var units: [UInt8] = []
        var next = raw.startIndex
        while next < raw.endIndex {
            guard raw[next] == UInt8(ascii: "\\"), next + 1 < raw.endIndex else {
                units.append(raw[next])
                next += 1
                continue
            }
            next += 2
            switch raw[next - 1] {
            case UInt8(ascii: "n"): units.append(0x0A)
            case UInt8(ascii: "t"): units.append(0x09)
            case UInt8(ascii: "r"): units.append(0x0D)
            case UInt8(ascii: "b"): units.append(0x08)
            case UInt8(ascii: "f"): units.append(0x0C)
            case UInt8(ascii: "u"): units += try scalar(raw, &next)
            case let other: units.append(other)
            }
        }
        return String(decoding: units, as: UTF8.self)
    }

    /// The UTF-8 of `\uXXXX`, with a second one where the first is the first half of a pair. A lone half becomes U+FFFD.
    private func scalar(_ raw: ArraySlice<UInt8>, _ next: inout Int) throws(Failure) -> [UInt8] {
        guard let first = hex(raw, next) else { throw problem("an escape in a string has no four digits") }
        next += 4
        var value = first
        if 0xD800..<0xDC00 ~= first, raw[next...].starts(with: Array("\\u".utf8)), let second = hex(raw, next + 2),
            0xDC00..<0xE000 ~= second
        {
            value = 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
            next += 6
        }
        return Array(String(Unicode.Scalar(value).map { Character($0) } ?? "\u{FFFD}").utf8)
    }

    private func hex(_ raw: ArraySlice<UInt8>, _ start: Int) -> UInt32? {
        guard start + 4 <= raw.endIndex else { return nil }
        return UInt32(String(decoding: raw[start..<(start + 4)], as: UTF8.self), radix: 16)
    }

    package func problem(_ what: String) -> Failure { Failure(.invalid, "\(name) is no sound JSON: at byte \(index), \(what)") }
}
