/// The few styles that output uses.
package enum Style: String, Sendable, CaseIterable {
    case bold = "1"
    case dim = "2"
    case red = "31"
    case green = "32"
}

extension Terminal {
    /// `text` in the style, or unchanged where styles are not wanted.
    package func styled(_ text: String, _ style: Style) -> String {
        isStyled && !text.isEmpty ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }
}
