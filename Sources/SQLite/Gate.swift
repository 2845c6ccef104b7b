import CSQLite

/// Lets one thread through at a time; the others sleep.
///
/// A transaction takes tens of microseconds, and waits for a disk now and then. `Mutex` spins for about as long before it sleeps, which
/// with many threads on few processors keeps the one that is inside from running.
@safe
final class Gate: Sendable {
    private nonisolated(unsafe) let mutex: OpaquePointer

    init() {
        _ = Library.isConfigured
        guard let mutex = unsafe sqlite3_mutex_alloc(SQLITE_MUTEX_FAST) else { fatalError("sqlite: no memory for a mutex") }
        unsafe self.mutex = mutex
    }

    deinit { unsafe sqlite3_mutex_free(mutex) }

    func withLock<T>(_ body: () throws -> T) rethrows -> T {
        unsafe sqlite3_mutex_enter(mutex)
        defer { unsafe sqlite3_mutex_leave(mutex) }
        return try body()
    }
}
