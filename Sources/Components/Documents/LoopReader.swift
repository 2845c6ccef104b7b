import Recipes
import YAML

/// Reads the `loop` of a step.
struct LoopReader {
    let diagnostics: Diagnostics

    private var texts: TextReader { TextReader(diagnostics: diagnostics) }

    func read(_ value: ValueReader) -> StepLoop? {
        guard let fields = value.fields() else { return nil }
        defer { fields.finish() }
        let name = fields.optional("name").flatMap { texts.fixed($0) }
        if let name, !Reference.isName(name) {
            fields.report("the loop's name '\(name)' is not allowed", at: "name", hint: "names have letters, digits, '-' and '_'")
        }
        switch (fields.optional("for"), fields.optional("forEach")) {
        case (let counter?, nil): return self.counter(counter).map { StepLoop(name: name, kind: $0) }
        case (nil, let items?): return self.items(items).map { StepLoop(name: name, kind: $0) }
        case (nil, nil): return value.fail("'loop' has neither 'for' nor 'forEach'")
        case (_?, _?): return value.fail("'loop' has both 'for' and 'forEach'", hint: "a step has one loop")
        }
    }

    private func counter(_ value: ValueReader) -> StepLoop.Kind? {
        guard let fields = value.fields() else { return nil }
        defer { fields.finish() }
        let start = fields.required("start").flatMap { texts.wholeNumber($0) }
        let end = fields.required("end").flatMap { texts.wholeNumber($0) }
        let step = fields.required("updateBy").flatMap { texts.wholeNumber($0) }
        guard let start, let end, let step else { return nil }
        if step == 0 {
            fields.report("'updateBy' is 0, so the loop would never end", at: "updateBy")
            return nil
        }
        if start != end, (start < end) != (step > 0) {
            fields.report("the loop goes from \(start) by \(step) and never comes to \(end)", at: "updateBy")
            return nil
        }
        return .counter(start: start, end: end, step: step)
    }

    private func items(_ value: ValueReader) -> StepLoop.Kind? {
        if let elements = value.node.elements {
            if elements.isEmpty { return value.fail("'forEach' is an empty list") }
            let items = elements.compactMap { element -> TextTemplate? in
                if let text = texts.template(element, loop: .none) { return text }
                diagnostics.report("an item of 'forEach' must be text, this is \(element.kind)", at: element.mark)
                return nil
            }
            return .items(items)
        }
        guard value.node.pairs != nil, let fields = value.fields() else {
            return value.fail("'forEach' must be a list, or a mapping with 'list' and 'delimiter'; this is \(value.node.kind)")
        }
        defer { fields.finish() }
        let delimiter = fields.optional("delimiter").map { self.delimiter($0) } ?? ","
        guard let list = fields.required("list"), let delimiter else { return nil }
        guard let text = texts.template(list.node, loop: .none) else {
            return list.fail("'list' must be text, this is \(list.node.kind)")
        }
        return .delimited(text, delimiter: delimiter)
    }

    private func delimiter(_ value: ValueReader) -> Character? {
        // Without double quotes YAML gives a backslash and a letter.
        let written = ["\\n": "\n", "\\t": "\t"]
        guard let text = value.node.text.map({ written[$0] ?? $0 }), text.count == 1, let character = text.first,
            ".,;:\n\t -_".contains(character)
        else {
            return value.fail(
                "'delimiter' must be one of . , ; : \\n \\t blank - _, this is \(value.node.text.map { "'\($0)'" } ?? value.node.kind)"
            )
        }
        return character
    }
}
