import ImageStore
import Model
import Platform
import Sandbox

/// Runs the programs of a package manager on an image, within one deadline.
package struct PackagePrograms {
    package let editor: TreeEditor
    private let runner: any ProgramRunner
    private let environment: Environment
    /// By `Environment.uptime`; nil for none.
    private let deadline: UInt64?
    private let print: (String) -> Void

    /// `timeLeft` is in nanoseconds from now; nil for no limit.
    package init(
        editor: TreeEditor, runner: any ProgramRunner, environment: Environment, timeLeft: UInt64?,
        print: @escaping (String) -> Void
    ) {
        self.editor = editor
        self.runner = runner
        self.environment = environment
        deadline = timeLeft.map { environment.uptime() &+ $0 }
        self.print = print
    }

    /// What a program wrote to its standard output, and its exit status.
    struct Output {
        var lines: [String] = []
        var errors: [String] = []
        var status: Int32 = 0
    }

    /// Languages and questions that would make the output another, or wait for somebody.
    private static let variables = [
        "LC_ALL": "C.UTF-8", "LANGUAGE": "C", "DEBIAN_FRONTEND": "noninteractive", "DEBCONF_NONINTERACTIVE_SEEN": "true",
        "APT_LISTCHANGES_FRONTEND": "none", "NEEDRESTART_SUSPEND": "1", "UCF_FORCE_CONFFOLD": "1", "COLUMNS": "200",
    ]

    /// `.failed` with what the program complained of where its status is none of `good`. `isShown` passes its output on to the log.
    @discardableResult
    func run(
        _ arguments: [String], network: NetworkAccess = .none, files: [String: [UInt8]] = [:], good: Set<Int32> = [0],
        isShown: Bool = false
    ) throws(Failure) -> Output {
        var limits = ProgramLimits()
        if let deadline {
            let now = environment.uptime()
            guard now < deadline else { throw Failure(.failed, "no time was left for \(Self.task(arguments))") }
            limits.time = deadline - now
        }
        let program = GuestProgram(arguments, environment: Self.variables, files: files, network: network, limits: limits)
        var output = Output()
        let result = try runner.run(program, on: editor) { stream, bytes in
            let line = String(decoding: bytes, as: UTF8.self)
            if stream == .output { output.lines.append(line) } else { output.errors.append(line) }
            if isShown { print(line) }
        }
        for remark in result.remarks where isShown { print(remark) }
        switch result.end {
        case .exited(let status) where good.contains(status): output.status = status
        case .exited(let status): throw Self.failure(arguments, "ended with status \(status)", output)
        case .signalled(let signal): throw Self.failure(arguments, "was ended by signal \(signal)", output)
        case .stopped(let limit): throw Self.failure(arguments, "was stopped at \(limit)", output)
        }
        return output
    }

    func log(_ line: String) { print(line) }

    static func failure(_ arguments: [String], _ what: String, _ output: Output) -> Failure {
        let complaints = output.errors.filter { $0.hasPrefix("E:") || $0.hasPrefix("Error:") || $0.hasPrefix("dpkg: error") }
        let details = complaints.isEmpty ? output.errors.suffix(3) : complaints.suffix(5)
        let text = details.map { $0.prefix(300) }.joined(separator: "; ")
        return Failure(.failed, "\(task(arguments)) \(what)\(text.isEmpty ? "" : ": \(text)")")
    }

    /// The program and what it was to do, without options.
    private static func task(_ arguments: [String]) -> String {
        let words = ["update", "upgrade", "install", "makecache", "check-update"]
        let verb = arguments.first { words.contains($0) }
        return ([arguments.first ?? ""] + (verb.map { [$0] } ?? [])).joined(separator: " ")
    }
}
