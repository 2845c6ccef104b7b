import CLinux
import Glibc
import Synchronization

/// Calls something at regular intervals on a thread of its own, until it is stopped.
package final class Ticker: Sendable {
    private let thread: pthread_t?
    /// A pipe. The thread waits for its reading end to be closed off, and ticks when the wait takes too long. Negative: there is none.
    private let reading: Int32
    private let writing: Int32
    private let isStopped = Atomic<Bool>(false)

    /// Where the system gives no thread or pipe, nothing ticks.
    package init(milliseconds: Int32, _ tick: @escaping @Sendable () -> Void) {
        var ends: [Int32] = [-1, -1]
        let status = unsafe clinux_pipe(&ends)
        let reading = ends[0]
        self.reading = reading
        writing = ends[1]
        thread = status == 0 ? Threads.spawn { Self.run(until: reading, milliseconds, tick) } : nil
    }

    private static func run(until reading: Int32, _ milliseconds: Int32, _ tick: () -> Void) {
        while true {
            var request = pollfd(fd: reading, events: Int16(POLLIN), revents: 0)
            let ready = unsafe poll(&request, 1, milliseconds)
            if ready > 0 || (ready < 0 && errno != EINTR) { return }
            tick()
        }
    }

    /// Returns when the last tick has. Doing it again does nothing.
    package func stop() {
        guard !isStopped.exchange(true, ordering: .relaxed), reading >= 0 else { return }
        close(writing)
        if let thread { pthread_join(thread, nil) }
        close(reading)
    }

    deinit { stop() }
}
