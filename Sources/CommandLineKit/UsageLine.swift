/// The synopsis of a command, computed from its declaration.
extension Grammar {
    /// `ingot copy [options] <image> --to <region>...`: what is required is spelled out, the rest is in brackets.
    func usageLine(_ path: [String], _ specification: Specification) -> String {
        var words = [spelled(path)]
        if specification.isGroup { return (words + ["<command>", "[options]"]).joined(separator: " ") }
        let options = specification.options.filter { !$0.isHidden }
        let required = options.filter { $0.minimum > 0 }
        words += specification.arguments.map(\.synopsis)
        words += required.map(\.synopsis)
        let others = options.filter { $0.minimum == 0 }
        words += others.count <= Self.spelledOptions ? others.map { "[\($0.synopsis)]" } : ["[options]"]
        return words.joined(separator: " ")
    }

    /// More optional options than these stand as `[options]`.
    private static let spelledOptions = 3
}

extension ParameterDeclaration {
    /// As it stands in a usage line: `<image>`, `[<path>]`, `<path>...`, `--to <region>...`.
    var synopsis: String {
        switch shape {
        case .flag: return label
        case .option: return "\(label) <\(valueName)>" + (isRepeating ? "..." : "")
        case .argument:
            let word = label + (isRepeating ? "..." : "")
            return minimum == 0 ? "[\(word)]" : word
        }
    }

    /// As it stands in a list of options: `-t, --to <region>`.
    var term: String {
        if shape == .argument { return label }
        let lead = short.map { "-\($0), " } ?? "    "
        return lead + label + (shape == .option ? " <\(valueName)>" : "")
    }

    /// The help with everything else that a user must know.
    var fullHelp: String {
        var facts: [String] = []
        if case .choices(let choices) = values { facts.append("one of: " + choices.joined(separator: ", ")) }
        if isRepeating { facts.append("can be repeated") }
        if shape == .option, minimum > 0 { facts.append("required") }
        if let defaultText { facts.append("default: \(defaultText)") }
        if let environment { facts.append("environment: \(environment)") }
        return facts.isEmpty ? help : "\(help) (\(facts.joined(separator: "; ")))"
    }
}
