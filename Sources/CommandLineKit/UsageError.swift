/// What is wrong with a command line. Facts only: `UsageMessage` has the prose.
package struct UsageError: Error, Sendable, Equatable {
    package var fact: Fact
    /// The command whose help answers, without the program's name. Filled in by the program where a command throws it.
    package var command: [String]

    package init(_ fact: Fact, command: [String] = []) {
        self.fact = fact
        self.command = command
    }

    package enum Fact: Sendable, Equatable {
        /// Nothing was typed where a command must stand.
        case missingCommand
        case unknownCommand(String, suggestion: String?)
        case unknownOption(String, suggestion: String?)
        case missingValue(option: String, valueName: String)
        /// `--flag=value`.
        case unexpectedValue(flag: String, value: String)
        /// An option that takes one value was given again.
        case repeatedOption(String)
        case missingArgument(String)
        case missingOption(String, valueName: String)
        case unexpectedArgument(String)
        case invalidValue(String, parameter: String, source: Source, expectation: String, suggestion: String?)
        /// Two parameters that exclude each other.
        case conflict(String, String)
        /// A rule of one command, as one sentence without a full stop.
        case rule(String)
    }

    /// Where a refused value came from.
    package enum Source: Sendable, Equatable {
        case commandLine
        case environment(String)
    }
}
