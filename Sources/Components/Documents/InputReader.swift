import Recipes
import YAML

/// Reads the `inputs` of a step in the form that its action declares. Texts with references in them are checked when they are rendered.
struct InputReader {
    let action: any Action.Type
    let scope: LoopScope
    let diagnostics: Diagnostics

    private var texts: TextReader { TextReader(diagnostics: diagnostics) }

    /// Nil only after something was reported. `step` is told when the inputs are missing.
    func read(_ inputs: ValueReader?, of step: FieldReader) -> StepInputs? {
        let given = inputs.flatMap {
            $0.node.isNull || $0.node.pairs?.isEmpty == true || $0.node.elements?.isEmpty == true ? nil : $0
        }
        switch action.inputs {
        case .nothing:
            if let given { return given.fail("\(action.name) takes no inputs") }
            return StepInputs(items: [[]])
        case .condition:
            guard let given else { return missing(step) }
            return ConditionReader(diagnostics: diagnostics, scope: scope).condition(given).map {
                StepInputs(items: [[]], condition: $0)
            }
        case .fields(let fields):
            guard let given else { return fields.contains(where: \.isRequired) ? missing(step) : StepInputs(items: [[]]) }
            if given.node.elements != nil {
                return given.fail("the inputs of \(action.name) are a mapping, this is a list", hint: "leave the '- ' out")
            }
            return item(given, fields).map { StepInputs(items: [$0]) }
        case .items(let fields):
            guard let given else { return missing(step) }
            let entries = given.node.elements.map { $0.map { ValueReader($0, "an entry of 'inputs'", diagnostics) } } ?? [given]
            let items = entries.compactMap { item($0, fields) }
            return items.count == entries.count ? StepInputs(items: items) : nil
        }
    }

    private func missing(_ step: FieldReader) -> StepInputs? {
        step.report("the step has no 'inputs', which \(action.name) needs", at: "action")
        return nil
    }

    // MARK: Items

    private func item(_ value: ValueReader, _ fields: [InputField]) -> [StepInputs.Field]? {
        guard let read = record(value, fields) else { return nil }
        for rule in action.inputRules { check(rule, read, value) }
        return read
    }

    private func record(_ value: ValueReader, _ fields: [InputField]) -> [StepInputs.Field]? {
        guard let reader = value.fields() else { return nil }
        var read: [StepInputs.Field] = []
        for field in fields {
            let found = reader.optional(field.name)
            guard let found, !found.node.isNull else {
                if field.isRequired { reader.report("\(action.name) needs '\(field.name)'", at: field.name) }
                continue
            }
            if let fieldValue = self.value(found, field.kind) {
                read.append(StepInputs.Field(name: field.name, value: fieldValue))
            }
        }
        reader.finish()
        return read
    }

    private func value(_ value: ValueReader, _ kind: InputField.Kind) -> StepInputs.Value? {
        switch kind {
        case .text, .boolean, .integer, .choice: return scalar(value, kind)
        case .list: return list(value)
        case .textOrList: return value.node.elements == nil ? scalar(value, .text) : list(value)
        case .map: return map(value)
        case .records(let fields):
            return value.list().map { .list($0.compactMap { entry in record(entry, fields).map { .map($0) } }) }
        }
    }

    private func scalar(_ value: ValueReader, _ kind: InputField.Kind) -> StepInputs.Value? {
        guard let template = texts.template(value.node, loop: scope) else {
            return value.fail("\(value.name) must be text, this is \(value.node.kind)")
        }
        if let text = template.literal, let problem = InputCheck.problem(text, kind) {
            return value.fail("\(value.name) must be \(problem), this is '\(text)'")
        }
        return .text(template)
    }

    /// A list of texts, or one reference to a parameter that holds a list.
    private func list(_ value: ValueReader) -> StepInputs.Value? {
        if let template = texts.template(value.node, loop: scope) {
            guard template.onlyReference?.isStored == true else {
                return value.fail("\(value.name) must be a list, this is \(value.node.kind)", hint: "begin each entry with '- '")
            }
            return .text(template)
        }
        return value.list().map { entries in
            .list(
                entries.compactMap { entry -> StepInputs.Value? in
                    guard let template = texts.template(entry.node, loop: scope) else {
                        return entry.fail("\(entry.name) must be text, this is \(entry.node.kind)")
                    }
                    return .text(template)
                })
        }
    }

    private func map(_ value: ValueReader) -> StepInputs.Value? {
        value.entries().map { entries in
            .map(
                entries.compactMap { key, value -> StepInputs.Field? in
                    guard let name = key.node.text, let template = texts.template(value.node, loop: scope) else {
                        return value.fail("\(value.name) must be text, this is \(value.node.kind)")
                    }
                    return StepInputs.Field(name: name, value: .text(template))
                })
        }
    }

    // MARK: Rules

    private func check(_ rule: InputRule, _ fields: [StepInputs.Field], _ value: ValueReader) {
        let given = fields.map { field -> (String, [String]) in
            if case .map(let entries) = field.value { (field.name, entries.map(\.name)) } else { (field.name, []) }
        }
        let defect = rule.defect(in: Dictionary(given, uniquingKeysWith: { first, _ in first }))
        if let defect { value.report("\(action.name): \(defect)") }
    }
}

extension Reference {
    /// Whether it is to a Systems Manager parameter, which may hold a list.
    var isStored: Bool {
        switch self {
        case .stored, .storedUnder: true
        default: false
        }
    }
}
