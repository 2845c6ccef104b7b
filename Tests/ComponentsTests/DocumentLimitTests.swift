import Components
import ImageStore
import Model
import Testing

@Suite struct `Limits of component documents` {
    private func document(steps: Int) -> String {
        EngineFixture.build(
            (1...steps).map { "- {name: S\($0), action: CreateFile, inputs: [{path: /etc/f\($0), content: a}]}" }
                .joined(separator: "\n"))
    }

    @Test func `500 steps are read and run`() throws {
        let fixture = try EngineFixture()
        #expect(try fixture.run(document(steps: 500)).stepNames.count == 500)
        #expect(try fixture.text("/etc/f500") == "a")
    }

    @Test func `a document of 64 KiB is read, one byte more is refused`() throws {
        let text = document(steps: 1)
        let limit = ComponentDocument.Limits.bytes
        let padding = String(repeating: "#", count: limit - text.utf8.count)
        _ = try EngineFixture.document(text + padding)
        let failure = try #require(throws: Failure.self) { try EngineFixture.document(text + padding + "#") }
        #expect(failure.message == "doc.yaml has 65537 bytes; a component document has at most 65536")
    }

    @Test(arguments: [
        "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n"
            + "e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: [*e,*e,*e,*e,*e,*e,*e,*e,*e]\n",
        String(repeating: "[", count: 60_000), String(repeating: "- ", count: 30_000), "\u{0}", "", "a: &a {b: *a}",
    ])
    func `hostile YAML is refused`(_ text: String) {
        #expect(throws: Failure.self) { try EngineFixture.document(text) }
    }

    @Test func `text that begins with braces or an asterisk is to be put in quotes`() throws {
        let braces = try #require(throws: Failure.self) {
            try EngineFixture.document(
                EngineFixture.build("- name: A\n  action: Assert\n  inputs:\n    stringIsEmpty: {{ Name }}"))
        }
        #expect(braces.message.contains("doc.yaml:8:27: error: a key must be text, this is a mapping"))
        #expect(braces.message.contains("hint: put a text that begins with '{' in quotes"))
        let asterisk = try #require(throws: Failure.self) {
            try EngineFixture.document(
                EngineFixture.build("- name: A\n  action: ListFiles\n  inputs: [{path: /, fileNamePattern: *log}]"))
        }
        #expect(asterisk.message.contains("hint: put a text that begins with '*' in quotes"))
    }

    @Test func `a loop to the largest number ends there`() throws {
        let report = try EngineFixture(programs: [.init(), .init(expects: "x 9223372036854775807")]).run(
            EngineFixture.build(
                """
                - name: A
                  action: ExecuteBash
                  loop: {for: {start: 9223372036854775806, end: 9223372036854775807, updateBy: 1}}
                  inputs: {commands: ['x {{ loop.value }}']}
                """))
        #expect(report.status == .success)
        #expect(report.step("build.A")?.loop?.iterations == 2)
    }
}
