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
        let threads = (1..<max(1, count)).map { worker in start(Work { body(worker) }) }
        body(0)
        for thread in threads.compactMap(\.self) { pthread_join(thread, nil) }
    }

    /// Runs `body` while `other` runs on a thread of its own, and returns when both have. Where the system has no thread to give, `other` runs
    /// first: neither may wait for the other.
    package static func run<Result, Failure: Error>(
        beside other: @escaping @Sendable () -> Void, _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let thread = start(Work(other))
        defer { if let thread { pthread_join(thread, nil) } }
        return try body()
    }

    /// Starts a thread, or does its work here and now where the system has no thread left to give.
    private static func start(_ work: Work) -> pthread_t? {
        if let thread = spawn(work.body) { return thread }
        work.body()
        return nil
    }

    /// Starts a thread, which somebody must join; nil where the system has no thread left to give.
    static func spawn(_ body: @escaping @Sendable () -> Void) -> pthread_t? {
        var thread: pthread_t = 0
        let argument = unsafe Unmanaged.passRetained(Work(body))
        let status = unsafe clinux_start_thread(&thread, enter, argument.toOpaque())
        if status == 0 { return thread }
        unsafe argument.release()
        return nil
    }
}

/// What a new thread runs first: takes over its work and does it.
private func enter(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let argument = unsafe argument { unsafe Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body() }
    return nil
}

private final class Work: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}

extension Threads {
    /// Runs `body` for each number below `count`, in order, on as many threads as there are processors. The first error stops the
    /// handing out of further numbers and is thrown when all threads have returned.
    package static func forEach<Failure: Error>(
        below count: Int, _ body: @escaping @Sendable (_ index: Int) throws(Failure) -> Void
    ) throws(Failure) {
        try forEach(below: count, with: {}, { (_, index) throws(Failure) in try body(index) })
    }

    /// The same with what each thread makes for itself and uses for all its numbers.
    package static func forEach<Tool, Failure: Error>(
        below count: Int, with make: @escaping @Sendable () -> Tool,
        _ body: @escaping @Sendable (_ tool: Tool, _ index: Int) throws(Failure) -> Void
    ) throws(Failure) {
        let failure = FirstError<Failure>()
        let counter = Counter()
        concurrently(min(available, count)) { _ in
            let tool = make()
            while failure.isNone {
                let index = counter.next()
                if index >= count { return }
                do throws(Failure) { try body(tool, index) } catch { failure.set(error) }
            }
        }
        if let error = failure.value { throw error }
    }

    private final class Counter: Sendable {
        private let value = Atomic<Int>(0)
        func next() -> Int { value.wrappingAdd(1, ordering: .relaxed).oldValue }
    }

    private final class FirstError<Failure: Error>: Sendable {
        private let stored = Mutex<Failure?>(nil)
        private let isSet = Atomic<Bool>(false)
        var isNone: Bool { !isSet.load(ordering: .relaxed) }
        var value: Failure? { stored.withLock { $0 } }
        func set(_ error: Failure) {
            stored.withLock { if $0 == nil { $0 = error } }
            isSet.store(true, ordering: .relaxed)
        }
    }
}
