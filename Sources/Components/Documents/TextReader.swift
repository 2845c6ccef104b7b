import Recipes
import YAML

/// Reads texts of a document: those that may have references in them, and those that may not.
struct TextReader {
    let diagnostics: Diagnostics

    /// A text in which references are replaced when the step runs.
    func template(_ node: Node, loop: LoopScope) -> TextTemplate? {
        guard let text = node.text else { return nil }
        return TextTemplate.parse(text, at: node.mark, loop: loop) { problem in
            diagnostics.report(problem.message, at: place(of: problem.written, after: node.mark), hint: problem.hint)
        }
    }

    /// A text that is taken as it is written; references are refused.
    func fixed(_ value: ValueReader) -> String? {
        guard let text = value.string() else { return nil }
        return refuseReferences(value) ? text : nil
    }

    /// Reports references, and says whether there were none.
    func refuseReferences(_ value: ValueReader) -> Bool {
        guard let template = template(value.node, loop: .none), let first = template.references.first else { return true }
        diagnostics.report(
            "\(value.name) cannot have the reference \(first.written)", at: place(of: first.written, after: value.mark),
            hint: "references are replaced in 'inputs', in the operands of 'if', and in the items of a loop")
        return false
    }

    /// A whole number, quoted or not.
    func wholeNumber(_ value: ValueReader) -> Int? {
        guard let text = fixed(value) else { return nil }
        return Int(text) ?? value.fail("\(value.name) must be a whole number, this is '\(text)'")
    }

    /// Where a piece of a text stands: its first occurrence after the start of the text.
    func place(of written: String, after mark: Mark) -> Mark {
        let bytes = diagnostics.source.bytes
        let wanted = Array(written.utf8)
        guard let first = wanted.first, mark.offset < bytes.count else { return mark }
        var offset = mark.offset
        while offset + wanted.count <= bytes.count {
            if bytes[offset] == first, bytes[offset..<offset + wanted.count].elementsEqual(wanted) {
                return diagnostics.source.mark(at: offset)
            }
            offset += 1
        }
        return mark
    }
}

extension ValueReader {
    /// The same value under another name in messages.
    func named(_ name: String) -> ValueReader { ValueReader(node, name, diagnostics) }
}
