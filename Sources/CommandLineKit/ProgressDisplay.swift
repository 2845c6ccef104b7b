import Synchronization

/// Shows progress: on a terminal as lines that are repainted, otherwise as plain lines of a log.
///
/// On a terminal a step that ended moves above the running ones and stays there; the running ones are repainted at most ten times a second,
/// by events and by `tick`. In a log a line is written when a step begins or ends, and while it runs every few seconds where something
/// changed. Nothing here sleeps or starts a thread: the caller calls `tick`, for instance ten times a second. A stream that cannot be
/// written to silences the display and nothing else.
package final class ProgressDisplay: ProgressSink {
    private let stream: any OutputStream
    private let lines: ProgressLines
    private let isLive: Bool
    private let clock: @Sendable () -> UInt64
    private let state: Mutex<State>

    /// Between two paintings, in nanoseconds.
    static let paintInterval: UInt64 = 100_000_000
    /// Between two lines of a log about the same running step, in nanoseconds.
    static let logInterval: UInt64 = 5_000_000_000
    /// More running steps than these are counted, not shown.
    static let mostLines = 12

    private struct State {
        var board = ProgressBoard()
        /// Lines that stay, to be written with the next painting.
        var pending: [String] = []
        /// How many lines the last painting left below the lines that stay.
        var painted = 0
        var lastPaint: UInt64?
        /// By step: when the log last said something about it, and whether there is news.
        var logged: [String: (time: UInt64, hasNews: Bool)] = [:]
        var isClosed = false
        var isSilent = false
    }

    /// - Parameters:
    ///   - labels: those known beforehand, to which the columns are fitted.
    ///   - clock: monotonic nanoseconds.
    package init(
        stream: any OutputStream, terminal: Terminal, labels: [String] = [], clock: @escaping @Sendable () -> UInt64
    ) {
        self.stream = stream
        self.lines = ProgressLines(terminal: terminal)
        self.isLive = terminal.isInteractive
        self.clock = clock
        var state = State()
        for label in labels { state.board.expect(label) }
        self.state = Mutex(state)
    }

    package func begin(_ step: String, label: String) {
        change { state, now in
            let step = state.board.begin(step, label: label, at: now)
            guard !isLive else { return }
            state.logged[step.id] = (now, false)
            state.pending.append(lines.logBegin(step))
        }
    }

    package func update(_ step: String, done: ProgressAmount?, detail: String?) {
        change { state, now in
            guard let step = state.board.update(step, done, detail, at: now) else { return }
            state.logged[step.id]?.hasNews = true
        }
    }

    package func finish(_ step: String, _ outcome: ProgressOutcome, detail: String?) {
        change { state, now in
            let step = state.board.finish(step, detail: detail, at: now)
            state.logged[step.id] = nil
            let line =
                isLive
                ? lines.live(step, outcome, labelWidth: state.board.labelWidth, at: now) : lines.log(step, outcome, at: now)
            state.pending.append(line)
        }
    }

    package func note(_ text: String) {
        change { state, _ in
            state.pending += text.split(separator: "\n", omittingEmptySubsequences: false).map { PlainText.oneLine(String($0)) }
        }
    }

    /// Shows what became due with time: elapsed times on a terminal, lines about long steps in a log.
    package func tick() {
        change { _, _ in }
    }

    /// Writes what is pending and leaves the cursor below everything. Steps that are still running stay as they are; later events are
    /// dropped.
    package func close() {
        state.withLock { state in
            guard !state.isClosed else { return }
            state.isClosed = true
            let now = clock()
            if isLive { paint(&state, at: now) } else { writeLog(&state, at: now) }
        }
    }

    private func change(_ body: (inout State, UInt64) -> Void) {
        state.withLock { state in
            guard !state.isClosed else { return }
            let now = clock()
            body(&state, now)
            guard isLive else { return writeLog(&state, at: now) }
            if let last = state.lastPaint, now < last + Self.paintInterval { return }
            paint(&state, at: now)
        }
    }

    /// Goes back over the lines painted last, and writes the lines that stay and then the running steps.
    private func paint(_ state: inout State, at now: UInt64) {
        guard state.painted > 0 || !state.pending.isEmpty || !state.board.running.isEmpty else { return }
        let running = state.board.running
        var below = running.prefix(Self.mostLines).map { lines.live($0, nil, labelWidth: state.board.labelWidth, at: now) }
        if running.count > Self.mostLines { below.append("  and \(running.count - Self.mostLines) more") }
        let back = state.painted > 0 ? "\u{1B}[\(state.painted)A\r\u{1B}[J" : ""
        write(back + (state.pending + below).map { $0 + "\n" }.joined(), &state)
        state.pending = []
        state.painted = below.count
        state.lastPaint = now
    }

    private func writeLog(_ state: inout State, at now: UInt64) {
        for step in state.board.running {
            guard let last = state.logged[step.id], last.hasNews, now >= last.time + Self.logInterval else { continue }
            state.logged[step.id] = (now, false)
            state.pending.append(lines.logUpdate(step, at: now))
        }
        guard !state.pending.isEmpty else { return }
        write(state.pending.map { $0 + "\n" }.joined(), &state)
        state.pending = []
    }

    private func write(_ text: String, _ state: inout State) {
        guard !state.isSilent else { return }
        do { try stream.write(text) } catch { state.isSilent = true }
    }
}
