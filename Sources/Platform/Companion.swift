import Glibc
import Synchronization

/// A thread that works beside its owner's, until it is stopped.
package final class Companion: Sendable {
    private let thread: pthread_t
    private let run: Run
    private let isStopped = Atomic<Bool>(false)

    /// A run of its own, which `stop` cancels: its waiting ends then at once.
    package final class Run: Sendable {
        package let environment: Environment
        private let cancellation: Cancellation
        private let bell: Bell

        package init(_ outer: Environment) throws(SystemError) {
            let bell = try Bell()
            let cancellation = Cancellation()
            var environment = outer
            environment.cancellation = cancellation
            environment.wait = { bell.wait(nanoseconds: $0) }
            self.environment = environment
            self.cancellation = cancellation
            self.bell = bell
        }

        fileprivate func cancel() {
            cancellation.cancel()
            bell.ring()
        }
    }

    /// What ends the thread's waiting, from its first ring on.
    private final class Bell: Sendable {
        private let pipe: Pipe

        init() throws(SystemError) { pipe = try Pipe() }

        func ring() { try? pipe.writeEnd.write([1]) }

        func wait(nanoseconds: UInt64) {
            var request = pollfd(fd: pipe.readEnd.raw, events: Int16(POLLIN), revents: 0)
            _ = unsafe poll(&request, 1, Int32(clamping: nanoseconds / 1_000_000))
        }
    }

    /// `body` works in the environment of `run`, and returns soon after that is cancelled.
    package init(_ run: Run, _ body: @escaping @Sendable () -> Void) throws(SystemError) {
        guard let thread = Threads.spawn(body) else { throw SystemError("pthread_create", errno: EAGAIN) }
        self.thread = thread
        self.run = run
    }

    /// Returns when `body` has. Doing it again does nothing.
    package func stop() {
        guard !isStopped.exchange(true, ordering: .relaxed) else { return }
        run.cancel()
        pthread_join(thread, nil)
    }

    deinit { stop() }
}
