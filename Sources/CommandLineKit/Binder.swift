import Text

/// The second pass: words to typed values, with environment, defaults and the checks on how many are needed.
struct Binder {
    let path: [String]
    let environment: [String: String]
    private(set) var values: [String: any Sendable] = [:]
    private(set) var given: Set<String> = []

    init(path: [String], environment: [String: String]) {
        self.path = path
        self.environment = environment
    }

    /// Gives each argument its words in order; a repeating one takes all that are left.
    mutating func bindArguments(_ arguments: [ParameterDeclaration], words: [String]) throws(UsageError) {
        var rest = words[...]
        for argument in arguments {
            let count = argument.isRepeating ? rest.count : min(1, rest.count)
            let own = Array(rest.prefix(count))
            rest = rest.dropFirst(count)
            guard own.count >= argument.minimum else { throw UsageError(.missingArgument(argument.name), command: path) }
            if !own.isEmpty { given.insert(argument.label) }
            try bind(argument, own, from: .commandLine)
        }
        if let extra = rest.first { throw UsageError(.unexpectedArgument(extra), command: path) }
    }

    /// - Parameter words: nil where the option was not given.
    mutating func bindOption(_ option: ParameterDeclaration, words: [String]?) throws(UsageError) {
        if let words {
            given.insert(option.label)
            try checkCount(option, words.count)
            return try bind(option, words, from: .commandLine)
        }
        if let name = option.environment, let value = environment[name], !value.isEmpty {
            return try bind(option, [value], from: .environment(name))
        }
        try checkCount(option, 0)
        try bind(option, [], from: .commandLine)
    }

    private func checkCount(_ option: ParameterDeclaration, _ count: Int) throws(UsageError) {
        guard count < option.minimum else { return }
        throw UsageError(.missingOption(option.label, valueName: option.valueName), command: path)
    }

    private mutating func bind(
        _ parameter: ParameterDeclaration, _ words: [String], from source: UsageError.Source
    ) throws(UsageError) {
        do {
            values[parameter.label] = try parameter.convert(words)
        } catch {
            throw UsageError(refusal(parameter, error.word, source), command: path)
        }
    }

    private func refusal(_ parameter: ParameterDeclaration, _ word: String, _ source: UsageError.Source) -> UsageError.Fact {
        var near: String?
        if case .choices(let choices) = parameter.values { near = Suggestion.nearest(to: word, among: choices) }
        return .invalidValue(
            word, parameter: parameter.label, source: source, expectation: parameter.expected(), suggestion: near
        )
    }
}
