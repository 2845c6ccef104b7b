/// Blots secret values out of texts.
///
/// A value is found as it is, percent-encoded, and within base64 at each of the three places where it can stand; and also where line ends
/// were put into it, as `base64` and `fold` do. What somebody made unrecognizable on purpose is not found.
package struct Redactor: Sendable {
    /// What stands in the place of a value. It says nothing of its length.
    package static let mark = "******"

    /// Forms of the values, without line ends, the longest first.
    private var forms: [[UInt8]] = []
    /// Whether a form begins with a byte.
    private var begins = [Bool](repeating: false, count: 256)

    package init() {}

    package var isEmpty: Bool { forms.isEmpty }

    /// How many forms are looked for. It grows with each new value.
    package var count: Int { forms.count }

    /// Forms shorter than this are not looked for over line ends, and values shorter than it not in base64.
    private static let significantLength = 6
    /// Line ends that may follow each other within a form: CR LF, and a blank line.
    private static let maximumLineEnds = 4

    /// Takes a value that is to be blotted out. An empty one is nothing.
    package mutating func add(_ value: String) {
        let bytes = Array(value.utf8)
        var new = [bytes, Self.percentEncoded(bytes, upper: true), Self.percentEncoded(bytes, upper: false)]
        if bytes.count >= Self.significantLength { new += Base64Forms.forms(of: bytes) }
        for form in new.map({ $0.filter { !Self.isLineEnd($0) } }) where !form.isEmpty && !forms.contains(form) {
            forms.append(form)
            begins[Int(form[0])] = true
        }
        forms.sort { $0.count > $1.count }
    }

    package func redacted(_ text: String) -> String {
        guard !isEmpty else { return text }
        var bytes = Array(text.utf8)
        guard redact(&bytes, isEnd: true) != nil else { return text }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Whether a value stands in the text, in any form.
    package func occurs(in text: String) -> Bool {
        guard !isEmpty else { return false }
        var bytes = Array(text.utf8)
        return redact(&bytes, isEnd: true) != nil
    }

    // MARK: Matching

    enum Finding {
        case found
        /// At this place something begins that may be a value, when more text comes.
        case maybe(at: Int)
    }

    /// Blots values out. With `isEnd` false, a place near the end from which on a value may begin is told; bytes from there on are as they
    /// were. Nil where nothing was found.
    func redact(_ bytes: inout [UInt8], isEnd: Bool) -> Finding? {
        var result: [UInt8] = []
        var copied = 0
        var position = 0
        var found = false
        while position < bytes.count {
            guard begins[Int(bytes[position])] else {
                position += 1
                continue
            }
            switch match(bytes, at: position, isEnd: isEnd) {
            case .none: position += 1
            case .partial:
                result += bytes[copied..<position]
                let place = result.count
                bytes = result + bytes[position...]
                return .maybe(at: place)
            case .whole(let end):
                found = true
                result += bytes[copied..<position]
                result += Self.mark.utf8
                result += bytes[position..<end].filter(Self.isLineEnd)
                position = end
                copied = end
            }
        }
        guard found else { return nil }
        bytes = result + bytes[copied...]
        return .found
    }

    private enum Match {
        case none, partial
        case whole(end: Int)
    }

    private func match(_ bytes: [UInt8], at start: Int, isEnd: Bool) -> Match {
        var isPartial = false
        for form in forms where form[0] == bytes[start] {
            switch match(form, bytes, start) {
            case .whole(let end): return isPartial ? .partial : .whole(end: end)
            case .partial: isPartial = !isEnd
            case .none: continue
            }
        }
        return isPartial ? .partial : .none
    }

    private func match(_ form: [UInt8], _ bytes: [UInt8], _ start: Int) -> Match {
        let skips = form.count >= Self.significantLength
        var position = start
        var lineEnds = 0
        var index = 0
        while index < form.count {
            guard position < bytes.count else { return .partial }
            let byte = bytes[position]
            if byte == form[index] {
                index += 1
                lineEnds = 0
            } else if skips, Self.isLineEnd(byte), lineEnds < Self.maximumLineEnds {
                lineEnds += 1
            } else {
                return .none
            }
            position += 1
        }
        return .whole(end: position)
    }

    private static func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

    // MARK: Forms

    /// RFC 3986: all but unreserved characters as `%` and two digits.
    private static func percentEncoded(_ bytes: [UInt8], upper: Bool) -> [UInt8] {
        let digits = Array((upper ? "0123456789ABCDEF" : "0123456789abcdef").utf8)
        return bytes.flatMap { byte -> [UInt8] in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                [byte]
            default: [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
    }
}
