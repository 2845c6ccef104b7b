import Glibc
import Platform
import Synchronization
import Testing
import TestSupport

@Suite struct `Running a program` {
    private static let shell = "/bin/sh"

    private func run(
        _ script: String, environment: [String: String] = [:], folder: String? = nil, input: String = "",
        limits: Subprocess.Limits = .init(), in host: Environment = .system()
    ) throws(SubprocessError) -> (status: Subprocess.ExitStatus, output: [String], error: [String]) {
        var output: [String] = []
        var error: [String] = []
        let program = Subprocess(
            Self.shell, ["-c", script], environment: environment, workingFolder: folder, input: Array(input.utf8), limits: limits)
        let status = try program.run(in: host) { stream, line in
            let text = String(decoding: line, as: UTF8.self)
            if stream == .output { output.append(text) } else { error.append(text) }
        }
        return (status, output, error)
    }

    @Test func `gives its lines and its exit status`() throws {
        let result = try run("echo one; echo two >&2; printf three; exit 7")
        #expect(result.status == .exited(7))
        #expect(result.output == ["one", "three"])
        #expect(result.error == ["two"])
    }

    @Test func `tells the signal that ended it`() throws {
        #expect(try run("kill -TERM $$").status == .signalled(SIGTERM))
    }

    @Test func `it sees the given environment, folder and input, and nothing else`() throws {
        #expect(try run("env", environment: ["A": "1"]).output.filter { !$0.hasPrefix("PWD=") && !$0.hasPrefix("_=") } == ["A=1"])
        #expect(try run("pwd", folder: "/usr").output == ["/usr"])
        #expect(try run("cat", input: "a\nb").output == ["a", "b"])
        #expect(try run("cat").output == [])
    }

    @Test func `a large input that nobody reads blocks nothing`() throws {
        #expect(try run("exit 3", input: String(repeating: "x", count: 1 << 20)).status == .exited(3))
    }

    @Test func `no descriptor of this process reaches it`() throws {
        // On purpose without close-on-exec; and not a number that the shell itself opens.
        let null = unsafe open("/dev/null", O_RDONLY)
        let leaky = fcntl(null, F_DUPFD, 100)
        defer {
            _ = close(leaky)
            _ = close(null)
        }
        let result = try run("for fd in /proc/$$/fd/*; do echo ${fd##*/}; done")
        #expect(!result.output.contains("\(leaky)"))
        #expect(result.output.filter { $0 == "0" || $0 == "1" || $0 == "2" }.count == 3)
    }

    @Test func `signals that this process ignores or blocks are as usual in it`() throws {
        let status = try run("grep -E '^Sig(Blk|Ign)' /proc/self/status")
        #expect(status.output.first == "SigBlk:\t0000000000000000")
        // 32 and 33 are the C library's own, and nobody's to reset.
        let ignored = try #require(UInt64(status.output.last?.suffix(16) ?? "", radix: 16))
        #expect(ignored & ~0x1_8000_0000 == 0)
    }

    @Test func `a program that does not exist is named`() {
        #expect(
            throws: SubprocessError.notStarted(
                program: "/nowhere/tool", SystemError("posix_spawn", "/nowhere/tool", errno: ENOENT))
        ) {
            try Subprocess("/nowhere/tool").run(in: .system())
        }
    }

    @Test func `an argument with a NUL is refused instead of cut`() {
        #expect(throws: SubprocessError.notStarted(program: "/bin/true", SystemError("posix_spawn", "/bin/true", errno: EINVAL)))
        {
            try Subprocess("/bin/true", ["a\0b"]).run(in: .system())
        }
    }

    @Test func `output that never ends is bounded`() {
        #expect(throws: SubprocessError.tooMuchOutput(program: Self.shell, bytes: 1000)) {
            try run("yes", limits: .init(output: 1000))
        }
    }

    @Test func `a line that never ends comes in pieces`() throws {
        let result = try run("head -c 150000 /dev/zero | tr '\\0' x")
        #expect(result.output.map(\.utf8.count) == [65536, 65536, 18928])
    }

    @Test func `the time limit ends the whole group, also what ignores SIGTERM`() throws {
        try withTemporaryFolder { folder in
            let script = "trap '' TERM; (trap '' TERM; exec sleep 1000) & echo $! > \(folder)/child; echo ready; wait"
            #expect(throws: SubprocessError.timedOut(program: Self.shell, nanoseconds: 3_000_000_000)) {
                try run(script, limits: .init(time: 3_000_000_000, grace: 2_000_000_000), in: .hasty)
            }
            let child = try childProcess(folder)
            #expect(hasEnded(child))
        }
    }

    @Test func `a cancellation ends the whole group`() throws {
        let cancellation = Cancellation()
        let program = Subprocess(Self.shell, ["-c", "sleep 1000 & echo $!; wait"])
        let child = Atomic<Int32>(0)
        #expect(throws: SubprocessError.cancelled(program: Self.shell)) {
            try program.run(in: .system(cancellation: cancellation)) { _, line in
                child.store(Int32(String(decoding: line, as: UTF8.self)) ?? 0, ordering: .relaxed)
                cancellation.cancel()
            }
        }
        let id = child.load(ordering: .relaxed)
        #expect(id > 0 && hasEnded(id))
    }

    @Test func `what a program leaves running does not outlive it`() throws {
        try withTemporaryFolder { folder in
            let script = "sleep 1000 & echo $! > \(folder)/child; echo done"
            let result = try run(script, limits: .init(grace: 1_000_000_000), in: .hasty)
            #expect(result.status == .exited(0))
            #expect(result.output == ["done"])
            let child = try childProcess(folder)
            #expect(hasEnded(child))
        }
    }

    @Test func `no zombie is left`() throws {
        var own: Int32 = 0
        _ = try Subprocess(Self.shell, ["-c", "echo $$"]).run(in: .system()) { _, line in
            own = Int32(String(decoding: line, as: UTF8.self)) ?? 0
        }
        #expect(own > 0)
        let waited = waitpid(own, nil, WNOHANG)
        #expect(waited == -1 && errno == ECHILD)
    }

    private func childProcess(_ folder: String) throws -> pid_t {
        let text = String(decoding: try Files.read("\(folder)/child"), as: UTF8.self)
        return try #require(pid_t(text.prefix { $0.isNumber }))
    }

    /// Whether a killed process goes, in the little time that the kernel takes for it. An orphan stays a zombie until init takes it.
    private func hasEnded(_ process: pid_t) -> Bool {
        let host = Environment.system()
        let start = host.uptime()
        while host.uptime() - start < 30_000_000_000 {
            if kill(process, 0) == -1 || isZombie(process) { return true }
            sched_yield()
        }
        return false
    }

    private func isZombie(_ process: pid_t) -> Bool {
        // A file of /proc has no size by which it could be read whole.
        guard let file = try? FileDescriptor.open("/proc/\(process)/stat", .read) else { return true }
        var buffer = [UInt8](repeating: 0, count: 512)
        let count = (try? file.read(into: &buffer, count: buffer.count, at: 0)) ?? 0
        let state = String(decoding: buffer.prefix(count), as: UTF8.self)
        return state.isEmpty || state.contains(") Z ") || state.contains(") X ")
    }
}

@Suite struct `Finding a program` {
    @Test func `a program of PATH is found before one of the system's folders`() throws {
        #expect(Programs.find("sh", searchPath: "/usr/bin:/bin") == "/usr/bin/sh")
        #expect(Programs.find("ldconfig", searchPath: "/nowhere") == "/usr/sbin/ldconfig")
    }

    @Test func `a folder, a plain file and a missing name are no programs`() throws {
        try withTemporaryFolder { folder in
            try Files.writeDurably("\(folder)/plain", [], permissions: 0o644)
            try Files.makeFolders("\(folder)/folder")
            for name in ["plain", "folder", "missing"] { #expect(Programs.find(name, searchPath: folder) == nil) }
        }
    }

    @Test func `a path is taken as it is`() {
        #expect(Programs.find("/bin/sh", searchPath: "") == "/bin/sh")
        #expect(Programs.find("./nowhere/sh") == nil)
    }
}

extension Environment {
    /// A clock on which a second passes at each look, so that limits come without waiting.
    fileprivate static var hasty: Environment {
        let looks = Counter()
        var environment = Environment.system()
        environment.uptime = { looks.next() * 1_000_000_000 }
        return environment
    }
}

private final class Counter: Sendable {
    private let value = Atomic<UInt64>(0)
    func next() -> UInt64 { value.add(1, ordering: .relaxed).newValue }
}
