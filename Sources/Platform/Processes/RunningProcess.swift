import CLinux
import Glibc

/// A started program with the reading ends of its output. Ended and reaped when it goes out of scope, whatever happened.
struct RunningProcess: ~Copyable {
    private let program: String
    /// Also the id of the process group. It stays reserved until the process is reaped, so that signals go to nobody else.
    private let process: pid_t
    private let exit: FileDescriptor
    private let output: FileDescriptor
    private let error: FileDescriptor
    private var isReaped = false

    /// The longest time between two looks at the cancellation, in milliseconds: a signal may come to another thread.
    private static let pollInterval: Int32 = 100

    static func start(_ request: Subprocess) throws(SubprocessError) -> RunningProcess {
        do throws(SystemError) {
            let input = try input(request.input)
            let output = try Pipe()
            let error = try Pipe()
            let process = try spawn(request, streams: [input.raw, output.writeEnd.raw, error.writeEnd.raw])
            let exit = try exit(of: process)
            return RunningProcess(
                program: request.program, process: process, exit: exit, output: output.reading(), error: error.reading())
        } catch {
            throw .notStarted(program: request.program, error)
        }
    }

    private init(
        program: String, process: pid_t, exit: consuming FileDescriptor, output: consuming FileDescriptor,
        error: consuming FileDescriptor
    ) {
        self.program = program
        self.process = process
        self.exit = exit
        self.output = output
        self.error = error
    }

    deinit {
        if !isReaped {
            Self.signal(process, SIGKILL)
            _ = Self.reap(process)
        }
    }

    // MARK: Starting

    /// A file in memory: unlike a pipe it never blocks the writer, and never signals it when nobody reads.
    private static func input(_ bytes: [UInt8]) throws(SystemError) -> FileDescriptor {
        if bytes.isEmpty { return try FileDescriptor.open("/dev/null", .read) }
        return try FileDescriptor.inMemory(bytes, name: "the standard input")
    }

    private static func spawn(_ request: Subprocess, streams: [Int32]) throws(SystemError) -> pid_t {
        let environment = request.environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        for text in [request.program, request.workingFolder ?? ""] + request.arguments + environment
        where text.utf8.contains(0) { throw SystemError("posix_spawn", request.program, errno: EINVAL) }
        var process: pid_t = 0
        let status = unsafe withCTexts([request.program] + request.arguments) { arguments in
            unsafe withCTexts(environment) { environment in
                unsafe clinux_spawn(&process, request.program, arguments, environment, request.workingFolder, streams)
            }
        }
        if status != 0 { throw SystemError("posix_spawn", request.program, errno: status) }
        return process
    }

    /// A descriptor that is readable once the process has ended. Without it nobody would see that: the process does not stay then.
    private static func exit(of process: pid_t) throws(SystemError) -> FileDescriptor {
        let descriptor = clinux_pidfd(process)
        if descriptor < 0 {
            let problem = SystemError("pidfd_open")
            signal(process, SIGKILL)
            _ = reap(process)
            throw problem
        }
        return FileDescriptor(owning: descriptor, path: "a process")
    }

    // MARK: Watching

    /// Reads the output until the program and its pipes are at their end, or a limit is.
    mutating func watch(
        in host: Environment, limits: Subprocess.Limits, onLine: (Subprocess.Stream, [UInt8]) -> Void
    ) throws(SubprocessError) -> Subprocess.ExitStatus {
        var lines = OutputLines(limit: limits.output)
        let start = host.uptime()
        var ended: UInt64?
        while true {
            do throws(SystemError) {
                let ready = try wait(lines, hasEnded: ended != nil)
                if ready.output { try lines.read(.output, from: output, onLine) }
                if ready.error { try lines.read(.error, from: error, onLine) }
                if ready.exit && ended == nil { ended = host.uptime() }
            } catch { throw .system(error) }
            let now = host.uptime()
            if let problem = problem(host, limits, lines, elapsed: now &- start) {
                stop(limits.grace, in: host)
                lines.finish(onLine)
                throw problem
            }
            guard let ended else { continue }
            // Whom the program left behind may hold its output open.
            if lines.areAtEnd || now &- ended >= limits.grace { break }
        }
        lines.finish(onLine)
        return end()
    }

    private func problem(
        _ host: Environment, _ limits: Subprocess.Limits, _ lines: OutputLines, elapsed: UInt64
    ) -> SubprocessError? {
        if host.cancellation.isCancelled { return .cancelled(program: program) }
        if lines.isOverLimit { return .tooMuchOutput(program: program, bytes: limits.output) }
        if let time = limits.time, elapsed >= time { return .timedOut(program: program, nanoseconds: time) }
        return nil
    }

    /// Waits for output, for the end of the program, or for the poll interval. What is at its end is not waited for.
    private func wait(
        _ lines: borrowing OutputLines, hasEnded: Bool
    ) throws(SystemError) -> (output: Bool, error: Bool, exit: Bool) {
        // A negative descriptor is left out by poll.
        var descriptors = [
            pollfd(fd: lines.outputEnded ? -1 : output.raw, events: Int16(POLLIN), revents: 0),
            pollfd(fd: lines.errorEnded ? -1 : error.raw, events: Int16(POLLIN), revents: 0),
            pollfd(fd: hasEnded ? -1 : exit.raw, events: Int16(POLLIN), revents: 0),
        ]
        let status = unsafe poll(&descriptors, nfds_t(descriptors.count), Self.pollInterval)
        if status < 0 {
            if errno == EINTR { return (false, false, false) }
            throw SystemError("poll", program)
        }
        return (descriptors[0].revents != 0, descriptors[1].revents != 0, descriptors[2].revents != 0)
    }

    // MARK: Ending

    /// Asks the group to end, and makes it end when the grace is over.
    private mutating func stop(_ grace: UInt64, in host: Environment) {
        Self.signal(process, SIGTERM)
        let start = host.uptime()
        var descriptor = pollfd(fd: exit.raw, events: Int16(POLLIN), revents: 0)
        while host.uptime() &- start < grace {
            if unsafe poll(&descriptor, 1, Self.pollInterval) > 0 { break }
        }
        _ = end()
    }

    /// Ends what is left of the group and takes the status of the program, waiting for it.
    private mutating func end() -> Subprocess.ExitStatus {
        Self.signal(process, SIGKILL)
        isReaped = true
        return Self.reap(process)
    }

    private static func signal(_ group: pid_t, _ signal: Int32) { _ = kill(-group, signal) }

    private static func reap(_ process: pid_t) -> Subprocess.ExitStatus {
        var status: Int32 = 0
        // Only an interruption can make this fail: the process is a child and was not waited for.
        while unsafe waitpid(process, &status, 0) == -1 && errno == EINTR {}
        let signal = status & 0x7F
        return signal == 0 ? .exited(status >> 8 & 0xFF) : .signalled(signal)
    }
}
