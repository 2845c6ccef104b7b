import Model
import Recipes
import Testing

@Suite("Templates in names")
struct TemplateTests {
    private let values: [Template.Variable: String] = [
        .version: "1.4.2", .buildDate: "2026-11-20T23-19-33.000Z", .recipe: "web", .pipeline: "nightly", .buildNumber: "3",
        .region: "us-east-1",
    ]

    @Test(
        "variables are replaced, with any blanks inside the braces",
        arguments: [
            ("web-{{ version }}-{{buildDate}}", "web-1.4.2-2026-11-20T23-19-33.000Z"),
            ("{{  recipe  }}/{{pipeline}}", "web/nightly"), ("{{version}}{{buildNumber}}", "1.4.23"),
            ("{{ region }}", "us-east-1"), ("no variable", "no variable"), ("a {single} b", "a {single} b"), ("", ""),
        ])
    func rendered(text: String, expected: String) throws {
        let template = try Template(parsing: text)
        #expect(try template.rendered(values) == expected)
        #expect(template.description == text)
    }

    @Test(
        "an unknown variable is refused with a suggestion",
        arguments: [
            ("{{ versoin }}", "did you mean 'version'?"), ("{{ imagebuilder:buildDate }}", "did you mean 'buildDate'?"),
            ("{{ BUILDDATE }}", "did you mean 'buildDate'?"),
            ("{{ colour }}", "known: version, buildDate, recipe, pipeline, buildNumber, region"),
        ])
    func unknown(text: String, hint: String) {
        let failure = #expect(throws: Failure.self) { try Template(parsing: text) }
        #expect(failure?.message == "there is no variable '\(text.dropFirst(3).dropLast(3))'")
        #expect(failure?.hint == hint)
    }

    @Test("braces that do not close are refused")
    func open() {
        #expect(failure { () throws(Failure) in try Template(parsing: "a-{{ version") } == "\"a-{{ version\" has a {{ without }}")
    }

    @Test("a variable without a value is a fault of the program")
    func missing() throws {
        let template = try Template(parsing: "{{ version }}")
        #expect(throws: Failure.self) { try template.rendered([:]) }
    }

    @Test("a rendered name must be an AMI name")
    func amiName() throws {
        #expect(try Template(parsing: "web {{ version }} (x)/[y]_'@.").amiName(values).description == "web 1.4.2 (x)/[y]_'@.")
        let template = try Template(parsing: "web:{{ version }}")
        #expect(throws: Failure.self) { try template.amiName(values) }
        let long = try Template(parsing: String(repeating: "x", count: 124) + "{{ version }}")
        #expect(throws: Failure.self) { try long.amiName(values) }
        let short = try Template(parsing: "{{ buildNumber }}x")
        #expect(throws: Failure.self) { try short.amiName(values) }
    }
}
