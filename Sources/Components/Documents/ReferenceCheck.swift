import Recipes
import Text
import YAML

/// Checks what references of a document name: parameters, constants, and steps that ran before.
struct ReferenceCheck {
    let document: ComponentDocument
    let diagnostics: Diagnostics
    private let variables: Set<String>
    private let steps: [String: (position: Int, step: ComponentStep)]

    init(document: ComponentDocument, diagnostics: Diagnostics) {
        self.document = document
        self.diagnostics = diagnostics
        variables = Set(document.parameters.map(\.name) + document.constants.map(\.name))
        var steps: [String: (position: Int, step: ComponentStep)] = [:]
        for phase in document.phases {
            for step in phase.steps { steps["\(phase.name).\(step.name)"] = (steps.count, step) }
        }
        self.steps = steps
    }

    func check() {
        for phase in document.phases {
            for step in phase.steps {
                let position = steps["\(phase.name).\(step.name)"]?.position ?? 0
                for template in step.templates {
                    for (reference, written) in template.references { check(reference, written, in: template, at: position) }
                }
            }
        }
    }

    private func check(_ reference: Reference, _ written: String, in template: TextTemplate, at position: Int) {
        func report(_ message: String, hint: String? = nil) {
            let mark = TextReader(diagnostics: diagnostics).place(of: written, after: template.mark)
            diagnostics.report(message, at: mark, hint: hint)
        }
        switch reference {
        case .loopIndex, .loopValue, .stored: return
        case .variable(let name), .storedUnder(let name):
            guard !variables.contains(name) else { return }
            report(
                "'\(name)' is neither a parameter nor a constant of the document",
                hint: Suggestion.hint(for: name, among: variables.sorted()))
        case .chained(let reference): check(reference, at: position, report)
        }
    }

    private func check(_ reference: ChainedReference, at position: Int, _ report: (String, String?) -> Void) {
        guard let (target, step) = steps[reference.step] else {
            let hint =
                Suggestion.hint(for: reference.step, among: steps.keys.sorted()) ?? "write phase.step as the document names them"
            return report("the document has no step '\(reference.step)'", hint)
        }
        if target == position { return report("'\(reference.step)' is the step itself", nil) }
        if target > position {
            return report("'\(reference.step)' runs later than this step", "a step can refer to steps before it only")
        }
        checkItem(reference, step, report)
        switch reference.side {
        case .outputs:
            guard !step.action.outputs.contains(reference.name) else { return }
            let hint =
                step.action.outputs.isEmpty
                ? "\(step.action.name) has no outputs" : Suggestion.hint(for: reference.name, among: step.action.outputs)
            report("\(step.action.name) has no output '\(reference.name)'", hint)
        case .inputs:
            let item = reference.item ?? 0
            guard step.inputs.items.indices.contains(item) else { return }
            let names = step.inputs.items[item].map(\.name)
            guard !names.contains(reference.name) else { return }
            report(
                "the step '\(reference.step)' has no input '\(reference.name)'",
                Suggestion.hint(for: reference.name, among: names))
        }
    }

    /// `[n]` stands where the inputs are a list, and nowhere else.
    private func checkItem(_ reference: ChainedReference, _ step: ComponentStep, _ report: (String, String?) -> Void) {
        let side = reference.side.rawValue
        guard case .items = step.action.inputs else {
            if reference.item != nil {
                report("the inputs of \(step.action.name) are no list", "write \(reference.step).\(side).\(reference.name)")
            }
            return
        }
        let count = step.inputs.items.count
        if let item = reference.item {
            if item >= count {
                report("the step '\(reference.step)' has \(count) inputs, so there is no [\(item)]", "the first one is [0]")
            }
        } else if count > 1 {
            report(
                "the step '\(reference.step)' has \(count) inputs, and the reference does not say which",
                "write \(reference.step).\(side)[0].\(reference.name)")
        }
    }
}

extension ComponentStep {
    /// All texts in which references are replaced.
    package var templates: [TextTemplate] {
        var templates = inputs.templates + (condition?.condition.operands ?? [])
        switch loop?.kind {
        case .items(let items): templates += items
        case .delimited(let list, _): templates.append(list)
        case .counter, nil: break
        }
        return templates
    }
}
