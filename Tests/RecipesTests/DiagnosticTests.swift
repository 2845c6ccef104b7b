import Model
import Recipes
import Testing
import YAML

private func rendered(_ text: String, column: Int, line: Int = 1, hint: String? = nil) -> [String] {
    let diagnostic = Diagnostic(
        file: "r.yaml", mark: Mark(line: line, column: column, offset: 0), message: "it is wrong", hint: hint)
    return diagnostic.rendered(in: SourceText(Array(text.utf8))).split(separator: "\n", omittingEmptySubsequences: false).map(
        String.init)
}

@Suite("Diagnostics")
struct DiagnosticTests {
    @Test("an error shows its place, the line, a caret and the hint")
    func shape() {
        #expect(
            rendered("a: 1\nnmae: x\n", column: 1, line: 2, hint: "did you mean 'name'?") == [
                "r.yaml:2:1: error: it is wrong", "nmae: x", "^", "hint: did you mean 'name'?",
            ])
    }

    @Test("tabs before the column stay tabs below")
    func tabs() { #expect(rendered("a:\t[\tx]", column: 6).suffix(2) == ["a:\t[\tx]", "  \t \t^"]) }

    @Test("characters of double width take two columns below")
    func wide() { #expect(rendered("웹: é x", column: 6).suffix(2) == ["웹: é x", "      ^"]) }

    @Test("of a long line the part around the column is shown")
    func long() {
        let line = String(repeating: "a", count: 300) + "!" + String(repeating: "b", count: 300)
        let lines = rendered(line, column: 301)
        #expect(lines[1] == "…" + String(repeating: "a", count: 60) + "!" + String(repeating: "b", count: 59) + "…")
        #expect(lines[2] == String(repeating: " ", count: 61) + "^")
        #expect(rendered(line, column: 1)[1] == String(repeating: "a", count: 120) + "…")
        #expect(rendered(line, column: 602)[2].count == 122)
    }

    @Test("control characters of the document do not reach the terminal")
    func control() { #expect(rendered("a: \u{1B}[31m", column: 4)[1] == "a: \u{FFFD}[31m") }

    @Test("an empty line is not shown")
    func emptyLine() { #expect(rendered("a\n\nb", column: 1, line: 2) == ["r.yaml:2:1: error: it is wrong"]) }

    @Test("errors come in the order of the document, each once, as one failure")
    func sorted() throws {
        let source = SourceText(Array("a: 1\nb: 2\n".utf8))
        let diagnostics = Diagnostics(file: "r.yaml", source: source)
        #expect(diagnostics.failure == nil)
        diagnostics.report("second", at: source.mark(at: 5))
        diagnostics.report("first", at: source.mark(at: 3))
        diagnostics.report("third", at: source.mark(at: 5))
        diagnostics.report("second", at: source.mark(at: 5))
        #expect(diagnostics.sorted.map(\.message) == ["first", "second", "third"])
        let failure = try #require(diagnostics.failure)
        #expect(failure.code == .invalid)
        #expect(
            failure.message == """
                r.yaml:1:4: error: first
                a: 1
                   ^
                r.yaml:2:1: error: second
                b: 2
                ^
                r.yaml:2:1: error: third
                b: 2
                ^
                """)
    }
}
