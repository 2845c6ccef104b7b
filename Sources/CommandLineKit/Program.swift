/// A program: its name, its commands, and the options that every command accepts.
package struct Program<Context>: Sendable {
    /// The tree of commands, the program itself as its root.
    package let specification: Specification
    package let version: String
    package let globals: [ParameterDeclaration]
    /// Statuses with which any command can end; each help shows them after the command's own.
    package let exitStatuses: [ExitMeaning]
    let entries: [CommandEntry<Context>]
    let dynamicValues: DynamicValues

    /// The members of a dynamic set, asked for by a shell's completion. Gets the environment; must not print.
    package typealias DynamicValues = @Sendable (CompletionQuery, [String: String]) -> [Completion.Candidate]

    /// - Parameters:
    ///   - root: name, abstract, discussion and examples of the program. It has no parameters of its own.
    ///   - dynamicValues: empty for a set that cannot be listed now.
    package init(
        _ root: Specification, version: String, globals: [any Parameter], exitStatuses: [ExitMeaning],
        commands: [CommandEntry<Context>], dynamicValues: @escaping DynamicValues = { _, _ in [] }
    ) {
        var root = root
        root.subcommands = commands.map { $0.specification }
        self.specification = root
        self.version = version
        self.globals = globals.map { $0.declaration }
        self.exitStatuses = exitStatuses
        self.entries = commands
        self.dynamicValues = dynamicValues
    }

    /// The parts that parser, help and completion need.
    package var grammar: Grammar {
        Grammar(root: specification, version: version, globals: globals, exitStatuses: exitStatuses)
    }

    /// What the words ask for. Pure.
    /// - Parameter words: without the program's name.
    package func parse(_ words: [String], environment: [String: String]) throws(UsageError) -> Request<Context> {
        switch try Parser(grammar: grammar, environment: environment).parse(words) {
        case .help(let path): return .help(path)
        case .version: return .version
        case .command(let arguments):
            let action = entry(arguments.command.first)?.action(at: arguments.command.dropFirst())
            guard let action else { throw UsageError(.missingCommand, command: arguments.command) }
            let ready = ReadyCommand(arguments: arguments, action: action)
            try ready.validate()
            return .command(ready)
        }
    }
}

extension Program {
    /// A loop, since an algorithm of the library for entries of any context looks up at each start what such entries are.
    private func entry(_ name: String?) -> CommandEntry<Context>? {
        for entry in entries where entry.specification.name == name { return entry }
        return nil
    }
}

/// What a command line asks for.
package enum Request<Context>: Sendable {
    /// Help on the command at this path; empty for the program.
    case help([String])
    case version
    case command(ReadyCommand<Context>)
}

/// A command with checked arguments.
package struct ReadyCommand<Context>: Sendable {
    package let arguments: ParsedArguments
    let action: CommandAction<Context>

    /// - Throws: whatever the command throws; a `UsageError` names the command.
    package func run(in context: Context) throws -> ExitStatus {
        do {
            return try action.run(arguments, context)
        } catch let error as UsageError {
            throw error.within(arguments.command)
        }
    }

    func validate() throws(UsageError) {
        do {
            try action.validate(arguments)
        } catch {
            throw error.within(arguments.command)
        }
    }
}

extension UsageError {
    func within(_ path: [String]) -> UsageError {
        command.isEmpty ? UsageError(fact, command: path) : self
    }
}
