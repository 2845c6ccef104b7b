import ImageStore

/// A line of a file of `/etc/pam.d` as it stands there.
package enum PAMLine: Hashable, Sendable {
    case module(PAMEntry)
    /// `@include file`, of all kinds.
    case includeAll(file: String, LinePlace)
    /// `auth include file` or `auth substack file`.
    case include(file: String, PAMEntry.Kind, isSubstack: Bool, LinePlace)
    /// What libpam would refuse, and why.
    case broken(String, LinePlace)

    /// Nil for a comment.
    init?(_ line: LogicalLines.Line) {
        guard line.text.first != "#" else { return nil }
        var words = Self.words(Self.withoutComment(line.text))
        guard let first = words.first else { return nil }
        if first == "@include" {
            self = words.count > 1 ? .includeAll(file: words[1], line.place) : .broken("@include names no file", line.place)
            return
        }
        let mayBeMissing = first.first == "-"
        guard let kind = PAMEntry.Kind(rawValue: (mayBeMissing ? String(first.dropFirst()) : first).lowercased()) else {
            self = .broken("'\(first.prefix(80))' is no kind of module", line.place)
            return
        }
        guard words.count >= 3 else {
            self = .broken("a line has kind, control and module at least", line.place)
            return
        }
        let control = words[1]
        if ["include", "substack"].contains(control.lowercased()) {
            self = .include(file: words[2], kind, isSubstack: control.lowercased() == "substack", line.place)
            return
        }
        guard let parsed = Self.control(control) else {
            self = .broken("'\(control.prefix(80))' is no control", line.place)
            return
        }
        words.removeFirst(2)
        self = .module(
            PAMEntry(
                kind: kind, control: parsed, module: words[0], arguments: Array(words.dropFirst()), mayBeMissing: mayBeMissing,
                place: line.place))
    }

    private static func control(_ text: String) -> PAMEntry.Control? {
        switch text.lowercased() {
        case "required": return .required
        case "requisite": return .requisite
        case "sufficient": return .sufficient
        case "optional": return .optional
        default: break
        }
        guard text.first == "[", text.last == "]" else { return nil }
        var actions: [PAMEntry.Control.Action] = []
        for pair in text.dropFirst().dropLast().split(whereSeparator: \.isWhitespace) {
            let parts = pair.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { return nil }
            actions.append(PAMEntry.Control.Action(answer: String(parts[0]), action: String(parts[1])))
        }
        return .actions(actions)
    }

    private static func withoutComment(_ text: String) -> Substring {
        guard let comment = text.firstIndex(of: "#") else { return text[...] }
        return text[..<comment]
    }

    /// Words between blanks; `[…]` is one word, in which `\]` is a bracket.
    private static func words(_ text: Substring) -> [String] {
        var words: [String] = []
        var word = ""
        var isBracketed = false
        var isEscaped = false
        for character in text {
            if isBracketed {
                if isEscaped && character != "]" { word.append("\\") }
                if character == "\\" && !isEscaped {
                    isEscaped = true
                    continue
                }
                word.append(character)
                if character == "]" && !isEscaped { isBracketed = false }
                isEscaped = false
            } else if character.isWhitespace {
                if !word.isEmpty { words.append(word) }
                word = ""
            } else {
                if character == "[" && word.isEmpty { isBracketed = true }
                word.append(character)
            }
        }
        if !word.isEmpty { words.append(word) }
        return words
    }
}
