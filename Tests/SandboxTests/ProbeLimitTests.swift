import Glibc
import Model
import Platform
import Sandbox
import Testing

/// Programs that take more than they may; beside each, that a higher limit lets the same program through.
@Suite(.serialized, .enabled(if: SandboxFixture.isAvailable, "\(SandboxFixture.obstacle ?? "")"))
struct ProbeLimitTests {
    private static func end(_ script: String, _ change: @escaping (inout ProgramLimits) -> Void) throws -> ProgramResult.End {
        try withSandbox { fixture in
            try fixture.run(script) {
                $0.limits.time = 20_000_000_000
                change(&$0.limits)
            }.result.end
        }
    }

    private static func isStopped(_ end: ProgramResult.End, by word: String) -> Bool {
        if case .stopped(let limit) = end { limit.contains(word) } else { false }
    }

    @Test("too many processes are ended, and as many as are allowed are not")
    func processes() throws {
        let script = "i=0; while [ $i -lt 60 ]; do sleep 3 & i=$((i+1)); done; kill $(jobs -p); true"
        #expect(try Self.end(script) { $0.processes = 30 } != .exited(0))
        #expect(try Self.end(script) { $0.processes = 4096 } == .exited(0))
    }

    private static let rootOnly: Comment = "only root can make control groups everywhere"

    @Test("too much memory ends the program, and as much as is allowed does not", .enabled(if: geteuid() == 0, rootOnly))
    func memory() throws {
        let script = "dd if=/dev/zero of=/dev/null bs=96M count=1 2>/dev/null"
        #expect(Self.isStopped(try Self.end(script) { $0.memory = 48 << 20 }, by: "memory"))
        #expect(try Self.end(script) { $0.memory = 512 << 20 } == .exited(0))
    }

    @Test("memory behind files counts, too", .enabled(if: geteuid() == 0, rootOnly))
    func sharedMemory() throws {
        let script =
            "dd if=/dev/zero of=/dev/shm/x bs=1M count=96 2>/dev/null && dd if=/dev/zero of=/run/x bs=1M count=9 2>/dev/null"
        #expect(Self.isStopped(try Self.end(script) { $0.memory = 48 << 20 }, by: "memory"))
        #expect(try Self.end(script) { $0.memory = 512 << 20 } == .exited(0))
    }

    @Test("files that are not in the tree end somewhere", arguments: ["/dev/shm/x", "/run/x"])
    func temporary(_ path: String) throws {
        #expect(try Self.end("dd if=/dev/zero of=\(path) bs=1M count=300 2>/dev/null") { _ in } == .exited(1))
    }

    @Test("one big file is ended at the disk limit, and a smaller one is not")
    func bigFile() throws {
        let script = "dd if=/dev/zero of=/big bs=1M count=60 2>/dev/null"
        #expect(try Self.end(script) { $0.disk = 30 << 20 } != .exited(0))
        #expect(try Self.end(script) { $0.disk = 120 << 20 } == .exited(0))
    }

    @Test("a file with a hole of a terabyte is refused")
    func sparse() throws {
        #expect(try Self.end("truncate -s 1T /hole 2>/dev/null") { _ in } != .exited(0))
    }

    @Test("many small files are ended at the disk limit")
    func smallFiles() throws {
        let script = "i=0; while [ $i -lt 3000 ]; do echo x > /tmp/$i; i=$((i+1)); done; sleep 3"
        #expect(Self.isStopped(try Self.end(script) { $0.disk = 4 << 20 }, by: "disk"))
        #expect(try Self.end(script) { $0.disk = 120 << 20 } == .exited(0))
    }

    @Test("a program that stops itself is ended at the time limit")
    func stopped() throws {
        #expect(Self.isStopped(try Self.end("kill -STOP $$") { $0.time = 400_000_000 }, by: "time"))
    }

    @Test("a program that closes its output is waited for")
    func closed() throws {
        #expect(try Self.end("exec >&- 2>&-; sleep 0.3; exit 4") { _ in } == .exited(4))
    }

    @Test("a gigabyte of output takes no memory")
    func output() throws {
        try withSandbox { fixture in
            try fixture.run("true")
            let before = try ProbeHost.residentMemory()
            let (result, text) = try fixture.run("dd if=/dev/zero bs=1M count=1000 2>/dev/null") { $0.limits.output = 1000 }
            #expect(result.end == .exited(0))
            #expect(text.utf8.count <= 1000 && result.droppedOutput >= (1000 << 20) - 1000)
            // Other tests run beside this one; what is held is far below what was written.
            #expect(try ProbeHost.residentMemory() - before < 400_000)
        }
    }
}
