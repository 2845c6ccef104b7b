extension Grammar {
    /// The tree of commands as JSON: every command, parameter, default and exit status. Stable, so that a golden test sees every change.
    package func dump() throws -> String {
        try JSONText.encode(Dump(self)) + "\n"
    }
}

/// The documented shape of `Grammar.dump`.
private struct Dump: Encodable {
    let name: String
    let version: String
    let globalOptions: [ParameterDump]
    let exitStatuses: [StatusDump]
    let commands: [CommandDump]

    init(_ grammar: Grammar) {
        name = grammar.root.name
        version = grammar.version
        globalOptions = grammar.common(at: []).map(ParameterDump.init)
        exitStatuses = grammar.exitStatuses.map(StatusDump.init)
        commands = grammar.root.subcommands.map(CommandDump.init)
    }
}

private struct CommandDump: Encodable {
    let name: String
    let aliases: [String]
    let abstract: String
    let hidden: Bool
    let parameters: [ParameterDump]
    let examples: [String]
    let exitStatuses: [StatusDump]
    let commands: [CommandDump]

    init(_ specification: Specification) {
        name = specification.name
        aliases = specification.aliases
        abstract = specification.abstract
        hidden = specification.isHidden
        parameters = specification.parameters.map(ParameterDump.init)
        examples = specification.examples.map(\.line)
        exitStatuses = specification.exitStatuses.map(StatusDump.init)
        commands = specification.subcommands.map(CommandDump.init)
    }
}

private struct StatusDump: Encodable {
    let code: Int32
    let meaning: String

    init(_ meaning: ExitMeaning) {
        self.code = meaning.code
        self.meaning = meaning.meaning
    }
}

private struct ParameterDump: Encodable {
    let kind: String
    let name: String
    let short: String?
    let value: String?
    let help: String
    let minimum: Int
    let repeats: Bool
    let choices: [String]?
    let `default`: String?
    let environment: String?
    let hidden: Bool

    init(_ parameter: ParameterDeclaration) {
        kind = parameter.shape.rawValue
        name = parameter.name
        short = parameter.short.map(String.init)
        value = parameter.shape == .option ? parameter.valueName : nil
        help = parameter.help
        minimum = parameter.minimum
        repeats = parameter.isRepeating
        if case .choices(let all) = parameter.values { choices = all } else { choices = nil }
        `default` = parameter.defaultText
        environment = parameter.environment
        hidden = parameter.isHidden
    }
}
