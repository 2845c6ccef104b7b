import ImageStore
import Model

/// A file of lines as bytes. What is not changed is written back as it was: line ends, a missing last one, bytes that are no UTF-8.
package struct LineFile: Hashable, Sendable {
    /// Without their line feeds.
    package var lines: [[UInt8]]
    private var endsWithLineFeed: Bool

    package init(_ bytes: [UInt8]) {
        lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map { Array($0) }
        endsWithLineFeed = lines.last == []
        if endsWithLineFeed { lines.removeLast() }
    }

    /// The lines of the file that a path means; none where there is no file.
    init(_ path: TreePath, in guest: any TreeView) throws(Failure) {
        self.init(try guest.exists(path) ? try guest.read(path) ?? [] : [])
    }

    package var bytes: [UInt8] {
        var bytes = Array(lines.joined(separator: [0x0A]))
        if endsWithLineFeed && !lines.isEmpty { bytes.append(0x0A) }
        return bytes
    }

    /// Writes the lines; a new file gets `mode`, and the folders above it are made.
    func write(to path: TreePath, in guest: TreeEditor, mode: UInt16 = 0o644) throws(Failure) {
        if try guest.exists(path) { return try guest.write(bytes, to: path) }
        try guest.makeDirectory(path.parent)
        try guest.write(bytes, to: path, metadata: Metadata(mode: mode, modified: guest.date))
    }
}

// MARK: - Lines as text

extension LineFile {
    var indices: Range<Int> { lines.indices }

    /// The line as text for parsing, without blanks at its ends and a carriage return.
    func text(_ index: Int) -> String { trimmed(String(decoding: lines[index], as: UTF8.self)) }

    /// The words of a line; none of a comment.
    func words(_ index: Int, comment: Character = "#") -> [String] {
        let text = text(index)
        if text.first == comment { return [] }
        return text.split(whereSeparator: \.isWhitespace).map(String.init)
    }

    mutating func replace(_ index: Int, with text: String) { lines[index] = Array(text.utf8) }

    mutating func append(_ text: String) {
        lines.append(Array(text.utf8))
        endsWithLineFeed = true
    }

    mutating func insert(_ text: String, at index: Int) { lines.insert(Array(text.utf8), at: index) }

    /// Makes a line a comment.
    mutating func disable(_ index: Int) { lines[index] = Array("# ".utf8) + lines[index] }

    /// Makes a line of a file a comment.
    static func disable(_ index: Int, of path: TreePath, in guest: TreeEditor) throws(Failure) {
        var file = try LineFile(path, in: guest)
        file.disable(index)
        try file.write(to: path, in: guest)
    }
}

/// Without whitespace at either end.
func trimmed(_ text: some StringProtocol) -> String {
    let text = String(text)
    // Whether a character is whitespace is costly to ask; a text that begins and ends in ASCII does not need it.
    let bytes = text.utf8
    if let first = bytes.firstIndex(where: { !isBlank($0) }), let last = bytes.lastIndex(where: { !isBlank($0) }),
        bytes[first] < 0x80, bytes[last] < 0x80
    {
        return first == bytes.startIndex && bytes.index(after: last) == bytes.endIndex ? text : String(text[first...last])
    }
    let start = text.drop(while: \.isWhitespace)
    guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(start[...last])
}

private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || 0x09...0x0D ~= byte }
