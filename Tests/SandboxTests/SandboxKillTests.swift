import Glibc
import ImageStore
import Model
import Platform
import Sandbox
import TestSupport
import Testing

@Suite(.serialized, .enabled(if: SandboxFixture.isAvailable, "\(SandboxFixture.obstacle ?? "")"))
struct SandboxKillTests {
    @Test("a holder of namespaces ends when nobody has its lifeline any more, and its mounts and loop device with it")
    func holder() throws {
        try withSandbox { fixture in
            try fixture.run("true")
            let devices = Self.loopDevices(below: fixture.folder)
            #expect(geteuid() != 0 || devices.count == 1)
            fixture.sandbox.close()
            for _ in 0..<200 where !Self.loopDevices(below: fixture.folder).isEmpty { usleep(10_000) }
            #expect(Self.loopDevices(below: fixture.folder).isEmpty)
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

    /// Loop devices whose file is below a folder.
    private static func loopDevices(below folder: String) -> [String] {
        Files.names(in: "/sys/block").filter { name in
            let file = (try? Files.readStream("/sys/block/\(name)/loop/backing_file", limit: 4096)) ?? []
            return String(decoding: file, as: UTF8.self).hasPrefix(folder)
        }
    }
}
