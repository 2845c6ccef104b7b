import ImageStore
import Model
import Platform

/// Runs programs of an image on the image.
package protocol ProgramRunner: AnyObject {
    /// Throws `Failure(.unavailable)`, which names what is missing and how to get it, where no program could be run here. Asked before
    /// anything starts.
    func checkAvailable() throws(Failure)

    /// Runs the program on the tree that the editor holds, and puts what it changed into the editor. That happens however the program
    /// ends, also when it is stopped at a limit, so that the tree of a failed step can be looked at.
    ///
    /// `onLine` gets the output while it is written, without line ends. A program that ends by itself gives its result, whatever
    /// its status. Throws `.cancelled` when the run was cancelled, `.unavailable` where the sandbox cannot be had or the program
    /// is not in the image, `.io` and `.exhausted` where the host fails.
    func run(
        _ program: GuestProgram, on editor: TreeEditor, onLine: (Subprocess.Stream, [UInt8]) -> Void
    ) throws(Failure) -> ProgramResult
}

/// A program of an image that is to be run, and what it may have.
package struct GuestProgram: Sendable {
    /// The program, as a path inside of the image or a name looked up in `PATH` there, and its arguments.
    package var arguments: [String]
    /// Exactly these, and `PATH`, `HOME`, `USER`, `LANG` and `TMPDIR` where they are not among them.
    package var environment: [String: String]
    /// Inside of the image. Must exist.
    package var workingFolder: String
    /// What the program reads from its standard input.
    package var input: [UInt8]
    /// Files that are there while the program runs, read-only, and do not belong to the image: path inside of the image, and contents.
    /// They lie under `/run/ingot`.
    package var files: [String: [UInt8]]
    package var network: NetworkAccess
    /// What the program sees as the machine's name.
    package var hostName = "localhost"
    package var limits: ProgramLimits

    package init(
        _ arguments: [String], environment: [String: String] = [:], workingFolder: String = "/", input: [UInt8] = [],
        files: [String: [UInt8]] = [:], network: NetworkAccess = .none, limits: ProgramLimits = ProgramLimits()
    ) {
        self.arguments = arguments
        self.environment = environment
        self.workingFolder = workingFolder
        self.input = input
        self.files = files
        self.network = network
        self.limits = limits
    }
}

package enum NetworkAccess: String, Sendable, CaseIterable {
    /// A loopback device of the sandbox's own, and nothing else.
    case none
    /// Name resolution and outgoing connections; the host's own services on loopback are not reached.
    case outgoing
}

/// What a program and all that it starts may take together. A limit that is reached ends them all.
package struct ProgramLimits: Sendable, Hashable {
    /// Nanoseconds; nil for no limit.
    package var time: UInt64?
    package var processes: Int
    /// Bytes of memory.
    package var memory: Int
    /// Bytes that may be written to the tree.
    package var disk: Int
    /// Bytes of output that are passed on. More is read and dropped, and the result says so; the program is not ended.
    package var output: Int

    package init(
        time: UInt64? = nil, processes: Int = 4096, memory: Int = 4 << 30, disk: Int = 16 << 30, output: Int = 64 << 20
    ) {
        self.time = time
        self.processes = processes
        self.memory = memory
        self.disk = disk
        self.output = output
    }
}

/// How a program ended, and what is remarkable in what it left.
package struct ProgramResult: Sendable, Hashable {
    package enum End: Sendable, Hashable {
        case exited(Int32)
        case signalled(Int32)
        /// A limit was reached, and all processes were ended; says which and how much, as `the time limit of 7200 s`.
        case stopped(limit: String)

        package var isTimedOut: Bool {
            if case .stopped(let limit) = self { limit.hasPrefix(Self.timeLimit) } else { false }
        }

        static let timeLimit = "the time limit"
    }

    package var end: End
    /// Bytes of output that were dropped.
    package var droppedOutput: Int
    /// What somebody should look at: setuid files, devices and capabilities that the program made; limits that could not be set here.
    package var remarks: [String]

    package init(end: End, droppedOutput: Int = 0, remarks: [String] = []) {
        self.end = end
        self.droppedOutput = droppedOutput
        self.remarks = remarks
    }

    package var isSuccess: Bool { end == .exited(0) }
}
