import Synchronization

/// Work for a pool of threads, in the order in which it came.
package final class TaskQueue: Sendable {
    package typealias Work = @Sendable () -> Void

    private let state = Mutex(State())
    /// A byte for each piece of work, and for each thread at the end.
    private let pipe: Pipe
    private let limit: Int

    private struct State {
        var work: [Work] = []
        var threads = 0
        var isClosed = false
    }

    /// As many pieces of work may wait, at most 60,000.
    package init(limit: Int) throws(SystemError) {
        pipe = try Pipe()
        self.limit = min(limit, 60_000)
    }

    /// False where too many wait, or the queue is closed.
    package func add(_ work: @escaping Work) -> Bool {
        let isTaken = state.withLock { state in
            if state.isClosed || state.work.count >= limit { return false }
            state.work.append(work)
            return true
        }
        if isTaken { signal() }
        return isTaken
    }

    /// Does what comes, on this thread, until the queue is closed and what was added is done.
    package func run() {
        let isLate = state.withLock { state in
            state.threads += 1
            return state.isClosed
        }
        // `close` has given bytes to those alone who were there.
        if isLate { signal() }
        while (try? pipe.readEnd.waitForByte()) == true {
            let next = state.withLock { state in state.work.isEmpty ? nil : state.work.removeFirst() }
            if let next {
                next()
            } else if state.withLock({ $0.isClosed }) {
                return
            }
        }
    }

    /// Takes no more work; the threads return when what was added is done.
    package func close() {
        let threads = state.withLock { state in
            if state.isClosed { return 0 }
            state.isClosed = true
            return state.threads
        }
        for _ in 0..<threads { signal() }
    }

    private func signal() { try? pipe.writeEnd.write([1]) }
}
