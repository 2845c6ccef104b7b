/// What a command or a group of commands is called, takes and means.
package struct Specification: Sendable {
    package var name: String
    package var aliases: [String]
    /// One line without a full stop.
    package var abstract: String
    /// Paragraphs separated by an empty line; wrapped where it is shown. Lines that start with a space are kept as they are.
    package var discussion: String
    // Made when they are asked for: a run of one command needs those of no other.
    package var examples: [Example] { shown() }
    package var parameters: [ParameterDeclaration] { declared().map { $0.declaration } }
    package var exitStatuses: [ExitMeaning] { endings() }
    private let shown: @Sendable () -> [Example]
    private let declared: @Sendable () -> [any Parameter]
    private let endings: @Sendable () -> [ExitMeaning]
    /// The heading under which the parent's help lists it.
    package var heading: String?
    /// Not listed in help, completion or reference.
    package var isHidden: Bool
    /// Of a group; a command has none.
    package var subcommands: [Specification] = []

    package init(
        _ name: String, aliases: [String] = [], _ abstract: String, discussion: String = "",
        examples: @autoclosure @escaping @Sendable () -> [Example] = [],
        parameters: @autoclosure @escaping @Sendable () -> [any Parameter] = [],
        exitStatuses: @autoclosure @escaping @Sendable () -> [ExitMeaning] = [],
        heading: String? = nil, isHidden: Bool = false
    ) {
        self.name = name
        self.aliases = aliases
        self.abstract = abstract
        self.discussion = discussion
        shown = examples
        declared = parameters
        endings = exitStatuses
        self.heading = heading
        self.isHidden = isHidden
    }

    var arguments: [ParameterDeclaration] { parameters.filter { $0.shape == .argument } }
    var options: [ParameterDeclaration] { parameters.filter { $0.shape != .argument } }
    var isGroup: Bool { !subcommands.isEmpty }

    func subcommand(_ word: String) -> Specification? {
        subcommands.first { $0.name == word || $0.aliases.contains(word) }
    }
}

/// One line that a user can type, and what it does.
package struct Example: Sendable {
    /// The whole line, the program's name first.
    package var line: String
    package var meaning: String

    package init(_ line: String, _ meaning: String) {
        self.line = line
        self.meaning = meaning
    }
}

/// How a program ends.
package struct ExitStatus: Sendable, Equatable {
    package var code: Int32

    package init(_ code: Int32) {
        self.code = code
    }

    package static let success = ExitStatus(0)
    /// The command line is wrong: EX_USAGE of sysexits.h.
    package static let usage = ExitStatus(64)
    /// The reader of the output went away: what a shell shows for a program that SIGPIPE ended.
    package static let outputClosed = ExitStatus(141)
}

/// When a command ends with a status, for its help.
package struct ExitMeaning: Sendable {
    package var code: Int32
    package var meaning: String

    package init(_ code: Int32, _ meaning: String) {
        self.code = code
        self.meaning = meaning
    }
}
