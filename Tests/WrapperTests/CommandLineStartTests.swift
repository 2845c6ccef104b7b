import CommandLineKit
import Glibc
import Testing

@Suite("the command line: help, version and errors")
struct CommandLineStartTests {
    private func start(_ words: String, width: Int = 80) throws -> (output: String, error: String, status: Int32?) {
        let output = CapturedOutput()
        let error = CapturedOutput()
        let terminal = Terminal(isInteractive: true, isStyled: false, width: width)
        let console = Console(output: output, error: error, outputTerminal: terminal, errorTerminal: terminal)
        let words = words.split(separator: " ").map(String.init)
        switch try ExampleProgram.program.start(words, environment: [:], console: console) {
        case .finished(let status): return (output.text, error.text, status.code)
        case .run: return (output.text, error.text, nil)
        }
    }

    @Test("the help of a command is exactly this")
    func commandHelp() throws {
        let expected = """
            Copy a thing to other places

            USAGE
              example copy <thing> [<name>...] --to <place>... [options]
              Also: cp

            ARGUMENTS
              <thing>  What to copy
              <name>   Names of the copies (can be repeated)

            OPTIONS
              -t, --to <place>       Where to put a copy (can be repeated; required)
              -f, --format <format>  How a copy is stored (one of: tar, directory; default:
                                     tar)
                  --limit <count>    Stop after so many
                  --log <file>       Where to write what happened (environment: EXAMPLE_LOG)
              -F, --force            Replace what is there
              -n, --dry-run          Only say what would be done

            COMMON OPTIONS
                  --home <folder>    Folder of the workspace (default: .example;
                                     environment: EXAMPLE_HOME)
              -v, --verbose          Say more
              -h, --help             Show help

            EXAMPLES
              example copy thing-1 --to shelf
                  Puts a copy on the shelf
              example copy thing-1 -t shelf -t box | cat
                  Puts copies into two places

            EXIT STATUS
              0   The command did what it says
              3   A place is full
              64  The command line is wrong

            """
        let page = try start("copy --help").output
        #expect(page == expected, "\(page)")
    }

    @Test("the help of the program is exactly this")
    func programHelp() throws {
        let expected = """
            Keep things

            Things are kept in a workspace, which is a folder. Every command reads the
            workspace, changes it or shows what is in it.

              workspace/things    one file a thing

            USAGE
              example <command> [options]

            COMMANDS
              copy      Copy a thing to other places
              trim      Make things smaller

            TIME
              schedule  Do things later

            OPTIONS
                  --home <folder>  Folder of the workspace (default: .example; environment:
                                   EXAMPLE_HOME)
              -v, --verbose        Say more
              -h, --help           Show help
                  --version        Show the version

            See 'example <command> --help' for one command.

            """
        let page = try start("--help").output
        #expect(page == expected, "\(page)")
    }

    @Test(
        "help is found at every level",
        arguments: [
            ("schedule list -h", "schedule list --help"), ("help schedule list", "schedule list --help"),
            ("schedule help ls", "schedule list --help"), ("--help schedule ls", "schedule list --help"),
            ("help", "--help"), ("help copy", "copy -h"), ("help cp", "copy -h"), ("copy --bogus-after --help", nil),
            ("copy --help --bogus", "copy -h"), ("copy -Fh", "copy -h"), ("help schedule", "schedule -h"),
        ]
    )
    func helpSpellings(_ words: String, _ same: String?) throws {
        let answer = try start(words)
        guard let same else {
            #expect(answer.status == 64)
            return
        }
        #expect(try answer.output == start(same).output)
        #expect(answer.status == 0)
        #expect(!answer.output.isEmpty)
    }

    @Test("help wraps at the width of the terminal and never beyond a hundred columns")
    func helpWidth() throws {
        for (width, limit) in [(50, 50), (64, 64), (300, 100)] {
            let lines = try start("--help", width: width).output.split(separator: "\n")
            #expect(lines.allSatisfy { $0.count <= limit }, "width \(width)")
            #expect(lines.contains { $0.count > limit - 16 }, "width \(width)")
        }
    }

    @Test("the version is one line")
    func version() throws {
        #expect(try start("--version").output == "example 1.2.3\n")
    }

    @Test("a usage error is two lines on standard error, and status 64")
    func usageError() throws {
        let answer = try start("schedule lst")
        #expect(answer.output == "")
        #expect(
            answer.error == """
                example: error: unknown command 'lst'
                hint: did you mean 'list'? Otherwise see 'example schedule --help'

                """)
        #expect(answer.status == 64)
        #expect(try start("copy").error == "example: error: argument <thing> is missing\nhint: see 'example copy --help'\n")
    }

    @Test("a refused value from the environment is said to come from there")
    func environmentError() {
        let fact = UsageError.Fact.invalidValue(
            "x", parameter: "--limit", source: .environment("LIMIT"), expectation: "a whole number", suggestion: nil)
        #expect(
            UsageError(fact).message
                == "'x' is not a valid value for '--limit', taken from the environment variable LIMIT: expected a whole number")
    }

    @Test("a group without a command shows its help on standard error, and status 64")
    func bareGroup() throws {
        let answer = try start("schedule")
        #expect(try answer.error == start("schedule --help").output)
        #expect(answer.output == "")
        #expect(answer.status == 64)
    }

    @Test("a command is handed back to be run, and its status is its own")
    func running() throws {
        #expect(try start("copy x -ta").status == nil)
        guard case .command(let ready) = try ExampleProgram.program.parse(["trim", "9"], environment: [:]) else {
            Issue.record("not a command")
            return
        }
        let context = ExampleProgram.Context()
        #expect(try ready.run(in: context) == ExitStatus(3))
        #expect(context.output.text == "9\n")
    }

    struct Broken: Error {}

    @Test("every way in which a command can end has its status and its words")
    func ends() {
        let run = { (words: [String], output: CapturedOutput, fault: (any Error)?) in
            let error = CapturedOutput()
            let status = ExampleProgram.program.run(
                words, environment: [:], console: Console(output: output, error: error),
                makeContext: { _ in
                    if let fault { throw fault }
                    return ExampleProgram.Context()
                },
                describe: { ([String(describing: $0), "second"], ExitStatus(70)) })
            return "\(status.code) \(error.text)"
        }
        #expect(run(["trim"], CapturedOutput(), nil) == "3 ")
        #expect(run(["trim"], CapturedOutput(), Broken()) == "70 Broken()\nsecond\n")
        #expect(run(["trim"], CapturedOutput(), OutputError.closed) == "141 ")
        #expect(run(["--help"], CapturedOutput(failure: .closed), nil) == "141 ")
        #expect(
            run(["--help"], CapturedOutput(failure: .failed(errno: ENOSPC)), nil)
                == "70 writing the output failed: No space left on device\nsecond\n")
        #expect(
            run(["copy", "x", "refused", "-ta"], CapturedOutput(), nil)
                == "64 example: error: the name 'refused' is taken\nhint: see 'example copy --help'\n")
    }

    @Test("a closed reader of the output is an error that can be told from others, not the end of the process")
    func brokenPipe() throws {
        StandardStream.ignoreBrokenPipes()
        var ends: [Int32] = [0, 0]
        let result = unsafe pipe(&ends)
        try #require(result == 0)
        close(ends[0])
        defer { close(ends[1]) }
        #expect(throws: OutputError.closed) { try StandardStream(descriptor: ends[1]).writeLine("hello") }
        #expect(throws: OutputError.failed(errno: EBADF)) { try StandardStream(descriptor: -1).writeLine("hello") }
    }

    @Test("text longer than a pipe holds is written whole, also to a non-blocking pipe")
    func longText() throws {
        try withFolder { folder in
            let text = String(repeating: "0123456789", count: 30_000)
            guard let reader = unsafe popen("wc -c > \(folder)/count", "w") else {
                Issue.record("no pipe")
                return
            }
            let descriptor = unsafe fileno(reader)
            _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
            try StandardStream(descriptor: descriptor).write(text)
            _ = unsafe pclose(reader)
            #expect(runShell("cat \(folder)/count").output == "300000\n")
        }
    }
}
