import Model

/// Whether a text is what a field must hold; the same for documents and for what references were rendered to.
enum InputCheck {
    /// What the text should be, where it is not: `a whole number`.
    static func problem(_ text: String, _ kind: InputField.Kind) -> String? {
        switch kind {
        case .text, .list, .textOrList, .map, .records: return nil
        case .boolean: return ["true", "false"].contains(text.lowercased()) ? nil : "true or false"
        case .integer(let range):
            if let number = Int(text), range.contains(number) { return nil }
            return range.upperBound == .max
                ? "a whole number of at least \(range.lowerBound)"
                : "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .choice(let choices):
            if choices.contains(where: { $0.lowercased() == text.lowercased() }) { return nil }
            return "one of \(choices.joined(separator: ", "))"
        }
    }

    /// Checks the rendered fields of one item.
    static func check(_ fields: [String: ActionInputs.Value], of action: any Action.Type) throws(Failure) {
        switch action.inputs {
        case .nothing, .condition: return
        case .fields(let forms), .items(let forms):
            for form in forms {
                guard case .text(let text)? = fields[form.name], let problem = problem(text, form.kind) else { continue }
                throw Failure(.invalid, "the input '\(form.name)' of \(action.name) must be \(problem), this is '\(text)'")
            }
        }
    }
}
