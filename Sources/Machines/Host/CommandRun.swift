import Cloud
import Model
import Platform
import Sandbox
import Synchronization

/// One command of Run Command on one instance.
struct CommandRun {
    let id: String
    let place: Place
    let host: MachineHost

    /// The script lies here while it runs.
    private static let path = "/run/ingot/_script.sh"
    /// Nanoseconds between two looks whether it was cancelled.
    private static let interval: UInt64 = 250_000_000

    /// Runs the command where it still waits, and writes down what became of it.
    func run() {
        guard let region = try? host.plane.open(place.region), let script = try? region.claim(id, on: place.instance) else {
            return
        }
        let result = execute(script, region)
        // A catalogue that cannot be written leaves the command in progress; it has failed when this process is gone.
        try? region.finish(id, result)
    }

    private func execute(_ script: CommandScript, _ region: EmbeddedRegion) -> CommandInvocation {
        let text = CommandOutput()
        var invocation = CommandInvocation(
            instance: place.instance, status: .failed, details: "Failed")
        do throws(Failure) {
            let result = try host.with(place) { machine throws(Failure) in try run(script, on: machine, region, text) }
            switch result.end {
            case .exited(let status):
                invocation.responseCode = Int(status)
                invocation.status = status == 0 ? .success : .failed
            case .signalled(let signal): invocation.responseCode = 128 + Int(signal)
            case .stopped(let limit):
                if result.end.isTimedOut { invocation.status = .timedOut }
                text.add(.error, "ended at \(limit)")
            }
            invocation.details = invocation.status == .timedOut ? "Execution Timed Out" : invocation.status.rawValue
        } catch {
            invocation.status = error.code == .cancelled ? .cancelled : .failed
            invocation.details = invocation.status.rawValue
            text.add(.error, error.chain.joined(separator: ": "))
        }
        (invocation.output, invocation.error) = text.texts
        invocation.ended = Instant(seconds: region.environment.seconds)
        return invocation
    }

    private func run(
        _ script: CommandScript, on machine: Machine, _ region: EmbeddedRegion, _ text: CommandOutput
    ) throws(Failure) -> ProgramResult {
        let lines = script.lines.joined(separator: "\n") + "\n"
        var limits = ProgramLimits()
        limits.time = UInt64(script.timeout) * 1_000_000_000
        limits.output = CommandInvocation.outputLimit * 2
        let interpreter = lines.hasPrefix("#!") ? [] : ["/bin/sh"]
        var next: UInt64 = 0
        return try machine.run(
            interpreter + [Self.path], files: [Self.path: Array(lines.utf8)],
            folder: script.workingFolder.isEmpty ? "/" : script.workingFolder, limits: limits,
            mustEnd: {
                let now = region.environment.uptime()
                if now < next { return false }
                next = now + Self.interval
                return (try? region.isCancelled(id, on: place.instance)) ?? false
            }, onLine: { stream, line in text.add(stream, String(decoding: line, as: UTF8.self)) })
    }
}

/// What a command prints, as much of it as is kept.
private final class CommandOutput: Sendable {
    private let state = Mutex((output: "", error: ""))

    var texts: (output: String, error: String) { state.withLock { $0 } }

    func add(_ stream: Subprocess.Stream, _ line: String) {
        state.withLock { state in
            let limit = CommandInvocation.outputLimit
            switch stream {
            case .output: if state.output.utf8.count < limit { state.output += Self.cut(line, limit - state.output.utf8.count) }
            case .error: if state.error.utf8.count < limit { state.error += Self.cut(line, limit - state.error.utf8.count) }
            }
        }
    }

    private static func cut(_ line: String, _ room: Int) -> String {
        line.utf8.count < room ? line + "\n" : String(decoding: Array(line.utf8.prefix(room)), as: UTF8.self)
    }
}
