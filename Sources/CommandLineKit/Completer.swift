/// What can stand where the cursor is.
package struct Completion: Sendable, Equatable {
    package struct Candidate: Sendable, Equatable {
        /// The whole word.
        package var word: String
        /// One line; may be empty.
        package var meaning: String

        package init(_ word: String, _ meaning: String = "") {
            self.word = word
            self.meaning = meaning
        }
    }

    /// What the shell adds from the file system.
    package enum Paths: String, Sendable {
        case none
        case files
        case directories
    }

    package var candidates: [Candidate]
    package var paths: Paths

    package init(candidates: [Candidate] = [], paths: Paths = .none) {
        self.candidates = candidates
        self.paths = paths
    }

    /// The answer to the shell: a line `WORD<tab>MEANING` a candidate, and last `:none`, `:files` or `:directories`.
    package var text: String {
        let usable = candidates.filter { !$0.word.isEmpty && PlainText.oneLine($0.word) == $0.word }
        return usable.map { "\($0.word)\t\(PlainText.oneLine($0.meaning))\n" }.joined() + ":\(paths.rawValue)\n"
    }
}

/// A question for a set that only the running program knows.
package struct CompletionQuery: Sendable {
    /// The name that the declaration gave it, as in `.dynamic("image")`.
    package let set: String
    /// What is typed already. Answers that do not begin with it are dropped.
    package let prefix: String
    /// The command so far.
    package let command: [String]
    private let given: [String: [String]]
    private let environment: [String: String]

    init(set: String, prefix: String, scan: Scan, environment: [String: String]) {
        self.set = set
        self.prefix = prefix
        self.command = scan.path
        self.given = scan.given
        self.environment = environment
    }

    /// The word last given to `option`, or its environment variable; unchecked.
    package func word(_ option: some Parameter) -> String? {
        let declaration = option.declaration
        return given[declaration.label]?.last ?? declaration.environment.flatMap { environment[$0] }
    }
}

/// Completes a command line from the declarations. One implementation for all shells; their scripts only carry words back and forth.
package struct Completer {
    package typealias Dynamic = (CompletionQuery) -> [Completion.Candidate]

    let grammar: Grammar
    let environment: [String: String]
    let dynamic: Dynamic

    /// - Parameter dynamic: knows the members of the dynamic sets; empty for those that cannot be listed now.
    package init(_ grammar: Grammar, environment: [String: String], dynamic: @escaping Dynamic) {
        self.grammar = grammar
        self.environment = environment
        self.dynamic = dynamic
    }

    /// - Parameter words: without the program's name; the last one is being typed, and can be empty.
    package func complete(_ words: [String]) -> Completion {
        var scan = Scan(grammar: grammar, words: Array(words.dropLast()))
        var isHelp = false
        var awaiting: String?
        while let word = scan.next() {
            do {
                if try scan.take(word) == .helpCommand { isHelp = true }
            } catch {
                guard let option = Self.pending(error, after: scan) else { continue }
                awaiting = option
            }
        }
        let word = words.last ?? ""
        if let awaiting { return option(awaiting, scan).map { values($0, word, scan) } ?? Completion() }
        if isHelp || scan.optionsEnded || !word.hasPrefix("-") { return plain(word, scan, isHelp: isHelp) }
        return optionOrValue(word, scan)
    }

    /// The option at the very end that still needs its value. Other errors stand in the way of running, not of completing.
    private static func pending(_ error: UsageError, after scan: Scan) -> String? {
        if case .missingValue(let option, _) = error.fact, scan.isAtEnd { option } else { nil }
    }

    private func option(_ label: String, _ scan: Scan) -> ParameterDeclaration? {
        options(scan).first { $0.label == label }
    }

    private func options(_ scan: Scan) -> [ParameterDeclaration] {
        scan.current.options + grammar.common(at: scan.path)
    }

    private func optionOrValue(_ word: String, _ scan: Scan) -> Completion {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2, let option = option(String(parts[0]), scan), option.shape == .option {
            var completion = values(option, String(parts[1]), scan)
            for index in completion.candidates.indices {
                completion.candidates[index].word = "\(option.label)=\(completion.candidates[index].word)"
            }
            return completion
        }
        let open = options(scan).filter { !$0.isHidden && ($0.isRepeating || scan.given[$0.label] == nil) }
        return Completion(candidates: open.map { .init($0.label, $0.help) }.filter { $0.word.hasPrefix(word) })
    }

    private func plain(_ word: String, _ scan: Scan, isHelp: Bool) -> Completion {
        if scan.current.isGroup {
            var commands = scan.current.subcommands.filter { !$0.isHidden }.map { Completion.Candidate($0.name, $0.abstract) }
            if !isHelp { commands.append(.init("help", "Show help")) }
            return Completion(candidates: commands.filter { $0.word.hasPrefix(word) })
        }
        if isHelp { return Completion() }
        let arguments = scan.current.arguments
        let index = scan.positionals.count
        if let argument = index < arguments.count ? arguments[index] : arguments.last(where: \.isRepeating) {
            return values(argument, word, scan)
        }
        return word.isEmpty && !scan.optionsEnded ? optionOrValue("--", scan) : Completion()
    }

    private func values(_ parameter: ParameterDeclaration, _ word: String, _ scan: Scan) -> Completion {
        let candidates: [Completion.Candidate]
        switch parameter.values {
        case .text: return Completion()
        case .file: return Completion(paths: .files)
        case .directory: return Completion(paths: .directories)
        case .choices(let choices): candidates = choices.map { .init($0) }
        case .dynamic(let set):
            candidates = dynamic(CompletionQuery(set: set, prefix: word, scan: scan, environment: environment))
        }
        return Completion(candidates: candidates.filter { $0.word.hasPrefix(word) })
    }
}
