import Components
import ImageStore
import Model
import TestSupport
import Testing

@Suite struct `Speed of the engine` {
    /// The budget holds for an optimized build; this one has none of that, and other work beside it.
    @Test func `200 small file actions need no store, and little time`() throws {
        let steps = (0..<100).map {
            """
            - {name: A\($0), action: CreateFile, inputs: [{path: '/etc/{{ Name }}-\($0)', content: text, permissions: 0644}]}
            - {name: B\($0), action: SetFilePermissions, inputs: [{path: '{{ build.A\($0).inputs[0].path }}', permissions: 0600}]}
            """
        }
        let document = try EngineFixture.document(
            EngineFixture.build(steps.joined(separator: "\n"), header: "parameters: [{Name: {type: string, default: f}}]\n"))
        let fixture = try EngineFixture()
        let stored = fixture.objects.count
        let start = ContinuousClock.now
        let report = try fixture.run([ComponentInvocation(document)], order: .byDocument(phases: nil))
        let elapsed = ContinuousClock.now - start
        #expect(report.status == .success)
        #expect(report.stepNames.count == 200)
        // The file's own content, and no directory.
        #expect(fixture.objects.count == stored + 1)
        #expect(elapsed < .seconds(1), "\(elapsed)")
    }
}
