/// The streams of a run and what they are connected to.
package struct Console: Sendable {
    package var output: any OutputStream
    package var error: any OutputStream
    package var outputTerminal: Terminal
    package var errorTerminal: Terminal

    package init(
        output: any OutputStream, error: any OutputStream, outputTerminal: Terminal = .plain, errorTerminal: Terminal = .plain
    ) {
        self.output = output
        self.error = error
        self.outputTerminal = outputTerminal
        self.errorTerminal = errorTerminal
    }

    /// The standard streams of the process.
    package static func standard(environment: [String: String]) -> Console {
        Console(
            output: StandardStream.output, error: StandardStream.error,
            outputTerminal: Terminal(of: .output, environment: environment),
            errorTerminal: Terminal(of: .error, environment: environment)
        )
    }
}

/// What is left to do after the command line was read.
package enum Start<Context>: Sendable {
    /// Help, version or a usage error was printed.
    case finished(ExitStatus)
    case run(ReadyCommand<Context>)
}

extension Program {
    /// Reads the command line, and answers help, version, completion and usage errors itself.
    /// - Parameter words: without the program's name.
    package func start(_ words: [String], environment: [String: String], console: Console) throws(OutputError) -> Start<Context> {
        if words.first == Shell.callback {
            try console.output.write(complete(words.dropFirst(), environment: environment).text)
            return .finished(.success)
        }
        let request: Request<Context>
        do {
            request = try parse(words, environment: environment)
        } catch {
            return .finished(try report(error, console: console))
        }
        switch request {
        case .command(let ready):
            return .run(ready)
        case .help(let path):
            try console.output.write(Help(grammar, for: console.outputTerminal).page(path))
        case .version:
            try console.output.writeLine("\(specification.name) \(version)")
        }
        return .finished(.success)
    }

    private func complete(_ words: ArraySlice<String>, environment: [String: String]) -> Completion {
        let completer = Completer(grammar, environment: environment) { dynamicValues($0, environment) }
        return completer.complete(Array(words.first == "--" ? words.dropFirst() : words))
    }

    /// Prints a usage error: two lines, or the page of the group whose command is missing.
    package func report(_ error: UsageError, console: Console) throws(OutputError) -> ExitStatus {
        let isBare = error.fact == .missingCommand
        let text =
            isBare
            ? Help(grammar, for: console.errorTerminal).page(error.command) : error.report(program: specification.name)
        try console.error.write(text)
        return .usage
    }

    /// Reads the command line and runs its command: the whole of a main function.
    /// - Parameters:
    ///   - makeContext: called only where a command is to be run.
    ///   - describe: the lines for standard error, each without its newline, and the status for an error that is not the command line's.
    package func run(
        _ words: [String], environment: [String: String], console: Console, makeContext: (ParsedArguments) throws -> Context,
        describe: (any Error) -> (lines: [String], status: ExitStatus)
    ) -> ExitStatus {
        do {
            switch try start(words, environment: environment, console: console) {
            case .finished(let status): return status
            case .run(let command): return try command.run(in: try makeContext(command.arguments))
            }
        } catch {
            return end(error, console: console, describe: describe)
        }
    }

    /// A reader that went away ends the program quietly, as SIGPIPE would have; whatever cannot be said any more is left out.
    private func end(
        _ error: any Error, console: Console, describe: (any Error) -> (lines: [String], status: ExitStatus)
    ) -> ExitStatus {
        if let error = error as? OutputError, error == .closed { return .outputClosed }
        if let error = error as? UsageError { return (try? report(error, console: console)) ?? .usage }
        let (lines, status) = describe(error)
        try? console.error.write(lines.map { $0 + "\n" }.joined())
        return status
    }
}
