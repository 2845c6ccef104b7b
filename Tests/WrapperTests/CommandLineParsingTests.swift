import CommandLineKit
import Testing

@Suite("the command line: parsing")
struct CommandLineParsingTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var line: String
        var to: [String] = ["a"]
        var names: [String] = []
        var format = CopyFormat.tar
        var limit: UInt?
        var force = false
        var verbose = false
        var testDescription: String { line }
    }

    @Test(
        "a value is read in every spelling",
        arguments: [
            Case(line: "copy x --to a"),
            Case(line: "copy x --to=a"),
            Case(line: "copy x -t a"),
            Case(line: "copy x -ta"),
            Case(line: "copy x -t=a"),
            Case(line: "cp --to a x"),
            Case(line: "copy x --to a --to=b -tc", to: ["a", "b", "c"]),
            Case(line: "copy x -Fta", force: true),
            Case(line: "copy x -Fvt a", force: true, verbose: true),
            Case(line: "-v copy x --to a", verbose: true),
            Case(line: "copy x --to a --verbose", verbose: true),
            Case(line: "copy x -v -v --to a", verbose: true),
            Case(line: "copy x --to a y z", names: ["y", "z"]),
            Case(line: "copy x --to a -- --force -F", names: ["--force", "-F"]),
            Case(line: "copy x - --to a", names: ["-"]),
            Case(line: "copy x -5 --to a", names: ["-5"]),
            Case(line: "copy x --to=--force", to: ["--force"]),
            Case(line: "copy x --to=a=b", to: ["a=b"]),
            Case(line: "copy x --to a --format directory --limit 7", format: .directory, limit: 7),
            Case(line: "copy x --to -", to: ["-"]),
            Case(line: "copy x help --to a", names: ["help"]),
        ]
    )
    func spellings(_ expected: Case) throws {
        let arguments = try ExampleProgram.parse(expected.line.split(separator: " ").map(String.init))
        #expect(arguments.command == ["copy"])
        #expect(arguments[CopyCommand.thing] == "x")
        #expect(arguments[CopyCommand.to] == expected.to)
        #expect(arguments[CopyCommand.names] == expected.names)
        #expect(arguments[CopyCommand.format] == expected.format)
        #expect(arguments[CopyCommand.limit] == expected.limit)
        #expect(arguments[CopyCommand.force] == expected.force)
        #expect(arguments[ExampleProgram.verbose] == expected.verbose)
    }

    struct ErrorCase: CustomTestStringConvertible, Sendable {
        var line: String
        var fact: UsageError.Fact
        var command: [String] = []
        var testDescription: String { line }
    }

    @Test(
        "what is wrong is said as a fact",
        arguments: [
            ErrorCase(line: "", fact: .missingCommand),
            ErrorCase(line: "schedule", fact: .missingCommand, command: ["schedule"]),
            ErrorCase(line: "coyp x", fact: .unknownCommand("coyp", suggestion: "copy")),
            ErrorCase(line: "zzz", fact: .unknownCommand("zzz", suggestion: nil)),
            ErrorCase(line: "interna", fact: .unknownCommand("interna", suggestion: nil)),
            ErrorCase(line: "sched", fact: .unknownCommand("sched", suggestion: "schedule")),
            ErrorCase(line: "schedule lst", fact: .unknownCommand("lst", suggestion: "list"), command: ["schedule"]),
            ErrorCase(line: "help schedule rum", fact: .unknownCommand("rum", suggestion: "run"), command: ["schedule"]),
            ErrorCase(line: "copy --too a", fact: .unknownOption("--too", suggestion: "--to"), command: ["copy"]),
            ErrorCase(line: "copy -tF a -Q", fact: .unknownOption("-Q", suggestion: nil), command: ["copy"]),
            ErrorCase(line: "--to a copy x", fact: .unknownOption("--to", suggestion: nil)),
            ErrorCase(line: "copy --version", fact: .unknownOption("--version", suggestion: nil), command: ["copy"]),
            ErrorCase(line: "copy x --to", fact: .missingValue(option: "--to", valueName: "place"), command: ["copy"]),
            ErrorCase(line: "copy x --to --force", fact: .missingValue(option: "--to", valueName: "place"), command: ["copy"]),
            ErrorCase(line: "copy x --to -- y", fact: .missingValue(option: "--to", valueName: "place"), command: ["copy"]),
            ErrorCase(line: "copy --force=yes", fact: .unexpectedValue(flag: "--force", value: "yes"), command: ["copy"]),
            ErrorCase(line: "copy -F=yes", fact: .unexpectedValue(flag: "--force", value: "yes"), command: ["copy"]),
            ErrorCase(line: "copy --limit 1 --limit 2", fact: .repeatedOption("--limit"), command: ["copy"]),
            ErrorCase(line: "copy --to a", fact: .missingArgument("thing"), command: ["copy"]),
            ErrorCase(line: "copy x", fact: .missingOption("--to", valueName: "place"), command: ["copy"]),
            ErrorCase(line: "trim 1 why 3", fact: .unexpectedArgument("3"), command: ["trim"]),
            ErrorCase(line: "copy x --to a -Fn", fact: .conflict("--force", "--dry-run"), command: ["copy"]),
            ErrorCase(
                line: "trim 1x",
                fact: .invalidValue(
                    "1x", parameter: "<by>", source: .commandLine, expectation: "a whole number", suggestion: nil),
                command: ["trim"]
            ),
            ErrorCase(
                line: "copy x --to a --limit -3",
                fact: .invalidValue(
                    "-3", parameter: "--limit", source: .commandLine, expectation: "a whole number from 0 up", suggestion: nil),
                command: ["copy"]
            ),
            ErrorCase(
                line: "copy x --to a --format Tra",
                fact: .invalidValue(
                    "Tra", parameter: "--format", source: .commandLine, expectation: "one of tar, directory", suggestion: "tar"),
                command: ["copy"]
            ),
        ]
    )
    func errors(_ expected: ErrorCase) {
        let words = expected.line.split(separator: " ").map(String.init)
        #expect(throws: UsageError(expected.fact, command: expected.command)) { try ExampleProgram.parse(words) }
    }

    @Test("the environment stands in for an option, and the command line wins over it")
    func environment() throws {
        let environment = ["EXAMPLE_HOME": "/e", "EXAMPLE_LOG": ""]
        let fromEnvironment = try ExampleProgram.parse(["schedule", "run"], environment: environment)
        #expect(fromEnvironment[ExampleProgram.home] == "/e")
        #expect(!fromEnvironment.isGiven(ExampleProgram.home))
        let given = try ExampleProgram.parse(["schedule", "run", "--home", "/h"], environment: environment)
        #expect(given[ExampleProgram.home] == "/h")
        #expect(given.isGiven(ExampleProgram.home))
        #expect(try ExampleProgram.parse(["schedule", "run"])[ExampleProgram.home] == ".example")
        #expect(try ExampleProgram.parse(["copy", "x", "-ta"], environment: environment)[CopyCommand.log] == nil)
        #expect(try ExampleProgram.parse(["copy", "x", "-ta"], environment: ["EXAMPLE_LOG": "l"])[CopyCommand.log] == "l")
    }

    @Test("an argument with a default and an optional one may be left out")
    func optionalArguments() throws {
        #expect(try ExampleProgram.parse(["trim"])[TrimCommand.by] == 5)
        #expect(try ExampleProgram.parse(["trim"])[TrimCommand.note] == nil)
        #expect(try ExampleProgram.parse(["trim", "-3", "tidy"])[TrimCommand.by] == -3)
        #expect(try ExampleProgram.parse(["trim", "-3", "tidy"])[TrimCommand.note] == "tidy")
    }

    @Test("a usage error that a command throws while it runs names the command")
    func errorsOfCommands() throws {
        guard case .command(let ready) = try ExampleProgram.program.parse(["cp", "x", "refused", "-ta"], environment: [:]) else {
            Issue.record("not a command")
            return
        }
        let context = ExampleProgram.Context()
        #expect(throws: UsageError(.rule("the name 'refused' is taken"), command: ["copy"])) { try ready.run(in: context) }
        #expect(context.output.text == "x to a\n")
    }

    @Test("reading a parameter that the command does not declare ends the program")
    func undeclaredParameter() async {
        await #expect(processExitsWith: .failure) {
            _ = try ExampleProgram.parse(["trim"])[CopyCommand.force]
        }
    }
}
