import Components
import ImageStore
import Model
import Platform
import Sandbox
import Testing

@Suite struct `The component engine` {
    private func steps(_ count: Int, action: String) -> String {
        EngineFixture.build((1...count).map { "- {name: S\($0), action: \(action)}" }.joined(separator: "\n"))
    }

    @Test func `several documents run phase after phase, each with its own chain`() throws {
        func document(_ name: String) throws -> ComponentDocument {
            try EngineFixture.document(
                """
                name: \(name)
                schemaVersion: 1.0
                phases:
                  - name: build
                    steps:
                      - {name: A, action: ExecuteBash, inputs: {commands: [build \(name)]}}
                  - name: validate
                    steps:
                      - {name: B, action: ExecuteBash, inputs: {commands: ['look {{ build.A.outputs.stdout }}']}}
                """)
        }
        let fixture = try EngineFixture(programs: [
            .init(expects: "build one", output: ["1"]), .init(expects: "build two", output: ["2"]), .init(expects: "look 1"),
            .init(expects: "look 2"),
        ])
        let invocations = [ComponentInvocation(try document("one")), ComponentInvocation(try document("two"))]
        let report = try fixture.run(invocations, order: .byPhase(["build", "validate"]))
        #expect(report.status == .success)
        #expect(report.documents.map { $0.phases.map(\.name) } == [["build", "validate"], ["build", "validate"]])
    }

    @Test func `a failed document stops the ones behind it, in every order`() throws {
        let failing = try EngineFixture.document(EngineFixture.build("- {name: A, action: Assert, inputs: {stringIsEmpty: x}}"))
        let next = try EngineFixture.document(EngineFixture.build("- {name: B, action: Assert, inputs: {stringIsEmpty: ''}}"))
        for order in [ComponentRun.Order.byDocument(phases: nil), .byPhase(["build"])] {
            let report = try EngineFixture().run([ComponentInvocation(failing), ComponentInvocation(next)], order: order)
            #expect(report.status == .failed)
            #expect(report.stepNames == ["build.A"])
        }
    }

    @Test func `phases that no document has are nothing when phases run in order`() throws {
        let document = try EngineFixture.document(EngineFixture.build("- {name: A, action: Assert, inputs: {stringIsEmpty: ''}}"))
        let report = try EngineFixture().run([ComponentInvocation(document)], order: .byPhase(["test"]))
        #expect(report.status == .success)
        #expect(report.summary().executedStepCount == 0)
    }

    @Test func `the summary counts steps by how they ended`() throws {
        let fixture = try EngineFixture()
        let report = try fixture.run(
            EngineFixture.build(
                """
                - {name: A, action: Assert, inputs: {stringIsEmpty: ''}}
                - {name: B, action: Assert, onFailure: Ignore, inputs: {stringIsEmpty: x}}
                - {name: C, action: Assert, onFailure: Continue, inputs: {stringIsEmpty: x}}
                - {name: D, action: Assert, if: {stringIsEmpty: x}, inputs: {stringIsEmpty: x}}
                """))
        let summary = report.summary(logURL: "file:///log")
        #expect(summary.executedStepCount == 3)
        #expect(summary.failedStepCount == 1)
        #expect(summary.ignoredFailedStepCount == 1)
        #expect(summary.status == .failed)
        #expect(summary.logUrl == "file:///log")
        #expect(
            summary.failureMessage == "the step 'C' of the phase 'build' failed: the assertion does not hold: stringIsEmpty 'x'")
        #expect(report.executionId.count == 36)
    }

    @Test func `the report has the field names of detailedoutput.json`() throws {
        let json = try EngineFixture().run(EngineFixture.build("- {name: A, action: Assert, inputs: {stringIsEmpty: ''}}")).json()
        let names = [
            "executionId", "status", "startTime", "endTime", "failureMessage", "documents", "filePath", "description", "phases",
            "steps",
            "timeoutSeconds", "onFailure", "maxAttempts", "action", "inputs", "outputs",
        ]
        for name in names { #expect(json.contains("\"\(name)\" : "), "\(name)") }
        #expect(json.contains(#""inputs" : "{\"stringIsEmpty\":\"\"}""#))
    }

    @Test func `programs are asked for before anything starts, and only where a selected step needs them`() throws {
        let fixture = try EngineFixture()
        fixture.programs.isAvailable = false
        let text = """
            schemaVersion: 1.0
            phases:
              - name: build
                steps: [{name: A, action: CreateFile, inputs: [{path: /etc/a}]}]
              - name: validate
                steps: [{name: B, action: ExecuteBash, inputs: {commands: [x]}}]
            """
        #expect(throws: Failure.self) { try fixture.run(text) }
        #expect(try fixture.text("/etc/a") == nil)
        #expect(try fixture.run(text, order: .byDocument(phases: ["build"])).status == .success)
    }

    @Test func `binaryExists in a condition needs programs too`() throws {
        let fixture = try EngineFixture()
        fixture.programs.isAvailable = false
        let text = EngineFixture.build("- {name: A, action: Reboot, if: {not: {and: [{binaryExists: x}]}}}")
        #expect(throws: Failure.self) { try fixture.run(text) }
    }

    @Test func `a machine is started anew a bounded number of times`() throws {
        let fixture = try EngineFixture(programs: Array(repeating: .init(end: .exited(194)), count: 16))
        let report = try fixture.run(EngineFixture.build("- {name: A, action: ExecuteBash, inputs: {commands: [again]}}"))
        #expect(report.status == .failed)
        #expect(report.failureMessage.contains("started anew more than 15 times"))
        #expect(fixture.programs.left == 0)
        #expect(try EngineFixture().run(steps(15, action: "Reboot")).status == .success)
        #expect(try EngineFixture().run(steps(16, action: "Reboot")).status == .failed)
    }

    @Test func `a cancelled run stops between two steps, and its report says how far it came`() throws {
        let fixture = try EngineFixture(programs: [.init()])
        let text = EngineFixture.build(
            """
            - {name: A, action: ExecuteBash, inputs: {commands: [x]}}
            - {name: B, action: Assert, onFailure: Ignore, maxAttempts: 5, inputs: {stringIsEmpty: ''}}
            """)
        fixture.programs.onRun = { fixture.cancellation.cancel() }
        let failure = try #require(throws: Failure.self) { try fixture.run(text) }
        #expect(failure.code == .cancelled)
        let report = try #require(fixture.run).currentReport
        #expect(report.step("build.A")?.status == .success)
        #expect(report.step("build.B")?.status == .interrupted)
        #expect(report.documents[0].status == .interrupted)
    }

    @Test(arguments: [Failure.Code.corrupt, .cancelled, .bug])
    func `what ends the whole run is neither tried again nor ignored`(_ code: Failure.Code) throws {
        let fixture = try EngineFixture(programs: [.init(failure: Failure(code, "the store is damaged"))])
        let failure = try #require(throws: Failure.self) {
            try fixture.run(
                EngineFixture.build(
                    "- {name: A, action: ExecuteBash, onFailure: Ignore, maxAttempts: 3, inputs: {commands: [x]}}"))
        }
        #expect(failure.code == code)
    }

    @Test func `a program's failure shows what it wrote to its standard error`() throws {
        let fixture = try EngineFixture(programs: [
            .init(output: ["fine"], errors: ["no space left", "giving up"], end: .signalled(9))
        ])
        let document = try EngineFixture.document(
            "name: web\n" + EngineFixture.build("- {name: A, action: ExecuteBash, inputs: {commands: [x]}}"))
        let invocation = ComponentInvocation(document, componentArn: "arn:aws:imagebuilder:::component/web/1.0.0/1")
        _ = try fixture.run([invocation], order: .byDocument(phases: nil))
        let block = try #require(fixture.failures.first)
        #expect(
            block.lines == [
                "Document: web", "ComponentArn: arn:aws:imagebuilder:::component/web/1.0.0/1", "Phase: build", "Step: A",
                "Action: ExecuteBash", "ErrorMessage: the script was ended by signal 9", "Stderr: no space left", "    giving up",
            ])
        let lines = ConsoleLog.lines(of: .failed(block), at: Instant(seconds: 0))
        #expect(lines[0] == "1970-01-01 00:00:00 Error Document: web")
        #expect(ConsoleLog.lines(of: .output("x"), at: Instant(seconds: 0)) == ["1970-01-01 00:00:00 Info Stdout: x"])
    }

    @Test func `an output is cut for later steps at its limit, and the console has all of it`() throws {
        let line = String(repeating: "x", count: 1 << 19)
        let fixture = try EngineFixture(programs: [.init(output: [line, line, line])])
        let text = EngineFixture.build(
            """
            - {name: A, action: ExecuteBash, inputs: {commands: [x]}}
            - {name: B, action: CreateFile, inputs: [{path: /etc/b, content: '{{ build.A.outputs.stdout }}'}]}
            """)
        #expect(try fixture.run(text).status == .success)
        #expect(try fixture.text("/etc/b")?.utf8.count == 1 << 20)
        #expect(fixture.console.count { $0 == line } == 3)
        #expect(fixture.console.contains { $0.contains("is cut to its first") })
    }

    @Test func `a reference to a step that was skipped or has failed fails the step`() throws {
        let report = try EngineFixture(programs: [.init(end: .exited(1))]).run(
            EngineFixture.build(
                """
                - {name: A, action: ExecuteBash, onFailure: Continue, inputs: {commands: [x]}}
                - {name: B, action: ExecuteBash, if: {stringIsEmpty: x}, inputs: {commands: [x]}}
                - {name: C, action: Assert, onFailure: Continue, inputs: {stringIsEmpty: '{{ build.A.outputs.stdout }}'}}
                - {name: D, action: Assert, onFailure: Continue, inputs: {stringIsEmpty: '{{ build.B.outputs.stdout }}'}}
                - {name: E, action: Assert, inputs: {stringIsEmpty: '{{ build.A.inputs.commands }}'}}
                """))
        for step in ["C", "D", "E"] {
            #expect(report.step("build.\(step)")?.failureMessage.contains("was not run with success") == true)
        }
    }

    @Test func `steps that run programs have the time that is left, the network of the run, and the folder for temporary files`()
        throws
    {
        let fixture = try EngineFixture(programs: [.init(), .init()])
        fixture.network = .outgoing
        _ = try fixture.run(
            EngineFixture.build(
                """
                - {name: A, action: ExecuteBash, timeoutSeconds: 30, inputs: {commands: [x]}}
                - {name: B, action: ExecuteBinary, inputs: {path: /bin/true}}
                """))
        #expect(fixture.programs.started.map(\.limits.time) == [30_000_000_000, 7_200_000_000_000])
        #expect(fixture.programs.started.map(\.network) == [.outgoing, .outgoing])
        #expect(fixture.programs.started.map(\.workingFolder) == ["/tmp", "/tmp"])
        #expect(fixture.programs.started[0].arguments == ["/bin/bash", "/run/ingot/input.sh"])
        #expect(fixture.programs.started[0].files == ["/run/ingot/input.sh": Array("x\n".utf8)])
    }

    @Test func `typed inputs are checked again when references are replaced`() throws {
        let report = try EngineFixture().run(
            EngineFixture.build(
                "- {name: A, action: CreateFile, inputs: [{path: /etc/a, overwrite: '{{ Over }}'}]}",
                header: "parameters: [{Over: {type: string}}]\n"),
            parameters: ["Over": ParameterValue("perhaps")])
        #expect(report.failureMessage.contains("the input 'overwrite' of CreateFile must be true or false, this is 'perhaps'"))
    }
}
