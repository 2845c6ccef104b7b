/// Reads JSON from whoever sent it: exactly the grammar of RFC 8259, every name of an object once, within limits. Two programs that
/// read the same bytes must not see different documents, so what others pass over is an error here.
package struct JSONReader {
    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0

    package static let maximumBytes = 64 << 20
    package static let maximumDepth = 64

    /// The document in the bytes. `what` names it in messages.
    package static func read(_ bytes: [UInt8], what: String) throws(Failure) -> JSONValue {
        guard bytes.count <= maximumBytes else {
            throw Failure(.invalid, "\(what) has \(bytes.count) bytes, more than the \(maximumBytes) that are read")
        }
        var reader = JSONReader(bytes: bytes)
        do throws(Problem) {
            let value = try reader.value()
            reader.skipBlanks()
            if reader.position < bytes.count { throw reader.problem("something follows the document") }
            return value
        } catch {
            throw Failure(.invalid, "\(what) is no JSON: \(error.message) at byte \(error.position)")
        }
    }

    private struct Problem: Error {
        let message: String
        let position: Int
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private func problem(_ message: String) -> Problem { Problem(message: message, position: position) }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipBlanks() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        position += 1
        return true
    }

    private mutating func value() throws(Problem) -> JSONValue {
        skipBlanks()
        switch next {
        case UInt8(ascii: "{"): return try nested { (reader) throws(Problem) in try reader.object() }
        case UInt8(ascii: "["): return try nested { (reader) throws(Problem) in try reader.array() }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .boolean(true))
        case UInt8(ascii: "f"): return try word("false", .boolean(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func nested(_ read: (inout JSONReader) throws(Problem) -> JSONValue) throws(Problem) -> JSONValue {
        guard depth < Self.maximumDepth else { throw problem("more than \(Self.maximumDepth) levels") }
        depth += 1
        position += 1
        let value = try read(&self)
        depth -= 1
        return value
    }

    private mutating func object() throws(Problem) -> JSONValue {
        var members: [String: JSONValue] = [:]
        skipBlanks()
        if take(UInt8(ascii: "}")) { return .object(members) }
        repeat {
            skipBlanks()
            let start = position
            guard next == UInt8(ascii: "\"") else { throw problem("a name is missing") }
            let name = try string()
            skipBlanks()
            guard take(UInt8(ascii: ":")) else { throw problem("a colon is missing") }
            guard members.updateValue(try value(), forKey: name) == nil else {
                throw Problem(message: "a name of an object is there twice", position: start)
            }
            skipBlanks()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw problem("an object is not closed") }
        return .object(members)
    }

    private mutating func array() throws(Problem) -> JSONValue {
        var values: [JSONValue] = []
        skipBlanks()
        if take(UInt8(ascii: "]")) { return .array(values) }
        repeat {
            values.append(try value())
            skipBlanks()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw problem("an array is not closed") }
        return .array(values)
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(Problem) -> JSONValue {
        let text = Array(word.description.utf8)
        guard bytes[position...].starts(with: text) else { throw problem("a value is missing") }
        position += text.count
        return value
    }

    // MARK: Numbers

    private mutating func number() throws(Problem) -> JSONValue {
        let start = position
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try digits() }
        if take(UInt8(ascii: ".")) { try digits() }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try digits()
        }
        return .number(String(decoding: bytes[start..<position], as: UTF8.self))
    }

    private mutating func digits() throws(Problem) {
        let start = position
        while let byte = next, (0x30...0x39).contains(byte) { position += 1 }
        if position == start { throw problem("a value is missing") }
    }

    // MARK: Strings

    private mutating func string() throws(Problem) -> String {
        let start = position
        position += 1
        var text: [UInt8] = []
        while let byte = next, byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { throw problem("a control character stands in a string") }
            position += 1
            if byte == UInt8(ascii: "\\") { try escape(&text) } else { text.append(byte) }
        }
        guard take(UInt8(ascii: "\"")) else { throw Problem(message: "a string is not closed", position: start) }
        guard let valid = String(validating: text, as: UTF8.self) else {
            throw Problem(message: "a string is not UTF-8", position: start)
        }
        return valid
    }

    private mutating func escape(_ text: inout [UInt8]) throws(Problem) {
        guard let byte = next else { throw problem("a string is not closed") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): text += Array(String(try scalar()).utf8)
        default: throw problem("an escape that JSON has not")
        }
    }

    /// What follows `\u`, and the second half where it is the first one of a pair.
    private mutating func scalar() throws(Problem) -> Unicode.Scalar {
        var value = try hexadecimal()
        if (0xD800...0xDBFF).contains(value) {
            guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else { throw problem("half a surrogate pair") }
            let low = try hexadecimal()
            guard (0xDC00...0xDFFF).contains(low) else { throw problem("half a surrogate pair") }
            value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(value) else { throw problem("half a surrogate pair") }
        return scalar
    }

    private mutating func hexadecimal() throws(Problem) -> UInt32 {
        let digits = bytes[position...].prefix(4)
        guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit && $0 < 0x80 }),
            let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw problem("an escape without four hexadecimal digits") }
        position += 4
        return value
    }
}
