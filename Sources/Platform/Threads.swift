import CLinux
import Glibc
import Synchronization

/// Threads for work that fills a core or blocks. Work here never runs on the cooperative pool.
package enum Threads {
    /// The number of processors this process may use.
    package static var available: Int {
        max(1, Int(clinux_available_processors()))
    }

    /// Runs `body(0)` to `body(count - 1)`, each on its own thread, and returns when all have. The caller's thread is one of them.
    package static func concurrently(_ count: Int, _ body: @escaping @Sendable (_ worker: Int) -> Void) {
        var threads: [pthread_t] = []
        for worker in 1..<max(1, count) {
            var thread = pthread_t()
            let work = unsafe Unmanaged.passRetained(Work { body(worker) })
            let started = unsafe pthread_create(&thread, nil, { unsafe run($0) }, work.toOpaque())
            if started == 0 {
                threads.append(thread)
            } else {
                unsafe work.release()
                body(worker)
            }
        }
        body(0)
        for thread in threads { pthread_join(thread, nil) }
    }

    private final class Work: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    private static func run(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        if let argument = unsafe argument { unsafe Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body() }
        return nil
    }
}
