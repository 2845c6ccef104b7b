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
        guard let region = try? host.plane.open(place.region), let steps = try? region.claim(id, on: place.instance) else {
            return
        }
        let result = execute(steps, region)
        // A catalogue that cannot be written leaves the command in progress; it has failed when this process is gone.
        try? region.finish(id, result)
        // Those that waited for this one to end.
        for next in (try? region.waiting(id)) ?? [] { host.commandSent(id, to: next, in: place.region) }
    }

    private func execute(_ steps: [CommandStep], _ region: EmbeddedRegion) -> CommandInvocation {
        var results: [StepResult] = []
        var counting: [StepResult] = []
        var hasEnded = false
        for step in steps where !hasEnded || step.flow.isFinal {
            var result = step.isSkipped ? skip(step, region) : execute(step, region)
            if isCancelled(region) {
                result.status = .cancelled
                result.details = CommandStatus.cancelled.rawValue
            }
            results.append(result)
            let isSuccess = result.status == .success
            if isSuccess || step.flow.onFailure != .successAndExit || result.status == .cancelled { counting.append(result) }
            if result.status == .cancelled { break }
            hasEnded = hasEnded || (isSuccess ? step.flow.endsOnSuccess && !step.isSkipped : step.flow.onFailure != nil)
        }
        let decisive =
            [CommandStatus.cancelled, .failed, .timedOut].compactMap { status in counting.first { $0.status == status } }.first
        return CommandInvocation(
            instance: place.instance, status: decisive?.status ?? .success,
            details: decisive?.details ?? CommandStatus.success.rawValue, ended: Instant(seconds: region.environment.seconds),
            results: results)
    }

    private func isCancelled(_ region: EmbeddedRegion) -> Bool {
        (try? region.isCancelled(id, on: place.instance)) ?? false
    }

    private func skip(_ step: CommandStep, _ region: EmbeddedRegion) -> StepResult {
        var result = StepResult(step.name, .success, started: Instant(seconds: region.environment.seconds))
        result.responseCode = 0
        result.ended = result.started
        result.output = "Step execution skipped due to unsatisfied preconditions. Step name: \(step.name)\n"
        return result
    }

    private func execute(_ step: CommandStep, _ region: EmbeddedRegion) -> StepResult {
        let text = CommandOutput()
        var step = step
        var result = StepResult(step.name, .failed, started: Instant(seconds: region.environment.seconds))
        if step.script.workingFolder.isEmpty { step.script.workingFolder = "/" }
        do throws(Failure) {
            let script = step.script
            let outcome = try host.with(place) { machine throws(Failure) in try run(script, on: machine, region, text) }
            switch outcome.end {
            case .exited(let status):
                result.responseCode = Int(status)
                result.status = status == 0 ? .success : .failed
            case .signalled(let signal): result.responseCode = 128 + Int(signal)
            case .stopped(let limit):
                if outcome.end.isTimedOut { result.status = .timedOut }
                text.add(.error, "ended at \(limit)")
            }
            result.details = result.status == .timedOut ? "Execution Timed Out" : result.status.rawValue
        } catch {
            result.status = error.code == .cancelled ? .cancelled : .failed
            result.details = result.status.rawValue
            text.add(.error, error.chain.joined(separator: ": "))
        }
        (result.output, result.error) = text.texts
        result.ended = Instant(seconds: region.environment.seconds)
        return result
    }

    private func run(
        _ script: CommandScript, on machine: Machine, _ region: EmbeddedRegion, _ text: CommandOutput
    ) throws(Failure) -> ProgramResult {
        let lines = script.lines.joined(separator: "\n") + "\n"
        var limits = ProgramLimits()
        limits.time = UInt64(script.timeout) * 1_000_000_000
        limits.output = StepResult.outputLimit * 2
        let interpreter = lines.hasPrefix("#!") ? [] : ["/bin/sh"]
        var next: UInt64 = 0
        return try machine.run(
            interpreter + [Self.path], files: [Self.path: Array(lines.utf8)],
            folder: script.workingFolder, limits: limits,
            mustEnd: {
                let now = region.environment.uptime()
                if now < next { return false }
                next = now + Self.interval
                return isCancelled(region)
            }, onLine: { stream, line in text.add(stream, String(decoding: line, as: UTF8.self)) })
    }
}

/// What a command prints, as much of it as is kept.
private final class CommandOutput: Sendable {
    private let state = Mutex((output: "", error: ""))

    var texts: (output: String, error: String) { state.withLock { $0 } }

    func add(_ stream: Subprocess.Stream, _ line: String) {
        state.withLock { state in
            let limit = StepResult.outputLimit
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
