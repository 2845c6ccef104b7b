import Text

/// Texts within a content that stand there in another form: base64, hexadecimal, UTF-16, percent-encoded.
struct TextPiece {
    /// `base64`, `hex`, `utf-16`, `url`
    let encoding: String
    let bytes: [UInt8]
    /// Where its encoded form begins.
    let offset: Int
    /// Whether a line of the piece is a line of the content: then the first line's number is that of `offset`.
    var keepsLines = false
}

enum TextPieces {
    /// Pieces of one content, and bytes of them together.
    private static let maximumCount = 20_000
    private static let maximumBytes = 16 << 20

    static func all(in content: Content) -> [TextPiece] {
        var pieces: [TextPiece] = []
        var total = 0
        func add(_ piece: TextPiece) {
            guard pieces.count < maximumCount, total + piece.bytes.count <= maximumBytes else { return }
            total += piece.bytes.count
            pieces.append(piece)
        }
        if content.isText {
            digits(in: content.bytes, add)
            percentEncoded(in: content.bytes, add)
        } else {
            wide(in: content.bytes, add)
        }
        return pieces
    }

    // MARK: Base64 and hexadecimal

    private static let shortestBase64 = 24
    private static let shortestHexadecimal = 40
    private static let run = ByteSet.base64.union(ByteSet("-_"))

    private static func digits(in bytes: [UInt8], _ add: (TextPiece) -> Void) {
        var position = 0
        while position < bytes.count {
            // Steps over what is too short for any run, from behind.
            let probe = position + shortestBase64 - 1
            if probe >= bytes.count { return }
            if !run.contains(bytes[probe]) {
                position = probe + 1
                continue
            }
            var start = probe
            while start > position && run.contains(bytes[start - 1]) { start -= 1 }
            if start > position {
                position = start
                continue
            }
            var end = probe
            while end < bytes.count && run.contains(bytes[end]) { end += 1 }
            end = joined(bytes, start, end)
            decode(bytes, start..<end, add)
            position = max(end, position + 1)
        }
    }

    /// Goes on over line ends, where base64 is broken into lines of one length.
    private static func joined(_ bytes: [UInt8], _ start: Int, _ firstEnd: Int) -> Int {
        let width = firstEnd - start
        guard width >= 60 else { return firstEnd }
        var end = firstEnd
        while end + 1 < bytes.count {
            var next = end
            while next < bytes.count && (bytes[next] == 0x0A || bytes[next] == 0x0D || bytes[next] == 0x20) && next - end < 40 {
                next += 1
            }
            if next == end || !bytes[end..<next].contains(0x0A) { return end }
            var last = next
            while last < bytes.count && run.contains(bytes[last]) { last += 1 }
            if last == next || last - next > width { return end }
            let isFull = last - next == width
            end = last
            if !isFull { return end }
        }
        return end
    }

    private static func decode(_ bytes: [UInt8], _ range: Range<Int>, _ add: (TextPiece) -> Void) {
        let text = bytes[range]
        if range.count >= shortestHexadecimal && range.count % 2 == 0 && text.allSatisfy({ ByteSet.hexadecimal.contains($0) }) {
            let decoded = hexadecimal(text)
            if isInteresting(decoded) { add(TextPiece(encoding: "hex", bytes: decoded, offset: range.lowerBound)) }
            return
        }
        // The first digits tell for nearly all that is no text.
        guard let head = Base64.decode(text.prefix(16).filter { $0 > 0x20 }.prefix(12)),
            isInteresting(head) || Container(head) != nil
        else {
            return
        }
        let digits = text.filter { $0 > 0x20 }
        guard let decoded = Base64.decode(digits.prefix(digits.count - (digits.count % 4 == 1 ? 1 : 0))),
            isInteresting(decoded) || Container(decoded) != nil
        else { return }
        add(TextPiece(encoding: "base64", bytes: decoded, offset: range.lowerBound))
    }

    private static func hexadecimal(_ text: ArraySlice<UInt8>) -> [UInt8] {
        func value(_ byte: UInt8) -> UInt8 { byte <= 0x39 ? byte - 0x30 : (byte | 0x20) - 0x57 }
        return stride(from: text.startIndex, to: text.endIndex - 1, by: 2).map { value(text[$0]) << 4 | value(text[$0 + 1]) }
    }

    /// Nearly all of it can be typed.
    private static func isInteresting(_ bytes: [UInt8]) -> Bool {
        let odd = bytes.count { !((0x20...0x7E).contains($0) || $0 == 0x0A || $0 == 0x0D || $0 == 0x09) }
        return !bytes.isEmpty && odd * 20 <= bytes.count
    }

    // MARK: UTF-16

    private static let shortestWide = 12

    /// Runs of printable characters with a zero byte behind each, or before each.
    private static func wide(in bytes: [UInt8], _ add: (TextPiece) -> Void) {
        let shortest = 2 * shortestWide
        var position = 0
        while position + shortest <= bytes.count {
            if let end = lastEven(in: bytes.span.extracting(position..<(position + shortest))) {
                position += end
                continue
            }
            let low = bytes[position] == 0 ? position + 1 : position
            let count = wideCount(bytes, low, zero: bytes[position] == 0 ? position : position + 1)
            if count >= shortestWide {
                let text = stride(from: low, to: low + 2 * count, by: 2).map { bytes[$0] }
                add(TextPiece(encoding: "utf-16", bytes: text, offset: position))
                position += 2 * count
            } else {
                position += 1
            }
        }
    }

    /// In a run, one of any two neighbours is zero and the other is not. The last two in `window` that are not so, as the offset of the
    /// second: no run of that length begins before it. From behind, so that mostly the others are not looked at.
    private static func lastEven(in window: Span<UInt8>) -> Int? {
        var second = window.count - 1
        while second > 0 {
            if (window[second - 1] == 0) == (window[second] == 0) { return second }
            second -= 1
        }
        return nil
    }

    /// How many printable characters follow one another, the first at `low`, each with a zero byte, the first of these at `zero`.
    private static func wideCount(_ bytes: [UInt8], _ low: Int, zero: Int) -> Int {
        var count = 0
        while max(low, zero) + 2 * count < bytes.count, bytes[zero + 2 * count] == 0 {
            let byte = bytes[low + 2 * count]
            guard (0x20...0x7E).contains(byte) || byte == 0x0A || byte == 0x0D || byte == 0x09 else { break }
            count += 1
        }
        return count
    }

    // MARK: Percent

    /// Lines with an escape in them, decoded.
    private static func percentEncoded(in bytes: [UInt8], _ add: (TextPiece) -> Void) {
        var position = 0
        while position + 2 < bytes.count {
            guard bytes[position] == UInt8(ascii: "%"), ByteSet.hexadecimal.contains(bytes[position + 1]),
                ByteSet.hexadecimal.contains(bytes[position + 2]), (0x32...0x37).contains(bytes[position + 1])
            else {
                position += 1
                continue
            }
            var start = position
            while start > 0 && position - start < 512 && bytes[start - 1] > 0x20 { start -= 1 }
            var end = position
            while end < bytes.count && end - start < 4096 && bytes[end] > 0x20 { end += 1 }
            let decoded = percentDecoded(bytes[start..<end])
            if isInteresting(decoded) { add(TextPiece(encoding: "url", bytes: decoded, offset: start, keepsLines: true)) }
            position = max(end, position + 1)
        }
    }

    private static func percentDecoded(_ text: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var position = text.startIndex
        while position < text.endIndex {
            if text[position] == UInt8(ascii: "%"), position + 2 < text.endIndex,
                case let pair = text[(position + 1)...(position + 2)], pair.allSatisfy({ ByteSet.hexadecimal.contains($0) })
            {
                result += hexadecimal(pair)
                position += 3
            } else {
                result.append(text[position])
                position += 1
            }
        }
        return result
    }
}
