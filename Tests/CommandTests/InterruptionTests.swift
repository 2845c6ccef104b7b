import Glibc
import Platform
import Synchronization
import TestSupport
import Testing

@Suite struct `Ctrl-C` {
    private static let helper = "/usr/lib/apt/apt-helper"

    @Test(
        "during a stage ends the build with status 130, leaves no image and no lease, and says how to go on",
        .enabled(if: Files.exists(helper), "needs apt-helper: apt-get install apt"))
    func interrupted() throws {
        try CommandRunner.inFolder { ingot in
            let mirror = try SilentServer()
            let address = "http://127.0.0.1:\(mirror.port)/debian"
            try ingot.write(
                "recipes/slow.yaml",
                """
                name: slow
                version: 1.0.x
                parentImage: scratch
                stages:
                  - bootstrap: {suite: bookworm, mirror: "\(address)", updates: false}

                """)
            try ingot.write("pipelines/slow.yaml", "name: slow\nrecipe: slow\nregion: us-east-1\n")
            let result = try ingot.interrupt(["build", "slow"]) { try mirror.waitForCaller() }
            #expect(result.status == 130)
            #expect(result.error.contains("ingot: error: "))
            #expect(result.error.contains("hint: nothing is half-made: run the same command again"))
            #expect(try ingot("builds").output.contains("cancelled"))
            #expect(try ingot("images", "--all", "-o", "quiet").output.isEmpty)
            let kinds = try ingot("events", "-o", "json").output
            #expect(kinds.contains("lease.released"))
        }
    }

    @Test func `a running scheduler ends at once and well`() throws {
        try CommandRunner.withSmall { ingot in
            try ingot.write("pipelines/small.yaml", CommandRunner.pipeline + "schedule: {rate: 1 day}\n")
            let result = try ingot.interrupt(["schedule", "run"]) {
                // The first look leaves an event.
                while try !ingot("events", "--kind", "schedule.finished", "-o", "quiet").output.contains("\n") {}
            }
            #expect(result.status == 0)
        }
    }
}

/// Takes connections on a port of this machine, and never answers.
private struct SilentServer: ~Copyable {
    private let socket: Int32
    let port: UInt16

    init() throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = socket
        let status = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                guard unsafe bind(descriptor, address, length) == 0, listen(descriptor, 5) == 0 else { return Int32(-1) }
                return unsafe getsockname(descriptor, address, &length)
            }
        }
        guard status == 0 else { throw SystemError("listen", "127.0.0.1") }
        port = UInt16(bigEndian: address.sin_port)
    }

    /// Half a minute at most.
    func waitForCaller() throws {
        var request = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&request, 1, 30_000) == 1 else { throw SystemError("poll", "nobody called", errno: ETIMEDOUT) }
    }

    deinit { close(socket) }
}

extension CommandRunner {
    /// Starts the program, sends SIGINT when `isReady` returns, and waits for its end.
    func interrupt(
        _ words: [String], when isReady: () throws -> Void
    ) throws -> (status: Int32, error: String) {
        var process: pid_t?
        var error: [UInt8] = []
        // The shell says its process id, and becomes the program.
        let script = "echo $$; exec \"$0\" \"$@\""
        let run = Subprocess(
            "/bin/sh", ["-c", script, CommandRunner.program] + words, environment: environment(),
            workingFolder: folder, limits: Subprocess.Limits(time: 60_000_000_000))
        var failure: (any Error)?
        let status = try run.run(in: .system()) { stream, line in
            if stream == .error { error += line + [0x0A] }
            guard process == nil, stream == .output, let id = pid_t(String(decoding: line, as: UTF8.self)) else { return }
            process = id
            do { try isReady() } catch { failure = error }
            kill(id, SIGINT)
        }
        if let failure { throw failure }
        guard case .exited(let code) = status else { return (-1, String(decoding: error, as: UTF8.self)) }
        return (code, String(decoding: error, as: UTF8.self))
    }
}
