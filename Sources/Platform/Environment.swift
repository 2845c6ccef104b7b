import Glibc
import Synchronization

/// The one door through which time, randomness, waiting, cancellation and planned faults enter.
///
/// A test passes its own; nothing above `Platform` asks the system for these itself.
package struct Environment: Sendable {
    /// Nanoseconds since 1970, UTC.
    package var now: @Sendable () -> Int64
    /// Nanoseconds of a clock that never goes back, for durations.
    package var uptime: @Sendable () -> UInt64
    package var random: @Sendable (_ count: Int) throws(SystemError) -> [UInt8]
    /// Waits for that many nanoseconds or until the run is cancelled.
    package var wait: @Sendable (_ nanoseconds: UInt64) -> Void
    package var cancellation: Cancellation
    /// Called at named points of the order of writes. A test's plan may throw or end the process here.
    package var failpoint: @Sendable (_ name: StaticString) throws(SystemError) -> Void

    package init(
        now: @escaping @Sendable () -> Int64,
        uptime: @escaping @Sendable () -> UInt64,
        random: @escaping @Sendable (_ count: Int) throws(SystemError) -> [UInt8],
        wait: @escaping @Sendable (_ nanoseconds: UInt64) -> Void,
        cancellation: Cancellation = Cancellation(),
        failpoint: @escaping @Sendable (_ name: StaticString) throws(SystemError) -> Void = { _ throws(SystemError) in }
    ) {
        self.now = now
        self.uptime = uptime
        self.random = random
        self.wait = wait
        self.cancellation = cancellation
        self.failpoint = failpoint
    }

    /// Seconds since 1970, UTC.
    package var seconds: Int64 { now() / 1_000_000_000 }

    /// Sixteen hexadecimal digits, for names that must not meet.
    package func token() throws(SystemError) -> String { Random.token(of: try random(Random.tokenSize)) }
}

extension Environment {
    /// The real machine.
    package static func system(cancellation: Cancellation = Cancellation()) -> Environment {
        Environment(
            now: { read(CLOCK_REALTIME) },
            uptime: { UInt64(read(CLOCK_MONOTONIC)) },
            random: { count throws(SystemError) in try Random.bytes(count) },
            wait: { cancellation.wait(nanoseconds: $0) },
            cancellation: cancellation)
    }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}

/// A flag that says "stop as soon as nothing is lost", set by Ctrl-C or by a caller, and seen between two pieces of work.
package final class Cancellation: Sendable {
    private let flag = Atomic<Bool>(false)

    package init() {}

    package var isCancelled: Bool { flag.load(ordering: .acquiring) }

    /// Safe inside a signal handler.
    package func cancel() { flag.store(true, ordering: .releasing) }

    /// Sleeps, in steps short enough that a Ctrl-C is felt at once: a signal ends the step early.
    package func wait(nanoseconds: UInt64) {
        var left = nanoseconds
        while left > 0 && !isCancelled {
            let step = min(left, 100_000_000)
            var time = timespec(tv_sec: 0, tv_nsec: Int(step))
            unsafe nanosleep(&time, nil)
            left -= step
        }
    }
}
