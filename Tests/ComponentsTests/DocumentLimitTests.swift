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

    @Test func `steps that double a text through references are ended at the limit of inputs`() throws {
        let half = String(repeating: "x", count: ComponentDocument.Limits.output - 1)
        let steps = (1...40).map { number in
            let before = number == 1 ? "{{ build.S0.outputs.stdout }}" : "{{ build.S\(number - 1).inputs[0].content }}"
            return "- {name: S\(number), action: CreateFile, inputs: [{path: /etc/f, content: '\(before)\(before)'}]}"
        }
        let first = "- {name: S0, action: ExecuteBash, inputs: {commands: [first]}}"
        let report = try EngineFixture(programs: [.init(output: [half])]).run(
            EngineFixture.build(([first] + steps).joined(separator: "\n")))
        #expect(report.stepNames == ["build.S0", "build.S1", "build.S2", "build.S3"])
        #expect(
            report.step("build.S3")?.failureMessage
                == "the inputs have more than 4194304 bytes once their references are replaced")
    }

    @Test func `many references in one entry of inputs are ended at the limit too`() throws {
        let text = String(repeating: "x", count: ComponentDocument.Limits.output - 1)
        let commands = String(repeating: "'{{ build.A.outputs.stdout }}',", count: 100)
        let report = try EngineFixture(programs: [.init(output: [text])]).run(
            EngineFixture.build(
                """
                - {name: A, action: ExecuteBash, inputs: {commands: [first]}}
                - {name: B, action: ExecuteBash, inputs: {commands: [\(commands)]}}
                """))
        #expect(report.step("build.B")?.failureMessage.contains("more than 4194304 bytes") == true)
    }

    @Test func `the outputs of a loop are kept up to the limit of one output`() throws {
        let line = String(repeating: "x", count: 300_000)
        let fixture = try EngineFixture(programs: Array(repeating: .init(output: [line]), count: 10))
        let report = try fixture.run(
            EngineFixture.build(
                """
                - name: A
                  action: ExecuteBash
                  loop: {for: {start: 1, end: 10, updateBy: 1}}
                  inputs: {commands: [x]}
                - {name: B, action: CreateFile, inputs: [{path: /etc/lines, content: '{{ build.A.outputs.stdout }}'}]}
                """))
        #expect(report.status == .success)
        #expect(try fixture.text("/etc/lines") == [line, line, line].joined(separator: "\n"))
    }

    @Test func `a loop of 10^9 iterations ends at its time limit`() throws {
        let programs = Array(repeating: ScriptedPrograms.Script(seconds: 1), count: 3)
        let report = try EngineFixture(programs: programs).run(
            EngineFixture.build(
                """
                - name: A
                  action: ExecuteBash
                  timeoutSeconds: 3
                  loop: {for: {start: 1, end: 1000000000, updateBy: 1}}
                  inputs: {commands: [x]}
                """))
        #expect(report.step("build.A")?.failureMessage == "the loop ran longer than its time limit of 3 s")
        #expect(report.step("build.A")?.loop?.iterations == 3)
    }

    @Test func `a condition of two thousand 'not' is refused where it is too deep`() throws {
        let deep = String(repeating: "{not: ", count: 2000) + "{stringIsEmpty: a}" + String(repeating: "}", count: 2000)
        let failure = try #require(throws: Failure.self) {
            try EngineFixture.document(EngineFixture.build("- {name: A, action: Assert, inputs: \(deep)}"))
        }
        #expect(failure.message.contains("more than 64 deep in each other"))
    }

    @Test func `a pattern that would be tried without end is given up`() throws {
        let value = String(repeating: "a", count: 40) + "b"
        let report = try EngineFixture().run(
            EngineFixture.build("- {name: A, action: Assert, inputs: {patternMatches: '^(a+)+$', value: \(value)}}"))
        #expect(report.step("build.A")?.failureMessage.contains("matching it was given up") == true)
    }
}
