import Text

/// Turns words into a request. Pure: declarations, words and environment in, a value or one error out.
struct Parser {
    let grammar: Grammar
    let environment: [String: String]

    /// A request before it is tied to what the command does.
    enum Outcome {
        case help([String])
        case version
        case command(ParsedArguments)
    }

    func parse(_ words: [String]) throws(UsageError) -> Outcome {
        var scan = Scan(grammar: grammar, words: words)
        while let word = scan.next() {
            switch try scan.take(word) {
            case .goOn: continue
            case .help: return .help(scan.helpPath())
            case .helpCommand: return .help(try scan.strictHelpPath())
            case .version: return .version
            }
        }
        if scan.current.isGroup { throw UsageError(.missingCommand, command: scan.path) }
        return .command(try arguments(scan))
    }

    private func arguments(_ scan: Scan) throws(UsageError) -> ParsedArguments {
        var binder = Binder(path: scan.path, environment: environment)
        try binder.bindArguments(scan.parameters.filter { $0.shape == .argument }, words: scan.positionals)
        for option in scan.options + grammar.globals {
            try binder.bindOption(option, words: scan.given[option.label])
        }
        return ParsedArguments(command: scan.path, values: binder.values, given: binder.given)
    }
}

/// The first pass: which command, which words belong to which option, which are positional.
struct Scan {
    let grammar: Grammar
    private let words: [String]
    private var index = 0
    private(set) var optionsEnded = false

    private(set) var path: [String] = []
    private(set) var current: Specification { didSet { parameters = current.parameters } }
    /// The command's own. A specification makes them anew whenever it is asked.
    private(set) var parameters: [ParameterDeclaration]
    private(set) var positionals: [String] = []
    /// By label. A flag has one empty word for each time it was given.
    private(set) var given: [String: [String]] = [:]

    enum Step {
        case goOn
        case help
        case helpCommand
        case version
    }

    init(grammar: Grammar, words: [String]) {
        self.grammar = grammar
        self.words = words
        current = grammar.root
        parameters = grammar.root.parameters
    }

    var options: [ParameterDeclaration] { parameters.filter { $0.shape != .argument } }

    var isAtEnd: Bool { index >= words.count }

    mutating func next() -> String? {
        guard index < words.count else { return nil }
        defer { index += 1 }
        return words[index]
    }

    mutating func take(_ word: String) throws(UsageError) -> Step {
        if optionsEnded || !looksLikeOption(word) { return try takePlain(word) }
        if word == "--" {
            optionsEnded = true
            return .goOn
        }
        return word.hasPrefix("--") ? try takeLong(word.dropFirst(2)) : try takeShorts(word.dropFirst())
    }

    /// A lone `-` is a file name, and `-5` a number unless an option is called 5.
    private func looksLikeOption(_ word: String) -> Bool {
        guard word.hasPrefix("-"), let second = word.dropFirst().first else { return false }
        return !second.isNumber || option { $0.short == second } != nil
    }

    private mutating func takePlain(_ word: String) throws(UsageError) -> Step {
        guard current.isGroup else {
            positionals.append(word)
            return .goOn
        }
        if let next = current.subcommand(word) {
            current = next
            path.append(next.name)
            return .goOn
        }
        if word == "help" { return .helpCommand }
        throw unknownCommand(word)
    }

    private func unknownCommand(_ word: String) -> UsageError {
        let names = current.subcommands.filter { !$0.isHidden }.flatMap { [$0.name] + $0.aliases }
        return UsageError(.unknownCommand(word, suggestion: Suggestion.nearest(to: word, among: names)), command: path)
    }

    private mutating func takeLong(_ text: Substring) throws(UsageError) -> Step {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts.first ?? "")
        guard let option = option(where: { $0.name == name }) else { throw unknownOption("--\(name)") }
        return try take(option, value: parts.count > 1 ? String(parts[1]) : nil)
    }

    /// `-x`, `-xyz`, `-xVALUE`, `-x=VALUE`.
    private mutating func takeShorts(_ text: Substring) throws(UsageError) -> Step {
        var rest = text
        while let short = rest.popFirst() {
            guard let option = option(where: { $0.short == short }) else { throw unknownOption("-\(short)") }
            if option.shape == .option {
                let value = rest.first == "=" ? rest.dropFirst() : rest
                return try take(option, value: rest.isEmpty ? nil : String(value))
            }
            if rest.first == "=" { return try take(option, value: String(rest.dropFirst())) }
            let step = try take(option, value: nil)
            if step != .goOn { return step }
        }
        return .goOn
    }

    private mutating func take(_ option: ParameterDeclaration, value: String?) throws(UsageError) -> Step {
        if option.shape == .flag {
            if let value { throw UsageError(.unexpectedValue(flag: option.label, value: value), command: path) }
            if option.label == Grammar.help.label { return .help }
            if path.isEmpty, option.label == Grammar.showVersion.label { return .version }
            given[option.label, default: []].append("")
            return .goOn
        }
        guard let word = value ?? nextValue() else {
            throw UsageError(.missingValue(option: option.label, valueName: option.valueName), command: path)
        }
        if given[option.label] != nil, !option.isRepeating { throw UsageError(.repeatedOption(option.label), command: path) }
        given[option.label, default: []].append(word)
        return .goOn
    }

    /// The next word, unless it looks like an option: a value that begins with a dash is written `--name=-value`.
    private mutating func nextValue() -> String? {
        guard index < words.count, !looksLikeOption(words[index]) else { return nil }
        return next()
    }

    private func option(where matches: (ParameterDeclaration) -> Bool) -> ParameterDeclaration? {
        options.first(where: matches) ?? grammar.common(at: path).first(where: matches)
    }

    private func unknownOption(_ spelling: String) -> UsageError {
        let known = (options + grammar.common(at: path)).filter { !$0.isHidden }.map(\.label)
        let near = spelling.hasPrefix("--") ? Suggestion.nearest(to: spelling, among: known) : nil
        return UsageError(.unknownOption(spelling, suggestion: near), command: path)
    }

    /// The path of the command so far and of the words that follow, as far as they name commands.
    func helpPath() -> [String] {
        var path = path
        var current = current
        for word in words[index...] {
            guard let next = current.subcommand(word) else { break }
            path.append(next.name)
            current = next
        }
        return path
    }

    /// As `helpPath`, for `help WORD…`, where every word must name a command.
    mutating func strictHelpPath() throws(UsageError) -> [String] {
        while let word = next() {
            if word == "-h" || word == "--help" { continue }
            guard let next = current.subcommand(word) else { throw unknownCommand(word) }
            path.append(next.name)
            current = next
        }
        return path
    }
}
