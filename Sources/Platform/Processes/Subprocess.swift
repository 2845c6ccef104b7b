/// A program of the host to be run: started in a process group of its own, watched, and gone with its whole group at the end.
///
/// Nothing is inherited but what stands here: the environment is exactly `environment`, no descriptor above 2 is open. Processes that
/// leave the group (`setsid`) are not followed; where that matters, run the program in a sandbox.
package struct Subprocess: Sendable {
    /// A path; `Programs.find` gives it for a name.
    package var program: String
    /// Without the program's own name.
    package var arguments: [String]
    package var environment: [String: String]
    /// Nil for the working directory of this process.
    package var workingFolder: String?
    /// What the program reads from its standard input.
    package var input: [UInt8]
    package var limits: Limits

    /// What a program may take before it is ended.
    package struct Limits: Sendable {
        /// Nanoseconds from start to end; nil for no limit.
        package var time: UInt64?
        /// Bytes of standard output and standard error together.
        package var output: Int
        /// Nanoseconds between SIGTERM and SIGKILL, and for what the program leaves running to end by itself.
        package var grace: UInt64

        package init(time: UInt64? = nil, output: Int = 64 << 20, grace: UInt64 = 5_000_000_000) {
            self.time = time
            self.output = output
            self.grace = grace
        }
    }

    package init(
        _ program: String, _ arguments: [String] = [], environment: [String: String] = [:], workingFolder: String? = nil,
        input: [UInt8] = [], limits: Limits = Limits()
    ) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
        self.workingFolder = workingFolder
        self.input = input
        self.limits = limits
    }

    /// Where a line came from.
    package enum Stream: Sendable {
        case output, error
    }

    /// How a program ended.
    package enum ExitStatus: Hashable, Sendable, CustomStringConvertible {
        case exited(Int32)
        case signalled(Int32)

        package var isSuccess: Bool { self == .exited(0) }

        package var description: String {
            switch self {
            case .exited(let status): "exit status \(status)"
            case .signalled(let signal): "signal \(signal)"
            }
        }
    }

    /// Lines longer than this are given in pieces.
    package static let maximumLine = 64 << 10

    /// Runs the program to its end and gives its output line by line, without the line ends. Afterwards no process of its group is
    /// left. The clock and the cancellation are those of `host`.
    package func run(
        in host: Environment, onLine: (Stream, [UInt8]) -> Void = { _, _ in }
    ) throws(SubprocessError) -> ExitStatus {
        var running = try RunningProcess.start(self)
        return try running.watch(in: host, limits: limits, onLine: onLine)
    }
}

/// Why a program did not come to its own end. Its whole process group has been ended then.
package enum SubprocessError: Error, Equatable, CustomStringConvertible {
    case notStarted(program: String, SystemError)
    case cancelled(program: String)
    case timedOut(program: String, nanoseconds: UInt64)
    case tooMuchOutput(program: String, bytes: Int)
    /// A call of the operating system failed while the program ran.
    case system(SystemError)

    package var description: String {
        switch self {
        case .notStarted(let program, let error): "\(program) could not be started: \(error.reason)"
        case .cancelled(let program): "\(program) was ended, since the run was cancelled"
        case .timedOut(let program, let time): "\(program) was ended after its limit of \(Self.seconds(time)) s"
        case .tooMuchOutput(let program, let bytes): "\(program) was ended after it wrote more than its limit of \(bytes) bytes"
        case .system(let error): error.description
        }
    }

    private static func seconds(_ nanoseconds: UInt64) -> String {
        let tenths = nanoseconds / 100_000_000
        return tenths.isMultiple(of: 10) ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }
}
