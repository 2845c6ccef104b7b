import Glibc
import Platform
import Synchronization

/// Closed until somebody opens it, then open for ever. For tests that bring threads into an order without sleeping.
package final class Gate: Sendable {
    private let reader: Int32
    private let writer: Mutex<Int32?>

    package init() throws {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { throw SystemError("pipe") }
        // A program that is started meanwhile would keep the gate closed.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        reader = ends[0]
        writer = Mutex(ends[1])
    }

    deinit {
        open()
        close(reader)
    }

    /// A reader of the pipe sees its end once the other side is closed.
    package func open() {
        writer.withLock { end in
            if let end { close(end) }
            end = nil
        }
    }

    package func wait() {
        var byte: UInt8 = 0
        while unsafe read(reader, &byte, 1) < 0 && errno == EINTR {}
    }
}

/// Runs two bodies on two threads, and throws the first one's error, or else the second one's.
package func together(
    _ first: @escaping @Sendable () throws -> Void, _ second: @escaping @Sendable () throws -> Void
) throws {
    let errors = Mutex<[Int: any Error]>([:])
    Threads.concurrently(2) { worker in
        do { try worker == 0 ? first() : second() } catch { errors.withLock { $0[worker] = error } }
    }
    if let error = errors.withLock({ $0[0] ?? $0[1] }) { throw error }
}
