/// How many columns text takes on a terminal.
package enum DisplayWidth {
    /// The columns of `text`, which holds no control characters or escape sequences. A character counts 0 (combining), 1 or 2 (East Asian
    /// wide and emoji, after Unicode Annex 11).
    package static func of(_ text: String) -> Int {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
        return text.reduce(0) { $0 + width($1) }
    }

    /// `text` in at most `width` columns, with an ellipsis where something was left out.
    package static func truncate(_ text: String, to width: Int) -> String {
        guard of(text) > width else { return text }
        guard width > 0 else { return "" }
        var used = 1
        var kept = ""
        for character in text {
            used += self.width(character)
            if used > width { break }
            kept.append(character)
        }
        return kept + "…"
    }

    /// `text` filled up with spaces to `width` columns.
    package static func pad(_ text: String, to width: Int, _ alignment: Table.Alignment = .leading) -> String {
        let space = String(repeating: " ", count: max(0, width - of(text)))
        return alignment == .leading ? text + space : space + text
    }

    private static func width(_ character: Character) -> Int {
        guard let scalar = character.unicodeScalars.first else { return 0 }
        if character.unicodeScalars.contains("\u{FE0F}") || isWide(scalar.value) || scalar.properties.isEmojiPresentation {
            return 2
        }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control: return 0
        default: return 1
        }
    }

    /// The blocks of East Asian Width W and F.
    private static func isWide(_ value: UInt32) -> Bool {
        switch value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
            0xA960...0xA97F,
            0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F,
            0x1F900...0x1F9FF,
            0x20000...0x3FFFD:
            true
        default:
            false
        }
    }
}
