import Glibc
import ImageStore
import Model
import Platform

/// A program in the sandbox, from its start until no process of it is left.
struct ProgramProcess: ~Copyable {
    /// bubblewrap, which ends when the program does.
    private var process: PreparedProcess
    /// The first process of the program's own process namespace: once it has ended, all others there have.
    private var first: FileDescriptor?
    /// Where the program sees its mounts, once it was started.
    private(set) var space: ProgramSpace?
    private let output: FileDescriptor
    private let error: FileDescriptor
    private let information: FileDescriptor
    /// Who answers for mounts, and the notices of them.
    private let supervisor: MountSupervisor?
    private var notices: CallNotices?

    /// `streams` are the program's standard descriptors; nil for its `input`, and pipes that `watch` reads.
    ///
    /// `files` are descriptors behind those of bubblewrap.
    static func start(
        _ program: GuestProgram, arguments: [String], filter: [UInt8], files: [Int32], group: ControlGroup,
        in mounted: MountedTree, network: Int32?, streams: [Int32]? = nil, supervisor: MountSupervisor? = nil
    ) throws(SystemError) -> ProgramProcess {
        guard let bubblewrap = Programs.find("bwrap") else { throw SystemError("execve", "bwrap", errno: ENOENT) }
        let input = try FileDescriptor.inMemory(program.input, name: "input")
        let output = try Pipe()
        let error = try Pipe()
        let information = try Pipe()
        let words = try FileDescriptor.inMemory(arguments.flatMap { Array($0.utf8) + [0] }, name: "arguments")
        let filter = try FileDescriptor.inMemory(filter, name: "filter")
        let questions = try FileDescriptor.inMemory(supervisor?.filter ?? [], name: "questions")
        let own =
            (streams ?? [input.raw, output.writeEnd.raw, error.writeEnd.raw])
            + [words.raw, filter.raw, information.writeEnd.raw] + files
        let asked = supervisor.map { [questions.raw, $0.channel.there.raw] } ?? []
        let process = try mounted.start(
            before: Self.entering(group.entrances),
            {
                Self.limit(&$0, program.limits, processes: !group.limitsProcesses)
                $0.setMask(0o022)
                if supervisor != nil { $0.watchCalls(program: own.count, channel: own.count + 1) }
                $0.execute(bubblewrap, ["--args", "\(Bubblewrap.Descriptor.arguments)", "--"] + program.arguments)
            },
            descriptors: own + asked, network: network)
        return ProgramProcess(
            process: process, output: output.reading(), error: error.reading(), information: information.reading(),
            supervisor: supervisor)
    }

    private init(
        process: consuming PreparedProcess, output: consuming FileDescriptor, error: consuming FileDescriptor,
        information: consuming FileDescriptor, supervisor: MountSupervisor?
    ) {
        self.process = process
        self.output = output
        self.error = error
        self.information = information
        self.supervisor = supervisor
    }

    static func entering(_ entrances: [String]) -> Steps {
        var steps = Steps()
        for path in entrances { steps.write("0", to: path) }
        return steps
    }

    /// `RLIMIT_NPROC`, which Glibc's module hides.
    private static let processLimit: Int32 = 6

    static func limit(_ steps: inout Steps, _ limits: ProgramLimits, processes: Bool) {
        steps.limit(Int32(RLIMIT_CORE.rawValue), 0)
        steps.limit(Int32(RLIMIT_FSIZE.rawValue), UInt64(limits.disk))
        steps.limit(Int32(RLIMIT_NOFILE.rawValue), 65_536)
        // Where a control group counts them, that they are too many is noticed, too.
        if processes { steps.limit(Self.processLimit, UInt64(limits.processes)) }
    }

    // MARK: Watching

    /// Waits until bubblewrap has started the program's first process, or has failed.
    mutating func waitUntilStarted() throws(SystemError) {
        try process.waitUntilStarted()
        notices = try supervisor?.open()
        var text: [UInt8] = []
        while true {
            var descriptors = [
                pollfd(fd: information.raw, events: Int16(POLLIN), revents: 0),
                pollfd(fd: notices?.raw ?? -1, events: Int16(POLLIN), revents: 0),
            ]
            try retrying("poll", "bwrap") { unsafe poll(&descriptors, 2, -1) }
            answer(descriptors[1].revents)
            if descriptors[0].revents == 0 { continue }
            var buffer = [UInt8](repeating: 0, count: 4096)
            let got = unsafe read(information.raw, &buffer, buffer.count)
            if got < 0 && (errno == EAGAIN || errno == EINTR) { continue }
            if got <= 0 { break }
            text += buffer.prefix(got)
            if text.contains(UInt8(ascii: "}")) { break }
        }
        guard let number = Self.firstProcess(in: String(decoding: text, as: UTF8.self)) else { return }
        // It cannot be another process of that number: bubblewrap has not waited for it.
        first = try? FileDescriptor.process(number)
        space = try? ProgramSpace(of: number)
    }

    /// The number in `"child-pid": 1234` of what bubblewrap tells.
    static func firstProcess(in text: String) -> Int32? {
        guard text.contains("\"child-pid\"") else { return nil }
        return Int32(text.drop { !$0.isNumber }.prefix { $0.isNumber })
    }

    /// Gives what the program writes until it ends; `isOver` is asked now and then whether it must end.
    mutating func watch<Reason>(
        limit: Int, onLine: (Subprocess.Stream, [UInt8]) -> Void, isOver: () -> Reason?
    ) throws(SystemError) -> (status: Subprocess.ExitStatus, dropped: Int, reason: Reason?) {
        var lines = OutputLines(limit: limit)
        var reason: Reason?
        while true {
            let ready = try wait(lines)
            if ready.output { try lines.read(.output, from: output, onLine) }
            if ready.error { try lines.read(.error, from: error, onLine) }
            if ready.exit { break }
            reason = isOver()
            if reason != nil { break }
        }
        let status = end()
        while !lines.areAtEnd {
            let ready = try wait(lines)
            if ready.output { try lines.read(.output, from: output, onLine) }
            if ready.error { try lines.read(.error, from: error, onLine) }
        }
        lines.finish(onLine)
        return (status, lines.dropped, reason)
    }

    /// The longest time between two looks at the limits, in milliseconds.
    private static let pollInterval: Int32 = 100

    /// Answers a notice, if there is one.
    private mutating func answer(_ events: Int16) {
        if events & Int16(POLLIN) != 0, let notices {
            supervisor?.answer(notices)
        } else if events != 0 {
            // Nobody is left who could ask.
            notices = nil
        }
    }

    private mutating func wait(_ lines: borrowing OutputLines) throws(SystemError) -> (output: Bool, error: Bool, exit: Bool) {
        // A negative descriptor is left out by poll.
        var descriptors = [
            pollfd(fd: lines.outputEnded ? -1 : output.raw, events: Int16(POLLIN), revents: 0),
            pollfd(fd: lines.errorEnded ? -1 : error.raw, events: Int16(POLLIN), revents: 0),
            pollfd(fd: process.exit.raw, events: Int16(POLLIN), revents: 0),
            pollfd(fd: notices?.raw ?? -1, events: Int16(POLLIN), revents: 0),
        ]
        if unsafe poll(&descriptors, nfds_t(descriptors.count), Self.pollInterval) < 0 && errno != EINTR {
            throw SystemError("poll", "a program")
        }
        answer(descriptors[3].revents)
        return (descriptors[0].revents != 0, descriptors[1].revents != 0, descriptors[2].revents != 0)
    }

    /// Ends all processes, and waits until they are gone: the first one of the namespace dies with bubblewrap, and with it all others.
    private mutating func end() -> Subprocess.ExitStatus {
        process.signal(SIGKILL)
        let status = process.wait()
        // A negative descriptor, of a program that was never started, is not waited for.
        var descriptor = pollfd(fd: first?.raw ?? -1, events: Int16(POLLIN), revents: 0)
        while unsafe poll(&descriptor, 1, first == nil ? 0 : -1) < 0 && errno == EINTR {}
        return status
    }
}
