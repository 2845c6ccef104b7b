/// Why a text is not a document: what is wrong and where.
package struct YAMLError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong, as one sentence without a full stop.
    package var message: String
    package var mark: Mark
    /// What to write instead, where that is known.
    package var hint: String?

    package init(_ message: String, at mark: Mark, hint: String? = nil) {
        self.message = message
        self.mark = mark
        self.hint = hint
    }

    package var description: String { "\(mark.line):\(mark.column): \(message)" }
}
