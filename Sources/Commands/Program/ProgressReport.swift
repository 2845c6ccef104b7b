import CommandLineKit
import Platform
import Synchronization

/// The progress display of one command on standard error, with the thread that keeps it moving. Silent with `--quiet`.
final class ProgressReport: Sendable {
    let display: ProgressDisplay
    private let ticker: Ticker?
    private let isSilent: Bool
    private let running = Mutex<[String]>([])

    /// - Parameter isTicking: false for a command that mostly waits.
    init(_ context: CommandContext, isTicking: Bool = true) {
        let display = ProgressDisplay(
            stream: context.console.error, terminal: context.console.errorTerminal, clock: context.environment.uptime)
        self.display = display
        isSilent = context.isQuiet
        ticker = context.isQuiet || !isTicking ? nil : Ticker(milliseconds: 100) { display.tick() }
    }

    func begin(_ step: String, detail: String? = nil) {
        if isSilent { return }
        running.withLock { $0.append(step) }
        display.begin(step, label: step)
        if let detail { display.update(step, done: nil, detail: detail) }
    }

    /// Begins the step where it has not begun.
    func update(_ step: String, done: ProgressAmount? = nil, detail: String? = nil) {
        if isSilent { return }
        if !running.withLock({ $0.contains(step) }) { begin(step) }
        display.update(step, done: done, detail: detail)
    }

    func finish(_ step: String, _ outcome: ProgressOutcome, detail: String?) {
        if isSilent { return }
        running.withLock { $0.removeAll { $0 == step } }
        display.finish(step, outcome, detail: detail)
    }

    func note(_ text: String) {
        if !isSilent { display.note(text) }
    }

    /// Runs `body`; what still runs when it ends by an error is shown as failed. Afterwards nothing is written any more.
    func during<Result>(_ body: () throws -> Result) throws -> Result {
        defer {
            ticker?.stop()
            if !isSilent { display.close() }
        }
        do { return try body() } catch {
            failRunning()
            throw error
        }
    }

    /// Shows what still runs as failed.
    func failRunning() {
        for step in running.withLock({ $0 }) { finish(step, .failed, detail: nil) }
    }
}
