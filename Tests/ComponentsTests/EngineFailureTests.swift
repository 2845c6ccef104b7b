import Components
import Model
import Sandbox
import Testing

@Suite struct `What is told of a step that failed` {
    private func failure(_ step: String, _ scripts: [ScriptedPrograms.Script] = []) throws -> FailureBlock {
        let fixture = try EngineFixture(programs: scripts)
        _ = try fixture.run(EngineFixture.build(step))
        return try #require(fixture.failures.first)
    }

    @Test func `what can be done about it`() throws {
        let block = try failure("- {name: A, action: S3Download, inputs: [{source: 's3://bucket/key', destination: /opt/f}]}")
        #expect(block.errorMessage.contains("AWS_ACCESS_KEY_ID is not set"))
        #expect(block.lines.last == "Hint: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run `aws configure`")
    }

    @Test func `without a line for the hint where there is none`() throws {
        let block = try failure("- {name: A, action: ExecuteBash, inputs: {commands: [x]}}", [.init(end: .exited(3))])
        #expect(block.hint.isEmpty)
        #expect(block.lines.last == "Stderr: ")
    }

    @Test(arguments: [
        (127, ": a command was not found in the image"), (126, ": a command was found that cannot be executed"), (1, ""),
    ])
    func `what a shell means by its exit status`(_ status: Int32, _ meaning: String) throws {
        let errors = ["input.sh: line 1: yum: command not found"]
        let block = try failure(
            "- {name: A, action: ExecuteBash, inputs: {commands: [yum]}}", [.init(errors: errors, end: .exited(status))])
        #expect(block.errorMessage == "the script ended with exit status \(status)\(meaning)")
        #expect(block.stderr == errors[0])
    }

    @Test func `the limit that the document gives, not what was left of it`() throws {
        let block = try failure(
            "- {name: A, action: ExecuteBash, timeoutSeconds: 1, inputs: {commands: [x]}}",
            [.init(errors: ["still working"], seconds: 5)])
        #expect(block.errorMessage == "the step ran longer than its time limit of 1 s")
        #expect(block.hint == "set 'timeoutSeconds' of the step, -1 for no limit")
        #expect(block.stderr == "still working")
    }

    @Test func `all parameters without a value at once`() throws {
        let header = "parameters:\n  - Bucket: {type: string, description: where logs go}\n  - Key: {type: string}\n"
        let step = "- {name: A, action: Assert, inputs: {stringIsEmpty: a}}"
        let failure = try #require(throws: Failure.self) {
            try EngineFixture().run(EngineFixture.build(step, header: header))
        }
        #expect(failure.message == "doc.yaml needs values for its parameters 'Bucket', 'Key'")
        #expect(failure.hint == "add to the parameters given: Bucket (where logs go), Key")
    }
}
