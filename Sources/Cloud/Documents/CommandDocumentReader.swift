import Model

/// Reads documents of the type Command. What Run Command would not carry out is refused: `InvalidDocumentContent`.
package enum CommandDocumentReader {
    /// Bytes of a document, as AWS bounds them.
    package static let maximumSize = 64 << 10
    private static let mostSteps = 100
    private static let mostParameters = 200
    private static let plugin = "aws:runShellScript"
    private static let schemas = ["2.0", "2.2"]

    package static func read(_ value: JSONValue) throws(Failure) -> CommandDocument {
        let members = try object(value, "the document", ["schemaVersion", "description", "parameters", "mainSteps"])
        let schema = DocumentValues.text(members["schemaVersion"] ?? .null)
        guard schemas.contains(schema) else {
            throw Failure(
                PlaneError(.invalidDocumentSchemaVersion, "The version of the document schema isn't supported: 2.2 and 2.0 are."))
        }
        var parameters: [CommandDocument.Parameter] = []
        if let given = members["parameters"], given != .null {
            guard let object = given.object, object.count <= mostParameters else {
                throw invalid("parameters is no object of at most \(mostParameters) members")
            }
            for (name, value) in object.sorted(by: { $0.key < $1.key }) { parameters.append(try parameter(name, value)) }
        }
        guard let steps = members["mainSteps"]?.array, 1...mostSteps ~= steps.count else {
            throw invalid("mainSteps is no list of 1 to \(mostSteps) steps")
        }
        var read: [CommandDocument.Step] = []
        for value in steps {
            let step = try step(value)
            guard !read.contains(where: { $0.name == step.name }) else { throw invalid("two steps have the name \(step.name)") }
            read.append(step)
        }
        let document = CommandDocument(
            schema: schema, description: try text(members["description"], "description"), parameters: parameters, steps: read)
        try DocumentValues.checkReferences(of: document)
        return document
    }

    static func invalid(_ reason: String) -> Failure {
        Failure(
            PlaneError(.invalidDocumentContent, "The content for the document is not valid."), hint: reason
        ).answered(.invalidDocumentContent, "The content for the document is not valid: \(reason.prefix(300)).")
    }

    // MARK: Parameters

    private static func parameter(_ name: String, _ value: JSONValue) throws(Failure) -> CommandDocument.Parameter {
        let what = "the parameter \(name.prefix(60))"
        guard isName(name) else { throw invalid("\(what) has no name of letters, digits and _") }
        let members = try object(
            value, what,
            [
                "type", "description", "default", "allowedValues", "allowedPattern", "displayType", "minItems", "maxItems",
                "minChars", "maxChars",
            ])
        guard let kind = members["type"]?.string.flatMap(CommandDocument.Kind.init(rawValue:)) else {
            throw invalid(
                "\(what) has none of the types \(CommandDocument.Kind.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        let usual = members["default"].flatMap { $0 == .null ? nil : $0 }
        if let usual, !kind.holds(usual) { throw invalid("the default of \(what) is no \(kind.rawValue)") }
        let allowed = members["allowedValues"]?.array ?? []
        guard members["allowedValues"].map({ $0.array != nil || $0 == .null }) ?? true else {
            throw invalid("allowedValues of \(what) is no list")
        }
        return CommandDocument.Parameter(
            name: name, kind: kind, description: try text(members["description"], "the description of \(what)"), usual: usual,
            allowedValues: allowed, allowedPattern: try text(members["allowedPattern"], "allowedPattern of \(what)"),
            items: try bounds(members["minItems"], members["maxItems"], what),
            characters: try bounds(members["minChars"], members["maxChars"], what))
    }

    private static func isName(_ name: String) -> Bool {
        1...128 ~= name.utf8.count && name.utf8.allSatisfy { $0 == UInt8(ascii: "_") || isLetterOrDigit($0) }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }

    private static func bounds(_ low: JSONValue?, _ high: JSONValue?, _ what: String) throws(Failure) -> ClosedRange<Int> {
        let least = try number(low, what) ?? 0
        let most = try number(high, what) ?? Int.max
        guard 0 <= least, least <= most else { throw invalid("\(what) has bounds that nothing can meet") }
        return least...most
    }

    private static func number(_ value: JSONValue?, _ what: String) throws(Failure) -> Int? {
        switch value {
        case nil, .null?: return nil
        case .number(let text)?, .string(let text)?:
            if let number = Int(text) { return number }
        default: break
        }
        throw invalid("a bound of \(what) is no integer")
    }

    // MARK: Steps

    private static func step(_ value: JSONValue) throws(Failure) -> CommandDocument.Step {
        let members = try object(value, "a step", ["action", "name", "precondition", "inputs"])
        guard let name = members["name"]?.string, 1...128 ~= name.utf8.count, let action = members["action"]?.string else {
            throw invalid("a step has no name or no action")
        }
        let isForLinux = try isForLinux(members["precondition"], name)
        guard action == plugin || !isForLinux else {
            throw invalid("the step \(name) has the plugin \(action.prefix(60)), and \(plugin) alone is supported here")
        }
        let inputs = try object(
            members["inputs"] ?? .object([:]), "inputs of the step \(name)",
            ["runCommand", "workingDirectory", "timeoutSeconds", "onFailure", "onSuccess", "finallyStep"])
        let lines = inputs["runCommand"] ?? .null
        let isScript = lines.string != nil || lines.array?.allSatisfy { $0.string != nil } ?? false
        guard isScript else { throw invalid("runCommand of the step \(name) is neither a text nor a list of texts") }
        return CommandDocument.Step(
            name: name, isForLinux: isForLinux, lines: lines, folder: inputs["workingDirectory"] ?? .null,
            timeout: inputs["timeoutSeconds"] ?? .null, flow: try flow(inputs, name))
    }

    private static func isForLinux(_ precondition: JSONValue?, _ step: String) throws(Failure) -> Bool {
        guard let precondition, precondition != .null else { return true }
        guard precondition.object?.count == 1, let words = precondition["StringEquals"]?.array?.compactMap(\.string),
            words.count == 2, words.contains("platformType"), let platform = words.first(where: { $0 != "platformType" }),
            ["Linux", "MacOS", "Windows"].contains(platform)
        else { throw invalid("the precondition of the step \(step) is not of the kind StringEquals: [platformType, Linux]") }
        return platform == "Linux"
    }

    private static func flow(_ inputs: [String: JSONValue], _ step: String) throws(Failure) -> StepFlow {
        var flow = StepFlow()
        if let word = inputs["onFailure"]?.string {
            flow.onFailure = StepFlow.OnFailure(rawValue: word)
            guard flow.onFailure != nil else { throw invalid("onFailure of the step \(step) is neither exit nor successAndExit") }
        }
        if let word = inputs["onSuccess"]?.string {
            guard word == "exit" else { throw invalid("onSuccess of the step \(step) is not exit") }
            flow.endsOnSuccess = true
        }
        switch inputs["finallyStep"] {
        case nil, .boolean(false)?: break
        case .boolean(true)?: flow.isFinal = true
        default: throw invalid("finallyStep of the step \(step) is neither true nor false")
        }
        return flow
    }

    // MARK: Members

    private static func object(
        _ value: JSONValue, _ what: String, _ known: [String]
    ) throws(Failure) -> [String: JSONValue] {
        guard let members = value.object else { throw invalid("\(what) is no object") }
        if let unknown = members.keys.sorted().first(where: { !known.contains($0) }) {
            throw invalid("\(what) has the unknown member \(unknown.prefix(60))")
        }
        return members
    }

    private static func text(_ value: JSONValue?, _ what: String) throws(Failure) -> String {
        switch value {
        case nil, .null?: return ""
        case .string(let text)?: return text
        default: throw invalid("\(what) is no text")
        }
    }
}

extension CommandDocument.Kind {
    /// Whether a value is of this type.
    func holds(_ value: JSONValue) -> Bool {
        switch (self, value) {
        case (.string, .string), (.boolean, .boolean), (.map, .object): true
        case (.integer, .number(let text)): Int(text) != nil
        case (.list, .array(let elements)): elements.allSatisfy { $0.string != nil }
        case (.maps, .array(let elements)): elements.allSatisfy { $0.object != nil }
        default: false
        }
    }
}
