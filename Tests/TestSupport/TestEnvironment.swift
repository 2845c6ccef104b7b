import Model
import Platform
import Synchronization

/// A clock, randomness and faults that the test decides. Time stands still until the test, or a wait, moves it.
package final class TestEnvironment: Sendable {
    private struct State {
        var now: Int64
        /// Nanoseconds by which the clock moves at each reading.
        var step: Int64 = 0
        var uptime: UInt64 = 0
        var generator: SeededRandom
        var reached: [String] = []
        var faults: [String: FaultPlan] = [:]
        var waited: (@Sendable (UInt64) -> Void)?
    }

    private let state: Mutex<State>
    package let cancellation = Cancellation()

    /// Two environments of one workspace need different seeds, since ids are made of randomness.
    package init(seed: UInt64 = 1, at start: Instant = Instant(seconds: 1_795_000_000)) {
        state = Mutex(State(now: start.seconds * 1_000_000_000, generator: SeededRandom(seed)))
    }

    package var environment: Environment {
        Environment(
            now: {
                self.state.withLock { state in
                    defer { state.now += state.step }
                    return state.now
                }
            },
            uptime: {
                self.state.withLock { state in
                    state.uptime += 1_000_000
                    return state.uptime
                }
            },
            random: { count throws(SystemError) in self.state.withLock { $0.generator.bytes(count) } },
            wait: { self.wait($0) },
            cancellation: cancellation,
            failpoint: { name throws(SystemError) in try self.reach(name.description) })
    }

    // MARK: Time

    package var now: Instant {
        get { Instant(seconds: state.withLock { $0.now } / 1_000_000_000) }
        set { state.withLock { $0.now = newValue.seconds * 1_000_000_000 } }
    }

    package func advance(_ span: TimeSpan) { now = now + span }

    /// From now on no two readings of the clock by the program are in one second.
    package func advanceAtEachReading() { state.withLock { $0.step = 1_000_000_000 } }

    /// Called at each wait, after the clock was moved on by it.
    package func onWait(_ body: @escaping @Sendable (_ nanoseconds: UInt64) -> Void) { state.withLock { $0.waited = body } }

    private func wait(_ nanoseconds: UInt64) {
        let body = state.withLock { state in
            state.now += Int64(nanoseconds)
            return state.waited
        }
        body?(nanoseconds)
    }

    // MARK: Faults

    /// The failure points that were reached, in order.
    package var reached: [String] { state.withLock { $0.reached } }

    package func forgetReached() { state.withLock { $0.reached = [] } }

    /// Acts when the point is reached for the n-th time from now, counted from 1. One plan a point.
    package func plan(_ fault: FaultPlan.Fault, at point: String, time: Int = 1) {
        state.withLock { $0.faults[point] = FaultPlan(fault: fault, left: time) }
    }

    private func reach(_ point: String) throws(SystemError) {
        let fault: FaultPlan.Fault? = state.withLock { state in
            state.reached.append(point)
            guard var plan = state.faults.removeValue(forKey: point) else { return nil }
            plan.left -= 1
            if plan.left == 0 { return plan.fault }
            state.faults[point] = plan
            return nil
        }
        try fault?.act(point)
    }
}

/// What happens at a failure point.
package struct FaultPlan: Sendable {
    package enum Fault: Sendable {
        /// The call of the operating system there fails.
        case fail
        /// The thread stays there, as that of a process which was stopped or killed, until the gate is opened.
        case hang(reached: Gate, until: Gate)
        /// The test does something.
        case call(@Sendable () -> Void)

        func act(_ point: String) throws(SystemError) {
            switch self {
            case .fail: throw SystemError("planned fault", point, errno: 5)
            case .hang(let reached, let until):
                reached.open()
                until.wait()
            case .call(let body): body()
            }
        }
    }

    let fault: Fault
    /// How many times the point is reached until it happens.
    var left: Int
}
