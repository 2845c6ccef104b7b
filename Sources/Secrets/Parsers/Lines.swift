/// The lines of a content, without their ends, and words within them, as ranges of its bytes.
struct Lines: Sequence {
    let bytes: [UInt8]

    /// Lines of a file that a parser looks at.
    static let maximum = 200_000

    init(_ content: Content) { bytes = content.bytes }

    func makeIterator() -> AnyIterator<Range<Int>> {
        var position = 0
        var count = 0
        return AnyIterator {
            guard position < bytes.count, count < Self.maximum else { return nil }
            count += 1
            var end = position
            while end < bytes.count && bytes[end] != 0x0A { end += 1 }
            defer { position = end + 1 }
            let last = end > position && bytes[end - 1] == 0x0D ? end - 1 : end
            return position..<last
        }
    }

    /// Parts between single separators.
    static func fields(_ bytes: [UInt8], _ line: Range<Int>, _ separator: UInt8, limit: Int = 64) -> [Range<Int>] {
        var fields: [Range<Int>] = []
        var start = line.lowerBound
        for position in line where bytes[position] == separator && fields.count < limit - 1 {
            fields.append(start..<position)
            start = position + 1
        }
        fields.append(start..<line.upperBound)
        return fields
    }

    /// Words between blanks; quotes keep a word together and are taken off.
    static func words(_ bytes: [UInt8], _ line: Range<Int>, limit: Int = 64) -> [Range<Int>] {
        var words: [Range<Int>] = []
        var position = line.lowerBound
        while position < line.upperBound && words.count < limit {
            let byte = bytes[position]
            if byte == 0x20 || byte == 0x09 {
                position += 1
            } else if byte == 0x22 || byte == 0x27 {
                let close = bytes[(position + 1)..<line.upperBound].firstIndex(of: byte) ?? line.upperBound
                words.append((position + 1)..<close)
                position = close + 1
            } else {
                var end = position
                while end < line.upperBound && bytes[end] != 0x20 && bytes[end] != 0x09 { end += 1 }
                words.append(position..<end)
                position = end
            }
        }
        return words
    }

    /// Without blanks around it.
    static func withoutBlanks(_ bytes: [UInt8], _ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        var end = range.upperBound
        while start < end && ByteSet.blank.contains(bytes[start]) { start += 1 }
        while end > start && (ByteSet.blank.contains(bytes[end - 1]) || bytes[end - 1] == 0x0D) { end -= 1 }
        return start..<end
    }

    /// Without blanks and one pair of quotes around it; for a value, not for a line, which may have quotes of two words at its ends.
    static func trimmed(_ bytes: [UInt8], _ range: Range<Int>) -> Range<Int> {
        let inner = withoutBlanks(bytes, range)
        let (start, end) = (inner.lowerBound, inner.upperBound)
        if end - start >= 2 && bytes[start] == bytes[end - 1] && (bytes[start] == 0x22 || bytes[start] == 0x27) {
            return (start + 1)..<(end - 1)
        }
        return start..<end
    }
}

/// What parsers say of the values of fields that a format has for credentials.
enum FieldValue {
    /// Whether something is there that can be used: no template, no word that stands for one.
    static func isSet(_ value: ArraySlice<UInt8>, atLeast shortest: Int = 3) -> Bool {
        shortest...4096 ~= value.count && !ValueJudge.isReference(value) && !ValueJudge.isStandIn(value)
    }
}
