import Glibc
import ImageStore
import Model
import Platform
import Sandbox
import TestSupport
import Testing

@Suite(.serialized, .enabled(if: SandboxFixture.isAvailable, "\(SandboxFixture.obstacle ?? "")"))
struct SandboxLimitTests {
    @Test("a program that never ends is ended at its time limit, with what it started; what it wrote is there")
    func time() throws {
        try withSandbox { fixture in
            let (result, _) = try fixture.run("trap '' TERM; echo x > /x; setsid sh -c 'trap \"\" TERM; sleep 987' & sleep 987") {
                $0.limits.time = 400_000_000
            }
            #expect(result.end == .stopped(limit: "the time limit of 0.4 s"))
            #expect(try fixture.text("/x") == "x\n")
            #expect(!Self.isRunning("sleep 987"))
        }
    }

    @Test("daemons that a program leaves behind are gone when it has ended")
    func daemons() throws {
        try withSandbox { fixture in
            let (result, _) = try fixture.run("(trap '' TERM HUP; setsid sleep 986) >/dev/null 2>&1 & exit 0")
            #expect(result.end == .exited(0))
            #expect(!Self.isRunning("sleep 986"))
        }
    }

    @Test("output beyond the limit is dropped and counted, and the program goes on")
    func output() throws {
        try withSandbox { fixture in
            let (result, text) = try fixture.run("head -c 100000000 /dev/zero | tr '\\\\0' 'a'; echo end >&2") {
                $0.limits.output = 1000
            }
            #expect(result.end == .exited(0))
            #expect(text.utf8.count == 1000)
            #expect(result.droppedOutput == 100_000_004 - 1000)
        }
    }

    @Test("a program that fills the disk is ended at its limit")
    func disk() throws {
        try withSandbox { fixture in
            let (result, _) = try fixture.run(
                "i=0; while :; do dd if=/dev/zero of=/f$i bs=1M count=20 2>/dev/null; i=$((i+1)); done"
            ) {
                $0.limits.disk = 100 << 20
                $0.limits.time = 30_000_000_000
            }
            #expect(result.end == .stopped(limit: "the disk limit of 104.9 MB"))
        }
    }

    @Test("a fork bomb is ended")
    func processes() throws {
        try withSandbox { fixture in
            let (result, _) = try fixture.run("f() { f | f & }; f; sleep 100") {
                $0.limits.processes = 50
                $0.limits.time = 10_000_000_000
            }
            guard case .stopped = result.end else {
                Issue.record("it ended with \(result.end)")
                return
            }
        }
    }

    @Test(
        "a program that takes all memory is ended", .enabled(if: geteuid() == 0, "only root can make control groups everywhere"))
    func memory() throws {
        try withSandbox { fixture in
            let (result, _) = try fixture.run("x=aaaaaaaaaaaaaaaa; while :; do x=$x$x; done; echo no") {
                $0.limits.memory = 64 << 20
                $0.limits.time = 20_000_000_000
            }
            #expect(result.end == .stopped(limit: "the memory limit of 67.1 MB"))
        }
    }

    @Test("a cancelled run is ended at once")
    func cancellation() throws {
        let cancellation = Cancellation()
        try withSandbox(environment: .system(cancellation: cancellation)) { fixture in
            var code: Failure.Code?
            do throws(Failure) {
                _ = try fixture.sandbox.run(GuestProgram(["sh", "-c", "echo go; sleep 985"]), on: fixture.editor) { _, _ in
                    cancellation.cancel()
                }
            } catch { code = error.code }
            #expect(code == .cancelled)
            #expect(!Self.isRunning("sleep 985"))
        }
    }

    private static func isRunning(_ command: String) -> Bool {
        for name in Files.names(in: "/proc") where Int(name) != nil {
            let line = (try? Files.readStream("/proc/\(name)/cmdline", limit: 4096)) ?? []
            if String(decoding: line.map { $0 == 0 ? 0x20 : $0 }, as: UTF8.self).contains(command) { return true }
        }
        return false
    }
}
