import Glibc
import ImageStore
import Model
import Platform
import Sandbox
import TestSupport
import Testing

/// Nothing is left on the host, however a program or Ingot itself ends.
@Suite(.serialized, .enabled(if: SandboxFixture.isAvailable, "\(SandboxFixture.obstacle ?? "")"))
struct ProbeEndTests {
    /// Seconds to sleep that tell this run's processes from those of other runs on the machine.
    private static let mark = "7\(getpid())"

    private static let daemon = "(setsid sh -c '(trap \"\" TERM HUP INT; sleep \(mark)1) &' &) >/dev/null 2>&1 </dev/null; "

    /// What a script is that leaves a daemon, and how it comes to its end.
    @Test(
        "daemons, mounts, loop devices and control groups are gone",
        arguments: ["exit 0", "exit 1", "kill -9 $$", "sleep \(mark)2", "kill -STOP $$", "exec sleep \(mark)2"])
    func ends(_ end: String) throws {
        try withSandbox { fixture in
            try fixture.run("\(Self.daemon) \(end)") { $0.limits.time = 500_000_000 }
            #expect(!ProbeHost.isRunning("sleep \(Self.mark)"))
            fixture.sandbox.close()
            #expect(ProbeHost.eventually { ProbeHost.loopDevices(below: fixture.folder).isEmpty })
            #expect(!ProbeHost.isRunning(fixture.folder))
            // Other tests mount at the same time, elsewhere.
            #expect(try !ProbeHost.mounts(below: fixture.folder))
        }
    }

    @Test(
        "without a process namespace the control group ends daemons",
        .enabled(if: geteuid() == 0, "only root can make control groups everywhere"))
    func group() throws {
        try withSandbox(walls: Walls.all.subtracting(.processes)) { fixture in
            try fixture.run("\(Self.daemon) sleep 0.2")
            #expect(ProbeHost.eventually { !ProbeHost.isRunning("sleep \(Self.mark)1") })
        }
    }

    @Test("a run that is cancelled leaves nothing")
    func cancelled() throws {
        let cancellation = Cancellation()
        try withSandbox(environment: .system(cancellation: cancellation)) { fixture in
            #expect(throws: Failure.self) {
                let program = GuestProgram(["sh", "-c", "\(Self.daemon) echo go; sleep \(Self.mark)2"])
                _ = try fixture.sandbox.run(program, on: fixture.editor) { _, _ in cancellation.cancel() }
            }
            #expect(!ProbeHost.isRunning("sleep \(Self.mark)"))
            #expect(ProbeHost.eventually { ProbeHost.loopDevices(below: fixture.folder).isEmpty })
        }
    }

    @Test("when Ingot is killed, its programs, mounts and loop devices end with it; its control groups when the next one starts")
    func killed() async throws {
        let folder: String = "/tmp/ingot-probe-\(try Random.token())"
        try Files.makeFolders(folder, permissions: 0o700)
        defer { try? Files.removeTree(folder) }
        await #expect(processExitsWith: .signal(SIGKILL)) { [folder = folder as String, mark = Self.mark as String] in
            let fixture = try SandboxFixture(in: folder)
            let program = GuestProgram(["sh", "-c", "(setsid sleep \(mark)3 &) ; echo go; sleep \(mark)3"], network: .none)
            _ = try fixture.sandbox.run(program, on: fixture.editor) { _, _ in
                try? Files.writeDurably("\(folder)/process", Array("\(getpid())".utf8))
                kill(getpid(), SIGKILL)
            }
        }
        let written = try Files.read("\(folder)/process")
        let process = try #require(Int32(String(decoding: written, as: UTF8.self)))
        #expect(ProbeHost.eventually { !ProbeHost.isRunning("sleep \(Self.mark)3") })
        #expect(ProbeHost.eventually { ProbeHost.loopDevices(below: folder).isEmpty })
        #expect(ProbeHost.eventually { !ProbeHost.isRunning(folder) })
        #expect(try !ProbeHost.mounts(below: folder))
        try Sandbox.removeLeftover("\(folder)/sandbox")
        #expect(!Files.exists("\(folder)/sandbox"))
        try withSandbox { _ in }
        #expect(try ProbeHost.controlGroups(of: process) == "")
    }
}
