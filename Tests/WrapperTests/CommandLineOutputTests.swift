import CommandLineKit
import Testing

@Suite("the command line: output")
struct CommandLineOutputTests {
    struct Row: ListRow, Encodable {
        var name: String
        var size: Int
        var path: String

        static let tableHeader: [Table.Column] = [
            Table.Column("NAME", canShrink: false), Table.Column("SIZE", .trailing), "PATH",
        ]
        var tableRow: [String] { [name, String(size), path] }
        var quietValue: String { name }
        var json: Row { self }
    }

    static let rows = [Row(name: "thing-1", size: 7, path: "/a/b"), Row(name: "t", size: 12_345, path: "")]

    @Test("a list has three formats")
    func formats() throws {
        #expect(
            try OutputFormat.table.render(Self.rows, on: .plain) == """
                NAME      SIZE  PATH
                thing-1      7  /a/b
                t        12345

                """)
        #expect(try OutputFormat.quiet.render(Self.rows, on: .plain) == "thing-1\nt\n")
        #expect(
            try OutputFormat.json.render(Array(Self.rows.prefix(1)), on: .plain) == """
                [
                  {
                    "name" : "thing-1",
                    "path" : "/a/b",
                    "size" : 7
                  }
                ]

                """)
    }

    @Test("an empty list is no line, but valid JSON")
    func empty() throws {
        let none: [Row] = []
        #expect(try OutputFormat.table.render(none, on: .plain) == "")
        #expect(try OutputFormat.quiet.render(none, on: .plain) == "")
        #expect(try OutputFormat.json.render(none, on: .plain) == "[\n\n]\n")
    }

    @Test("a list can have a JSON document of its own shape, which is made only when asked for")
    func document() throws {
        #expect(try OutputFormat.json.render(Self.rows, json: ["Images": ["x"]], on: .plain).hasPrefix("{\n  \"Images\" : [\n"))
        let unwanted = { () throws -> [String] in throw UsageError(.rule("made")) }
        #expect(try OutputFormat.quiet.render(Self.rows, json: unwanted(), on: .plain) == "thing-1\nt\n")
    }

    @Test("a table is shortened on a terminal only, at its widest column, and never in a column that must stay whole")
    func truncation() {
        let name = "an-identifier-that-is-long"
        let table = Table(Row.tableHeader, rows: [[name, "1", "/a/very/long/path/indeed"]])
        let narrow = Terminal(isInteractive: true, isStyled: false, width: 45)
        #expect(
            table.text(on: narrow) == """
                NAME                        SIZE  PATH
                an-identifier-that-is-long     1  /a/very/lo…

                """)
        #expect(table.text(on: Terminal(isInteractive: false, isStyled: false, width: 45)).contains("/a/very/long/path/indeed\n"))
        #expect(table.text(on: Terminal(isInteractive: true, isStyled: false, width: 10)).contains(name))
    }

    @Test("a cell cannot break the table or steer the terminal")
    func controlCharacters() {
        let table = Table(["A", "B"], rows: [["one\ntwo\u{1B}[2J", "x\ty\u{9B}z"]])
        #expect(table.text(on: .plain) == "A            B\none two [2J  x y z\n")
    }

    @Test("a row with too few or too many cells keeps the columns")
    func raggedRows() {
        #expect(Table(["A", "B"], rows: [["1"], ["1", "2", "3"]]).text(on: .plain) == "A  B\n1\n1  2\n")
    }

    @Test(
        "width counts columns, not characters",
        arguments: [
            ("abc", 3), ("", 0), ("ä", 1), ("e\u{301}", 1), ("서울", 4), ("日本", 4), ("✓", 1), ("🚀", 2), ("👩‍👩‍👧", 2), ("→", 1),
            ("ﬀ", 1), ("！", 2),
            ("\u{200B}", 0),
        ]
    )
    func width(_ text: String, _ columns: Int) {
        #expect(DisplayWidth.of(text) == columns)
    }

    @Test("a wide character is not cut in half")
    func truncateWide() {
        #expect(DisplayWidth.truncate("서울시", to: 5) == "서울…")
        #expect(DisplayWidth.truncate("서울시", to: 4) == "서…")
        #expect(DisplayWidth.truncate("서울시", to: 6) == "서울시")
        #expect(DisplayWidth.truncate("abc", to: 0) == "")
        #expect(DisplayWidth.pad("서울", to: 6, .trailing) == "  서울")
    }

    struct TerminalCase: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var isTerminal = true
        var columns: Int? = 120
        var environment: [String: String] = ["TERM": "xterm"]
        var expected: Terminal
    }

    @Test(
        "what is connected decides on repainting, styles and width",
        arguments: [
            TerminalCase(testDescription: "terminal", expected: Terminal(isInteractive: true, isStyled: true, width: 120)),
            TerminalCase(
                testDescription: "pipe", isTerminal: false, expected: Terminal(isInteractive: false, isStyled: false, width: 80)),
            TerminalCase(
                testDescription: "dumb", environment: ["TERM": "dumb"],
                expected: Terminal(isInteractive: false, isStyled: false, width: 120)),
            TerminalCase(
                testDescription: "NO_COLOR", environment: ["NO_COLOR": "1"],
                expected: Terminal(isInteractive: true, isStyled: false, width: 120)),
            TerminalCase(
                testDescription: "empty NO_COLOR", environment: ["NO_COLOR": ""],
                expected: Terminal(isInteractive: true, isStyled: true, width: 120)),
            TerminalCase(
                testDescription: "COLUMNS", environment: ["COLUMNS": "50"],
                expected: Terminal(isInteractive: true, isStyled: true, width: 50)),
            TerminalCase(
                testDescription: "useless COLUMNS", environment: ["COLUMNS": "0"],
                expected: Terminal(isInteractive: true, isStyled: true, width: 120)),
            TerminalCase(
                testDescription: "unknown size", columns: nil, expected: Terminal(isInteractive: true, isStyled: true, width: 80)),
        ]
    )
    func terminal(_ known: TerminalCase) {
        let terminal = Terminal(isTerminal: known.isTerminal, columns: known.columns, environment: known.environment)
        #expect(terminal == known.expected)
    }

    @Test("styles are escape sequences only where they are wanted")
    func styles() {
        let colourful = Terminal(isInteractive: true, isStyled: true, width: 80)
        #expect(colourful.styled("x", .bold) == "\u{1B}[1mx\u{1B}[0m")
        #expect(colourful.styled("", .bold) == "")
        #expect(Terminal.plain.styled("x", .bold) == "x")
    }
}
