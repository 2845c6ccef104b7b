/// Prose in lines of limited width.
enum TextWrap {
    /// The words of `text` in lines of at most `width` columns, each after `indent` spaces. A word that is too long stands alone.
    static func wrap(_ text: String, width: Int, indent: Int = 0) -> [String] {
        let margin = String(repeating: " ", count: indent)
        var lines: [String] = []
        var line = ""
        for word in text.split(whereSeparator: \.isWhitespace) {
            if line.isEmpty {
                line = String(word)
            } else if indent + DisplayWidth.of(line) + 1 + DisplayWidth.of(String(word)) <= width {
                line += " " + word
            } else {
                lines.append(margin + line)
                line = String(word)
            }
        }
        if !line.isEmpty { lines.append(margin + line) }
        return lines
    }

    /// Paragraphs separated by empty lines; a line that starts with a space is kept as it is.
    static func paragraphs(_ text: String, width: Int) -> [String] {
        var lines: [String] = []
        var prose: [Substring] = []
        func flush() {
            lines += wrap(prose.joined(separator: " "), width: width)
            prose = []
        }
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.isEmpty || line.first == " " {
                flush()
                lines.append(String(line))
            } else {
                prose.append(line)
            }
        }
        flush()
        return lines
    }

    /// A term and its description: the description starts in column `column`, or on the next line where the term is too long.
    static func entry(_ term: String, _ description: String, column: Int, width: Int) -> [String] {
        let lead = "  " + term
        var lines = wrap(description, width: max(width, column + 24), indent: column)
        guard let first = lines.first else { return [lead] }
        guard DisplayWidth.of(lead) + 2 <= column else { return [lead] + lines }
        lines[0] = DisplayWidth.pad(lead, to: column) + first.dropFirst(column)
        return lines
    }
}
