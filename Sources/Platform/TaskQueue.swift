import Synchronization

/// Work for a pool of threads, in the order in which it came.
package final class TaskQueue: Sendable {
    package typealias Work = @Sendable () -> Void

    private let state = Mutex(State())
    /// A byte for each thread that is to wake up: never more than wait, so that no writer blocks, however small the pipe is.
    private let pipe: Pipe
    private let limit: Int

    private struct State {
        /// What is next stands last; behind it comes what was added since.
        var next: [Work] = []
        var added: [Work] = []
        /// Threads that wait, or are about to, and were sent no byte.
        var waiting = 0
        var isClosed = false

        var count: Int { next.count + added.count }

        mutating func step() -> Step {
            if next.isEmpty { (next, added) = (added.reversed(), []) }
            if let work = next.popLast() { return .work(work) }
            if isClosed { return .end }
            waiting += 1
            return .wait
        }
    }

    private enum Step {
        case work(Work)
        case wait
        case end
    }

    /// As many pieces of work may wait.
    package init(limit: Int) throws(SystemError) {
        pipe = try Pipe()
        self.limit = limit
    }

    /// False where too many wait, or the queue is closed.
    package func add(_ work: @escaping Work) -> Bool {
        let (isTaken, wakes) = state.withLock { state in
            if state.isClosed || state.count >= limit { return (false, false) }
            state.added.append(work)
            if state.waiting == 0 { return (true, false) }
            state.waiting -= 1
            return (true, true)
        }
        if wakes { signal() }
        return isTaken
    }

    /// Does what comes, on this thread, until the queue is closed and what was added is done. A thread that cannot wait leaves earlier,
    /// but not while work is there: what it adds to the queue itself is done.
    package func run() {
        while true {
            switch state.withLock({ $0.step() }) {
            case .work(let work): work()
            case .wait: if (try? pipe.readEnd.waitForByte()) != true { return }
            case .end: return
            }
        }
    }

    /// Takes no more work; the threads return when what was added is done.
    package func close() {
        let waiting = state.withLock { state in
            defer { state.waiting = 0 }
            state.isClosed = true
            return state.waiting
        }
        for _ in 0..<waiting { signal() }
    }

    private func signal() { try? pipe.writeEnd.write([1]) }
}
