import Model
import Text

/// Renders the inputs of a step for its action.
struct InputRenderer {
    let renderer: Renderer
    /// Whether a secret value went into what was rendered so far.
    private(set) var sawSecret = false
    /// Bytes of the entry that is being rendered.
    private var size = 0

    init(renderer: Renderer) { self.renderer = renderer }

    /// The entries of the inputs, checked against the form that the action declares.
    mutating func items(of inputs: StepInputs, for action: any Action.Type) throws(Failure) -> [ActionInputs] {
        var items: [ActionInputs] = []
        for fields in inputs.items {
            size = 0
            var rendered = try map(fields, lists: action.inputs.lists)
            // A field that a reference left empty counts as not given, where it must not be empty.
            rendered = rendered.filter { $0.value != .text("") || !action.inputs.isTyped($0.key) }
            try InputCheck.check(rendered, of: action)
            let condition = try inputs.condition?.map { (template) throws(Failure) in try text(template) }
            items.append(ActionInputs(rendered, condition: condition))
        }
        return items
    }

    mutating func text(_ template: TextTemplate) throws(Failure) -> String {
        if let literal = template.literal { return literal }
        let rendered = try renderer.text(template)
        if rendered.isSecret || renderer.state.redactor.occurs(in: rendered.text) { sawSecret = true }
        size += rendered.text.utf8.count
        guard size <= ComponentDocument.Limits.inputs else { throw Renderer.tooLong }
        return rendered.text
    }

    /// One text, or the entries of a list that the only reference in it stands for.
    mutating func texts(_ template: TextTemplate) throws(Failure) -> [String] {
        if let list = try renderer.list(template) { return list }
        return [try text(template)]
    }

    private mutating func map(_ fields: [StepInputs.Field], lists: Set<String>) throws(Failure) -> [String: ActionInputs.Value] {
        var map: [String: ActionInputs.Value] = [:]
        for field in fields { map[field.name] = try value(field.value, isList: lists.contains(field.name)) }
        return map
    }

    private mutating func value(_ value: StepInputs.Value, isList: Bool = false) throws(Failure) -> ActionInputs.Value {
        switch value {
        case .text(let template): return isList ? .list(try texts(template).map { .text($0) }) : .text(try text(template))
        case .map(let fields): return .map(try map(fields, lists: []))
        case .list(let values):
            var entries: [ActionInputs.Value] = []
            for value in values {
                if case .text(let template) = value {
                    entries += try texts(template).map { .text($0) }
                } else {
                    entries.append(try self.value(value))
                }
            }
            return .list(entries)
        }
    }
}

extension InputForm {
    private var fields: [InputField] {
        switch self {
        case .nothing, .condition: []
        case .fields(let fields), .items(let fields): fields
        }
    }

    /// The names of the fields that hold lists of texts.
    fileprivate var lists: Set<String> {
        Set(fields.filter { if case .list = $0.kind { true } else { false } }.map(\.name))
    }

    /// Whether an empty text is no value of the field.
    fileprivate func isTyped(_ name: String) -> Bool {
        switch fields.first(where: { $0.name == name })?.kind {
        case .boolean, .integer, .choice: true
        default: false
        }
    }
}
