import Model

/// A pattern for one name or one line: `*` any bytes, `?` one byte, `[a-z]` and `[!a-z]` one byte of a set, `\` takes the next byte
/// literally. A leading dot is nothing special. Bytes, not characters: a file name has no encoding.
package struct Wildcard: Hashable, Sendable {
    private enum Part: Hashable, Sendable {
        case byte(UInt8)
        case any
        case set([ClosedRange<UInt8>], negated: Bool)
        case run
    }

    private let parts: [Part]

    package init(_ pattern: some Sequence<UInt8>) throws(Failure) {
        let bytes = Array(pattern)
        var parts: [Part] = []
        var index = 0
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "*"): if parts.last != .run { parts.append(.run) }
            case UInt8(ascii: "?"): parts.append(.any)
            case UInt8(ascii: "["): parts.append(try Self.set(bytes, &index))
            case UInt8(ascii: "\\"):
                guard index + 1 < bytes.count else { throw Self.wrong(bytes, "ends with a backslash") }
                index += 1
                parts.append(.byte(bytes[index]))
            default: parts.append(.byte(bytes[index]))
            }
            index += 1
        }
        self.parts = parts
    }

    /// The bytes it stands for, where it is no pattern.
    package var literal: [UInt8]? {
        var bytes: [UInt8] = []
        for part in parts {
            guard case .byte(let byte) = part else { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    /// Takes time in proportion to the pattern's length times the text's, whatever the bytes.
    package func matches(_ text: some RandomAccessCollection<UInt8>) -> Bool {
        let text = Array(text)
        var part = 0
        var position = 0
        var lastRun: (part: Int, position: Int)?
        while position < text.count {
            if part < parts.count, parts[part] == .run {
                lastRun = (part, position)
                part += 1
            } else if part < parts.count, Self.fits(parts[part], text[position]) {
                part += 1
                position += 1
            } else if let run = lastRun {
                lastRun = (run.part, run.position + 1)
                part = run.part + 1
                position = run.position + 1
            } else {
                return false
            }
        }
        return parts[part...].allSatisfy { $0 == .run }
    }

    private static func fits(_ part: Part, _ byte: UInt8) -> Bool {
        switch part {
        case .byte(let wanted): wanted == byte
        case .any: true
        case .set(let ranges, let negated): ranges.contains { $0.contains(byte) } != negated
        case .run: false
        }
    }

    /// Reads `[…]`; leaves `index` on the closing bracket.
    private static func set(_ bytes: [UInt8], _ index: inout Int) throws(Failure) -> Part {
        var ranges: [ClosedRange<UInt8>] = []
        var position = index + 1
        let negated = position < bytes.count && (bytes[position] == UInt8(ascii: "!") || bytes[position] == UInt8(ascii: "^"))
        if negated { position += 1 }
        while position < bytes.count, bytes[position] != UInt8(ascii: "]") || ranges.isEmpty {
            let low = bytes[position]
            if position + 2 < bytes.count, bytes[position + 1] == UInt8(ascii: "-"), bytes[position + 2] != UInt8(ascii: "]") {
                guard low <= bytes[position + 2] else { throw wrong(bytes, "has a range that runs backwards") }
                ranges.append(low...bytes[position + 2])
                position += 3
            } else {
                ranges.append(low...low)
                position += 1
            }
        }
        guard position < bytes.count else { throw wrong(bytes, "has a '[' without ']'") }
        index = position
        return .set(ranges, negated: negated)
    }

    private static func wrong(_ bytes: [UInt8], _ reason: String) -> Failure {
        Failure(.invalid, "the pattern '\(String(decoding: bytes, as: UTF8.self))' \(reason)")
    }
}
