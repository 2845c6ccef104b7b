import YAML

/// A text of a document with references in it: `dnf -y install {{ Package }}`.
package struct TextTemplate: Hashable, Sendable {
    package enum Segment: Hashable, Sendable {
        case text(String)
        /// The reference, and how the document writes it between the braces.
        case reference(Reference, written: String)
    }

    package let segments: [Segment]
    /// As the document writes it.
    package let source: String
    /// Where the text starts in its document.
    package let mark: Mark

    package init(_ segments: [Segment], source: String, at mark: Mark) {
        self.segments = segments
        self.source = source
        self.mark = mark
    }

    /// A text that is taken as it is.
    package init(literal text: String, at mark: Mark = .start) { self.init([.text(text)], source: text, at: mark) }

    /// With each reference's written form.
    package var references: [(reference: Reference, written: String)] {
        segments.compactMap { if case .reference(let reference, let written) = $0 { (reference, written) } else { nil } }
    }

    /// The text, where there is no reference in it.
    package var literal: String? {
        if segments.isEmpty { return "" }
        guard segments.count == 1, case .text(let text) = segments[0] else { return nil }
        return text
    }

    /// The reference that is the whole text, but for blanks.
    package var onlyReference: Reference? {
        guard references.count == 1 else { return nil }
        let others = segments.allSatisfy { if case .text(let text) = $0 { text.allSatisfy(\.isWhitespace) } else { true } }
        return others ? references[0].reference : nil
    }
}

extension TextTemplate {
    /// A reference that is wrong in itself, whatever the document holds.
    package struct Problem {
        /// With its braces, as the document writes it.
        package var written: String
        package var message: String
        package var hint: String?
    }

    /// Splits a text at `{{` and `}}`. What stands in braces and is shaped like no reference is text, as in a Go template that a
    /// command has as its argument; what is shaped like one and is none is a problem.
    package static func parse(_ text: String, at mark: Mark, loop: LoopScope, report: (Problem) -> Void) -> TextTemplate {
        var segments: [Segment] = []
        var literal = ""
        var rest = text[...]
        while let open = rest.firstRange(of: "{{"), let close = rest[open.upperBound...].firstRange(of: "}}") {
            let content = String(rest[open.upperBound..<close.lowerBound])
            let written = String(rest[open.lowerBound..<close.upperBound])
            literal += rest[..<open.lowerBound]
            switch Reference.parse(content, loop: loop) {
            case .literal: literal += written
            case .reference(let reference):
                if !literal.isEmpty { segments.append(.text(literal)) }
                literal = ""
                segments.append(.reference(reference, written: written))
            case .invalid(let message, let hint): report(Problem(written: written, message: message, hint: hint))
            }
            rest = rest[close.upperBound...]
        }
        literal += rest
        if !literal.isEmpty || segments.isEmpty { segments.append(.text(literal)) }
        return TextTemplate(segments, source: text, at: mark)
    }
}
