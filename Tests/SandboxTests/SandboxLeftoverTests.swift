import Glibc
import ImageStore
import Model
import Platform
import Sandbox
import TestSupport
import Testing

@Suite(.serialized, .enabled(if: SandboxFixture.isAvailable, "\(SandboxFixture.obstacle ?? "")"))
struct SandboxLeftoverTests {
    @Test("a sandbox that is closed leaves no loop device")
    func closed() throws {
        try withSandbox { fixture in
            try fixture.run("true")
            let devices = ProbeHost.loopDevices(below: fixture.folder)
            #expect(geteuid() != 0 || devices.count == 1)
            fixture.sandbox.close()
            for _ in 0..<200 where !ProbeHost.loopDevices(below: fixture.folder).isEmpty { usleep(10_000) }
            #expect(ProbeHost.loopDevices(below: fixture.folder).isEmpty)
        }
    }

    @Test("what a killed sandbox left is removed, also what only other users may look into")
    func leftover() throws {
        try withSandbox { fixture in
            try fixture.run("mkdir -p /a/b/c; echo x > /a/b/c/d; chown -R 5:5 /a; chmod 700 /a /a/b")
            // Not closed: the layer is as it would be after a kill.
            try Sandbox.removeLeftover("\(fixture.folder)/sandbox")
            #expect(!Files.exists("\(fixture.folder)/sandbox"))
        }
    }
}
