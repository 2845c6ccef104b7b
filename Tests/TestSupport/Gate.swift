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

/// Runs each body on a thread of its own, and throws the error of the first one that has any.
package func together(_ bodies: @Sendable () throws -> Void...) throws {
    let errors = Mutex<[Int: any Error]>([:])
    Threads.concurrently(bodies.count) { worker in
        do { try bodies[worker]() } catch { errors.withLock { $0[worker] = error } }
    }
    if let error = errors.withLock({ errors in errors.min { $0.key < $1.key }?.value }) { throw error }
}
