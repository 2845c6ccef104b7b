import CommandLineKit
import Testing

@Suite("the command line: declarations as documents")
struct CommandLineReferenceTests {
    private let grammar = ExampleProgram.program.grammar

    @Test("the dump of a command is exactly this")
    func dump() throws {
        let dump = try grammar.dump()
        let expected = """
                {
                  "abstract" : "Make things smaller",
                  "aliases" : [

                  ],
                  "commands" : [

                  ],
                  "examples" : [

                  ],
                  "exitStatuses" : [

                  ],
                  "hidden" : false,
                  "name" : "trim",
                  "parameters" : [
                    {
                      "default" : "5",
                      "help" : "How much",
                      "hidden" : false,
                      "kind" : "argument",
                      "minimum" : 0,
                      "name" : "by",
                      "repeats" : false
                    },
            """
        #expect(dump.contains(expected))
        #expect(dump.contains(#""short" : "t""#))
        #expect(dump.contains(#""environment" : "EXAMPLE_HOME""#))
        #expect(dump.contains(#""version" : "1.2.3""#))
    }

    @Test("the reference has a section for every command that is not hidden")
    func markdown() {
        let page = grammar.markdown(preface: "Some words.")
        #expect(page.hasPrefix("# example\n\nKeep things.\n\nThings are kept"))
        #expect(
            page.contains(
                "\n\nSome words.\n\n| command | |\n|---|---|\n| [`example copy`](#example-copy) | Copy a thing to other places |\n"
            ))
        let headings = page.split(separator: "\n").filter { $0.hasPrefix("## ") }
        #expect(
            headings == [
                "## Options of every command", "## Exit statuses", "## example copy", "## example trim",
                "## example schedule list",
                "## example schedule run",
            ])
        #expect(page.contains("```\nexample copy <thing> [<name>...] --to <place>... [options]\n```"))
        #expect(page.contains("| `-t, --to <place>` | Where to put a copy (can be repeated; required) |"))
        #expect(page.contains("Puts a copy on the shelf:\n\n```\nexample copy thing-1 --to shelf\n```"))
        #expect(page.contains("| 3 | A place is full |"))
    }

    @Test("the example program is declared well")
    func wellDeclared() {
        #expect(grammar.faults() == [])
    }

    struct Fault: CustomTestStringConvertible, Sendable {
        var specification: Specification
        var testDescription: String
    }

    @Test(
        "a declaration that cannot work is found",
        arguments: [
            Fault(specification: .init("x", ""), testDescription: "the abstract is empty"),
            Fault(specification: .init("x", "Does."), testDescription: "the abstract ends in a full stop"),
            Fault(
                specification: .init("x", "Does", parameters: [Flag("a", "")]),
                testDescription: "the help of '--a' is empty"),
            Fault(
                specification: .init("x", "Does", parameters: [Flag("home", "Go")]),
                testDescription: "two options are called '--home'"),
            Fault(
                specification: .init("x", "Does", parameters: [Flag("help-me", short: "h", "Go")]),
                testDescription: "two options are called '-h'"),
            Fault(
                specification: .init(
                    "x", "Does", parameters: [Argument<[String]>("a", "A", minimum: 1), Argument<String>("b", "B")]),
                testDescription: "an argument follows a repeating one"),
            Fault(
                specification: .init("x", "Does", parameters: [Argument<String?>("a", "A"), Argument<String>("b", "B")]),
                testDescription: "a required argument follows an optional one"),
            Fault(
                specification: .init("x", "Does", parameters: [Argument<String>("a", "A"), Argument<String>("a", "B")]),
                testDescription: "two arguments are called '<a>'"),
            Fault(
                specification: .init("x", "Does", examples: [.init("other x", "Does")]),
                testDescription: "the example 'other x' does not begin with 'example'"),
            Fault(
                specification: .init("x", "Does", examples: [.init("example x --no > file", "Does")]),
                testDescription: "the example 'example x --no > file' is refused: unknown option '--no'"),
        ]
    )
    func faults(_ fault: Fault) {
        let root = Specification("example", "Keep things")
        let program = Program<ExampleProgram.Context>(
            root, version: "1", globals: [ExampleProgram.home], exitStatuses: [], commands: [.group(fault.specification, [])])
        #expect(program.grammar.faults() == ["example x: \(fault.testDescription)"])
    }

    @Test("two commands of one name are found, and a command called help")
    func sameNames() {
        let specification = Specification("copy", "Does")
        let program = Program<ExampleProgram.Context>(
            Specification("example", "Keep things"), version: "1", globals: [], exitStatuses: [],
            commands: [.command(CopyCommand.self), .group(specification, []), .group(Specification("help", "Helps"), [])])
        #expect(
            program.grammar.faults().prefix(2) == [
                "example: two commands are called 'copy'", "example: two commands are called 'help'",
            ])
    }

    @Test("quotes in an example are taken off as a shell does it")
    func quotes() {
        let examples = [CommandLineKit.Example("example x 'a b' \"\" --home='c d'", "Does")]
        let specification = Specification(
            "x", "Does", examples: examples, parameters: [Argument<String>("a", "A"), Argument<String>("b", "B")])
        let program = Program<ExampleProgram.Context>(
            Specification("example", "Keep things"), version: "1", globals: [ExampleProgram.home], exitStatuses: [],
            commands: [.group(specification, [])])
        #expect(program.grammar.faults() == [])
    }
}
