/// The bytes of a document, with the places of its lines.
package struct SourceText: Sendable {
    package let bytes: [UInt8]
    /// The offset of each line's first byte.
    private let lineStarts: [Int]

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var starts = [0]
        for (offset, byte) in bytes.enumerated() {
            let endsLine =
                byte == UInt8(ascii: "\n")
                || (byte == UInt8(ascii: "\r") && (offset + 1 == bytes.count || bytes[offset + 1] != UInt8(ascii: "\n")))
            if endsLine { starts.append(offset + 1) }
        }
        lineStarts = starts
    }

    /// The mark of a byte offset; an offset after the end is the end.
    package func mark(at offset: Int) -> Mark {
        let offset = min(max(offset, 0), bytes.count)
        let line = lineIndex(of: offset)
        var start = lineStarts[line]
        if start == 0 && bytes.starts(with: Self.byteOrderMark) { start = min(offset, Self.byteOrderMark.count) }
        let scalars = bytes[start..<offset].count { $0 & 0xC0 != 0x80 }
        return Mark(line: line + 1, column: scalars + 1, offset: offset)
    }

    /// The text of a line, counted from 1, without its line end; empty when there is no such line.
    package func line(_ number: Int) -> String {
        guard lineStarts.indices.contains(number - 1) else { return "" }
        let start = lineStarts[number - 1]
        var end = number < lineStarts.count ? lineStarts[number] : bytes.count
        while end > start, bytes[end - 1] == UInt8(ascii: "\n") || bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        let line = bytes[start..<end]
        return String(decoding: start == 0 && line.starts(with: Self.byteOrderMark) ? line.dropFirst(3) : line, as: UTF8.self)
    }

    /// UTF-8's byte order mark, which may open a document and belongs to no column.
    static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private func lineIndex(of offset: Int) -> Int {
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        return low
    }
}
