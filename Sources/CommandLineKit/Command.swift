/// One command. Its context is whatever the program gives to all its commands: streams, workspace, clock.
package protocol Command: SendableMetatype {
    associatedtype Context
    static var specification: Specification { get }

    /// Rules between parameters that a declaration cannot say. Called after parsing, before a context is made.
    static func validate(_ arguments: ParsedArguments) throws(UsageError)

    static func run(_ arguments: ParsedArguments, in context: Context) throws -> ExitStatus
}

extension Command {
    package static func validate(_ arguments: ParsedArguments) throws(UsageError) {}
}

/// A command, or a group of them, as an entry of a program.
package struct CommandEntry<Context>: Sendable {
    package let specification: Specification
    let children: [CommandEntry<Context>]
    let action: CommandAction<Context>?

    package static func command<C: Command>(_ type: C.Type) -> CommandEntry where C.Context == Context {
        let action = CommandAction<Context>(
            validate: { arguments throws(UsageError) in try C.validate(arguments) },
            run: { arguments, context in try C.run(arguments, in: context) }
        )
        return CommandEntry(specification: C.specification, children: [], action: action)
    }

    /// Commands under a common first word, as `schedule list` and `schedule run`.
    package static func group(_ specification: Specification, _ children: [CommandEntry]) -> CommandEntry {
        var specification = specification
        specification.subcommands = children.map { $0.specification }
        return CommandEntry(specification: specification, children: children, action: nil)
    }

    func action(at path: ArraySlice<String>) -> CommandAction<Context>? {
        guard let word = path.first else { return action }
        return children.first { $0.specification.name == word }?.action(at: path.dropFirst())
    }
}

/// What a command does, apart from its declaration.
struct CommandAction<Context>: Sendable {
    let validate: @Sendable (ParsedArguments) throws(UsageError) -> Void
    let run: @Sendable (ParsedArguments, Context) throws -> ExitStatus
}
