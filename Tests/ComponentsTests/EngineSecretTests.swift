import Components
import Model
import Sandbox
import Testing

@Suite struct `Secret values in a run` {
    private let header = "parameters: [{Token: {type: string}}]\n"
    private let token = ["Token": ParameterValue("hunter22/x", isSecret: true)]

    @Test func `appear neither in the console, nor in the report, nor in failures`() throws {
        let fixture = try EngineFixture(programs: [
            .init(
                output: ["token hunter22/x", "hunter%2", "aHVudGVyMjIveA=="], errors: ["bad hunter22/x", "hunt", "er22/x tail"],
                end: .exited(1))
        ])
        let report = try fixture.run(
            EngineFixture.build(
                """
                - {name: A, action: ExecuteBash, onFailure: Continue, maxAttempts: 1, inputs: {commands: ['login {{ Token }}']}}
                - {name: B, action: Assert, inputs: {stringEquals: a, value: '{{ Token }}'}}
                """, header: header), parameters: token)
        let shown =
            try report.json() + fixture.console.joined(separator: "\n")
            + fixture.failures.flatMap(\.lines).joined(separator: "\n")
        for form in ["hunter22", "hunt\ner22", "aHVudGVyMjI"] { #expect(!shown.contains(form), "\(form)") }
        #expect(fixture.console == ["token ******", "hunter%2", "******A==", "bad ******", "******", " tail"])
        #expect(report.step("build.B")?.failureMessage == "the assertion does not hold: stringEquals 'a' value '******'")
    }

    @Test func `a secret value is described without its text`() {
        #expect("\(ParameterValue("x", isSecret: true))" == "a secret value")
        #expect("\(ParameterValue("x"))" == "'x'")
    }

    @Test func `reach a called document as secret values`() throws {
        let fixture = try EngineFixture(programs: [.init(expects: "use hunter22/x", output: ["got hunter22/x"])])
        let checkpoints = MemoryCheckpoints()
        fixture.checkpoints = checkpoints
        fixture.documents.texts["s3://b/k"] = EngineFixture.build(
            "- {name: A, action: ExecuteBash, inputs: {commands: ['use {{ Inner }}']}}",
            header: "parameters: [{Inner: {type: string}}]\n")
        let report = try fixture.run(
            EngineFixture.build(
                """
                - name: A
                  action: ExecuteDocument
                  inputs: {document: s3://b/k, parameters: [{name: Inner, value: '{{ Token }}'}]}
                """, header: header), parameters: token)
        #expect(report.status == .success)
        #expect(!(try report.json()).contains("hunter22"))
        #expect(report.step("build.A")?.detailedOutput?.step("build.A")?.inputs == #"{"commands":["use ******"]}"#)
        #expect(checkpoints.recorded.isEmpty)
    }

    @Test func `of Systems Manager are named, for whoever searches the tree for them`() throws {
        let fixture = try EngineFixture()
        fixture.parameters.values = ["/plain": StoredParameter(.string("x")), "/secret": StoredParameter(.secure("y"))]
        let text = EngineFixture.build(
            "- {name: A, action: Assert, inputs: {or: [{stringEquals: '{{ aws:ssm:/plain }}', value: '{{ aws:ssm:/secret }}'}, {stringIsEmpty: ''}]}}"
        )
        #expect(try fixture.run(text).status == .success)
        #expect(try #require(fixture.run).secureParameters == ["/secret"])
        #expect(try EngineFixture.document(text).storedParameters() == ["/plain", "/secret"])
    }

    @Test func `a parameter of Systems Manager is read once a run`() throws {
        let fixture = try EngineFixture()
        fixture.parameters.values["/n"] = StoredParameter(.string("x"))
        let step = "action: Assert, inputs: {stringEquals: x, value: '{{ aws:ssm:/n }}'}"
        _ = try fixture.run(EngineFixture.build("- {name: A, \(step)}\n- {name: B, \(step)}"))
        #expect(fixture.parameters.asked == ["/n"])
    }
}
