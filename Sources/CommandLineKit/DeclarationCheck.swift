extension Grammar {
    /// What is wrong with the declarations themselves; empty for a program that can be shipped. For a test.
    package func faults() -> [String] {
        faults([], root)
    }

    private func faults(_ path: [String], _ specification: Specification) -> [String] {
        let here = spelled(path)
        var faults = nameFaults(specification) + optionFaults(path, specification) + argumentFaults(specification)
        faults += proseFaults(specification) + specification.examples.compactMap(exampleFault)
        return faults.map { "\(here): \($0)" }
            + specification.subcommands.flatMap { self.faults(path + [$0.name], $0) }
    }

    private func nameFaults(_ specification: Specification) -> [String] {
        let names = specification.subcommands.flatMap { [$0.name] + $0.aliases }
        return repeats(names + (specification.isGroup ? ["help"] : [])).map { "two commands are called '\($0)'" }
    }

    private func optionFaults(_ path: [String], _ specification: Specification) -> [String] {
        let options = specification.options + common(at: path)
        return repeats(options.map(\.label)).map { "two options are called '\($0)'" }
            + repeats(options.compactMap(\.short).map { "-\($0)" }).map { "two options are called '\($0)'" }
            + options.filter { $0.shape == .option && $0.valueName.isEmpty }.map { "'\($0.label)' has no name for its value" }
    }

    private func argumentFaults(_ specification: Specification) -> [String] {
        let arguments = specification.arguments
        var faults = repeats(arguments.map(\.label)).map { "two arguments are called '\($0)'" }
        if specification.isGroup, !arguments.isEmpty { faults.append("a group has arguments") }
        if arguments.dropLast().contains(where: \.isRepeating) { faults.append("an argument follows a repeating one") }
        if let optional = arguments.firstIndex(where: { $0.minimum == 0 }),
            arguments[optional...].contains(where: { $0.minimum > 0 })
        {
            faults.append("a required argument follows an optional one")
        }
        return faults
    }

    private func proseFaults(_ specification: Specification) -> [String] {
        let lines =
            [("the abstract", specification.abstract)] + specification.parameters.map { ("the help of '\($0.label)'", $0.help) }
        return lines.compactMap { what, text in
            if text.isEmpty { return "\(what) is empty" }
            return text.hasSuffix(".") ? "\(what) ends in a full stop" : nil
        }
    }

    /// Every example must be a command line that the program accepts, up to the first shell operator.
    private func exampleFault(_ example: Example) -> String? {
        let words = Self.shellWords(example.line)
        guard words.first == root.name else { return "the example '\(example.line)' does not begin with '\(root.name)'" }
        do {
            _ = try Parser(grammar: self, environment: [:]).parse(Array(words.dropFirst()))
            return nil
        } catch {
            return "the example '\(example.line)' is refused: \(error.message)"
        }
    }

    /// The words up to a `|`, `>`, `<`, `;` or `&`, quotes taken off as a shell does it.
    static func shellWords(_ line: String) -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        for character in line {
            if let open = quote {
                if character == open { quote = nil } else { word = (word ?? "") + String(character) }
            } else if character == "'" || character == "\"" {
                quote = character
                word = word ?? ""
            } else if "|><;&".contains(character) {
                break
            } else if character == " " {
                if let done = word { words.append(done) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        return words + (word.map { [$0] } ?? [])
    }

    private func repeats(_ names: [String]) -> [String] {
        var seen: Set<String> = []
        return names.filter { !seen.insert($0).inserted }
    }
}
