import CLinux
import Glibc

/// A process that was started with `Steps`. It is ended and reaped when it goes out of scope.
package struct PreparedProcess: ~Copyable, Sendable {
    private let steps: Steps
    package let process: pid_t
    private let report: FileDescriptor
    /// Readable once the process has ended.
    package let exit: FileDescriptor
    private var isReaped = false

    /// Starts a process whose descriptors are `descriptors`, from 0 on, and no others. The steps may not have been done yet when
    /// this returns: see `waitUntilStarted`.
    package static func start(
        _ steps: Steps, environment: [String: String], descriptors: [Int32]
    ) throws(SystemError) -> PreparedProcess {
        let variables = environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        for text in steps.words + variables where text.utf8.contains(0) { throw SystemError("execve", text, errno: EINVAL) }
        var report: Int32 = -1
        let process = unsafe withCTexts(steps.words) { words in
            unsafe withCTexts(variables) { variables in
                unsafe clinux_fork_steps(words, variables, descriptors, descriptors.count, &report)
            }
        }
        if process < 0 { throw SystemError("fork") }
        let reports = FileDescriptor(owning: report, path: "a report")
        let exit = clinux_pidfd(process)
        if exit < 0 {
            let problem = SystemError("pidfd_open")
            _ = kill(process, SIGKILL)
            _ = reap(process)
            throw problem
        }
        return PreparedProcess(
            steps: steps, process: process, report: reports, exit: FileDescriptor(owning: exit, path: "a process"))
    }

    private init(steps: Steps, process: pid_t, report: consuming FileDescriptor, exit: consuming FileDescriptor) {
        self.steps = steps
        self.process = process
        self.report = report
        self.exit = exit
    }

    deinit {
        if !isReaped {
            _ = kill(process, SIGKILL)
            _ = Self.reap(process)
        }
    }

    /// Waits until all steps are done. Throws the step that failed, with its first words as the call, and its errno.
    package func waitUntilStarted() throws(SystemError) {
        var failure = clinux_step_failure()
        let size = MemoryLayout<clinux_step_failure>.size
        let raw = report.raw
        let got = try retrying("read", "the report of a process") { unsafe Glibc.read(raw, &failure, size) }
        if got == size { throw SystemError(steps.description(at: Int(failure.word)), errno: failure.error) }
    }

    /// Whether the process ends within a time; at most that many milliseconds pass.
    package func hasEnded(within milliseconds: Int32 = 0) -> Bool {
        var descriptor = pollfd(fd: exit.raw, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&descriptor, 1, milliseconds) > 0
    }

    package func signal(_ number: Int32) { _ = kill(process, number) }

    /// Ends the process; returns when it has ended, with all that its namespaces held.
    package func end() {
        signal(SIGKILL)
        while !hasEnded(within: 1000) {}
    }

    /// Waits for the end.
    package mutating func wait() -> Subprocess.ExitStatus {
        isReaped = true
        return Self.reap(process)
    }

    private static func reap(_ process: pid_t) -> Subprocess.ExitStatus {
        var status: Int32 = 0
        // Only an interruption can make this fail: the process is a child and was not waited for.
        while unsafe waitpid(process, &status, 0) == -1 && errno == EINTR {}
        let signal = status & 0x7F
        return signal == 0 ? .exited(status >> 8 & 0xFF) : .signalled(signal)
    }
}
