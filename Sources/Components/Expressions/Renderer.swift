import Model

/// Replaces references by values.
struct Renderer {
    let state: RunState
    /// Parameters and constants of the document.
    let variables: [String: ParameterValue]
    /// What steps that ran left, by `phase.step`.
    let steps: [String: StepMemory]
    /// Where the step's loop is.
    var iteration: LoopIteration?

    /// A text whose references are replaced.
    struct Text {
        var text: String
        var isSecret: Bool
    }

    func text(_ template: TextTemplate) throws(Failure) -> Text {
        var result = Text(text: "", isSecret: false)
        for segment in template.segments {
            switch segment {
            case .text(let text): result.text += text
            case .reference(let reference, let written):
                let value = try value(of: reference, written)
                result.text += value.text
                result.isSecret = result.isSecret || value.isSecret
                guard result.text.utf8.count <= ComponentDocument.Limits.inputs else { throw Self.tooLong }
            }
        }
        return result
    }

    /// Names no text: what is too long to be used is too long to be shown.
    static var tooLong: Failure {
        Failure(
            .invalid, "the inputs have more than \(ComponentDocument.Limits.inputs) bytes once their references are replaced",
            hint: "write long texts to a file, and refer to its path")
    }

    /// The entries, where the text is nothing but one reference to a parameter that holds a list.
    func list(_ template: TextTemplate) throws(Failure) -> [String]? {
        guard let reference = template.onlyReference, reference.isStored, case .list(let values) = try stored(reference).value
        else {
            return nil
        }
        for value in values { try checkLine(value, template.source) }
        return values
    }

    // MARK: References

    private func value(of reference: Reference, _ written: String) throws(Failure) -> Text {
        switch reference {
        case .variable(let name):
            let value = try variable(name)
            return Text(text: value.text, isSecret: value.isSecret)
        case .chained(let chained): return try self.chained(chained, written)
        case .loopIndex: return Text(text: try String(loop(written).index), isSecret: false)
        case .loopValue: return try Text(text: loop(written).value, isSecret: loop(written).isSecret)
        case .stored, .storedUnder:
            switch try stored(reference).value {
            case .string(let text): return Text(text: try checkLine(text, written), isSecret: false)
            case .list(let texts): return Text(text: try checkLine(texts.joined(separator: ","), written), isSecret: false)
            case .secure(let text): return Text(text: try checkLine(text, written), isSecret: true)
            }
        }
    }

    private func variable(_ name: String) throws(Failure) -> ParameterValue {
        guard let value = variables[name] else { throw Failure(.invalid, "'\(name)' is neither a parameter nor a constant") }
        return value
    }

    private func loop(_ written: String) throws(Failure) -> LoopIteration {
        guard let iteration else { throw Failure(.invalid, "\(written) stands outside of a loop") }
        return iteration
    }

    private func stored(_ reference: Reference) throws(Failure) -> StoredParameter {
        switch reference {
        case .stored(let name): return try state.storedParameter(name)
        case .storedUnder(let variable):
            return try state.storedParameter(try self.variable(variable).text.storedName)
        default: throw Failure(.bug, "a reference that names no Systems Manager parameter was looked up there")
        }
    }

    @discardableResult
    private func checkLine(_ text: String, _ written: String) throws(Failure) -> String {
        if text.unicodeScalars.contains(where: { $0 == "\n" || $0 == "\r" }) {
            throw Failure(
                .invalid, "the value of \(written) has several lines", hint: "a parameter that a document refers to has one line")
        }
        return text
    }

    private func chained(_ reference: ChainedReference, _ written: String) throws(Failure) -> Text {
        guard let memory = steps[reference.step] else {
            throw Failure(.failed, "\(written) has no value: the step '\(reference.step)' was not run with success")
        }
        let item = reference.item ?? 0
        switch reference.side {
        case .outputs:
            let text = memory.outputs.indices.contains(item) ? memory.outputs[item][reference.name] : ""
            guard let text else { throw Failure(.failed, "\(written) has no value: the step gave no such output") }
            return Text(text: text, isSecret: memory.isSecret)
        case .inputs:
            guard memory.inputs.indices.contains(item), case .text(let text)? = memory.inputs[item][reference.name] else {
                throw Failure(.invalid, "\(written) has no value: the input is not given, or is not a text")
            }
            return Text(text: text, isSecret: memory.isSecret)
        }
    }
}

/// What a step that succeeded leaves for later ones, by entry of its inputs.
struct StepMemory: Sendable, Codable, Hashable {
    var inputs: [[String: ActionInputs.Value]]
    var outputs: [[String: String]]
    /// Whether a secret value went in.
    var isSecret: Bool
}

/// Where a loop is.
struct LoopIteration {
    /// From 0.
    var index: Int
    var value: String
    var isSecret: Bool
}
