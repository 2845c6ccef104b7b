import Sandbox
import Testing

/// Calls of the kernel, tried by a program of C from inside.
@Suite(
    .serialized, .enabled(if: SandboxFixture.isAvailable, "\(SandboxFixture.obstacle ?? "")"),
    .enabled(if: ProbeProgram.obstacle == nil, "\(ProbeProgram.obstacle ?? "")"))
struct ProbeCallTests {
    @Test("the call is refused", arguments: ProbeCalls.all.map(\.name))
    func refused(_ name: String) throws {
        let call = try #require(ProbeCalls.all.first { $0.name == name })
        let outcome = try ProbeProgram.outcomes(behind: .all)[name]
        #expect(outcome == call.refused)
    }

    @Test("without the wall the probe would see it", arguments: ProbeCalls.all.filter { $0.wall != nil }.map(\.name))
    func control(_ name: String) throws {
        let call = try #require(ProbeCalls.all.first { $0.name == name })
        let outcome = try ProbeProgram.outcomes(behind: Walls.all.subtracting(try #require(call.wall)))[name]
        #expect(outcome != nil && outcome != call.refused)
    }
}
