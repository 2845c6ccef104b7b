/// The prose of usage errors.
extension UsageError {
    /// One sentence without a full stop.
    package var message: String {
        switch fact {
        case .missingCommand:
            "a command is missing"
        case .unknownCommand(let word, _):
            "unknown command '\(word)'"
        case .unknownOption(let option, _):
            "unknown option '\(option)'"
        case .missingValue(let option, let valueName):
            "option '\(option)' needs a value: \(option) <\(valueName)>"
        case .unexpectedValue(let flag, let value):
            "option '\(flag)' takes no value, but was given '\(value)'"
        case .repeatedOption(let option):
            "option '\(option)' was given twice"
        case .missingArgument(let name):
            "argument <\(name)> is missing"
        case .missingOption(let option, let valueName):
            "option '\(option) <\(valueName)>' is missing"
        case .unexpectedArgument(let word):
            "unexpected argument '\(word)'"
        case .invalidValue(let word, let parameter, let source, let expectation, _):
            "'\(word)' is not a valid value for \(place(parameter, source)): expected \(expectation)"
        case .conflict(let first, let second):
            "'\(first)' and '\(second)' cannot be used together"
        case .rule(let sentence):
            sentence
        }
    }

    private func place(_ parameter: String, _ source: Source) -> String {
        switch source {
        case .commandLine: "'\(parameter)'"
        case .environment(let name): "'\(parameter)', taken from the environment variable \(name)"
        }
    }

    /// What the user probably meant.
    package var suggestion: String? {
        switch fact {
        case .unknownCommand(_, let near), .unknownOption(_, let near), .invalidValue(_, _, _, _, let near): near
        default: nil
        }
    }

    /// One sentence without a full stop that says what to do.
    package func hint(program: String) -> String {
        let help = "see '\(([program] + command + ["--help"]).joined(separator: " "))'"
        return suggestion.map { "did you mean '\($0)'? Otherwise \(help)" } ?? help
    }

    /// The two lines for stderr.
    package func report(program: String) -> String {
        "\(program): error: \(message)\nhint: \(hint(program: program))\n"
    }
}
