import YAML

/// One error of a document.
package struct Diagnostic: Hashable, Sendable {
    /// As the user named it.
    package var file: String
    package var mark: Mark
    /// What is wrong, as one sentence without a full stop.
    package var message: String
    /// What to do about it.
    package var hint: String?

    package init(file: String, mark: Mark, message: String, hint: String? = nil) {
        self.file = file
        self.mark = mark
        self.message = message
        self.hint = hint
    }
}

extension Diagnostic {
    /// `file:line:column: error: message`, the line of the document, a caret under the column, and the hint.
    package func rendered(in source: SourceText) -> String {
        var text = "\(file):\(mark.line):\(mark.column): error: \(message)"
        let excerpt = Self.excerpt(source.line(mark.line), column: mark.column)
        if !excerpt.line.isEmpty { text += "\n\(excerpt.line)\n\(excerpt.caret)" }
        if let hint { text += "\nhint: \(hint)" }
        return text
    }

    /// The width that is shown of a longer line, in scalars.
    private static let width = 120

    /// The line, or the part of a long one that holds the column, and the line with the caret below. Tabs stay tabs in both, so that
    /// the caret stands right at any tab width.
    private static func excerpt(_ line: String, column: Int) -> (line: String, caret: String) {
        let scalars = Array(line.unicodeScalars)
        let first = scalars.count <= width ? 0 : min(max(0, column - 1 - width / 2), scalars.count - width)
        let last = min(scalars.count, first + width)
        var shown = String.UnicodeScalarView()
        var caret = String.UnicodeScalarView()
        for (index, scalar) in scalars[first..<last].enumerated() {
            shown.append(scalar == "\t" || scalar.properties.generalCategory != .control ? scalar : "\u{FFFD}")
            if first + index < column - 1 { caret.append(contentsOf: blank(for: scalar).unicodeScalars) }
        }
        let left = first > 0 ? "…" : ""
        return (left + String(shown) + (last < scalars.count ? "…" : ""), (first > 0 ? " " : "") + String(caret) + "^")
    }

    /// What is as wide as a scalar on a terminal. Hangul, kana and ideographs take two columns.
    private static func blank(for scalar: Unicode.Scalar) -> String {
        switch scalar.value {
        case 0x09: "\t"
        case 0x0300...0x036F: ""
        case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFF00...0xFF60, 0x1F300...0x1FAFF: "  "
        default: " "
        }
    }
}
