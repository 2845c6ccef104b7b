/// Text that comes from elsewhere, made safe to show.
package enum PlainText {
    /// `text` on one line, control characters (escape sequences, line breaks, tabs) as spaces, so that it can neither break a layout nor
    /// steer a terminal.
    package static func oneLine(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
    }
}
