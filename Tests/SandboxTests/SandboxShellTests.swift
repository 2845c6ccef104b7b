import Glibc
import ImageStore
import Model
import Platform
import Sandbox
import TestSupport
import Testing

@Suite(.serialized, .enabled(if: SandboxFixture.isAvailable, "\(SandboxFixture.obstacle ?? "")"))
struct SandboxShellTests {
    @Test("a shell has the caller's standard descriptors, its status comes back, and so does what it changed")
    func shell() throws {
        try withSandbox { fixture in
            // Not a terminal here: what is shown must not get into the test's own output.
            let program = GuestProgram(["/bin/sh", "-c", "echo shell > /made; exit 7"])
            do throws(Failure) {
                let result = try fixture.sandbox.shell(program, on: fixture.editor)
                #expect(result.end == .exited(7))
            } catch { throw SandboxFailed(code: error.code, text: error.chain.joined(separator: ": ")) }
            #expect(try fixture.text("/made") == "shell\n")
        }
    }
}
