import Model
import Platform

/// The time that an attempt of a step has.
struct StepClock {
    private let environment: Environment
    private let start: UInt64
    /// Nil for no limit.
    private let seconds: Int?

    init(seconds: Int?, environment: Environment) {
        self.seconds = seconds
        self.environment = environment
        start = environment.uptime()
    }

    /// Nanoseconds; nil for no limit.
    var left: UInt64? {
        guard let seconds else { return nil }
        let limit = UInt64(seconds) * 1_000_000_000
        let elapsed = environment.uptime() &- start
        return elapsed >= limit ? 0 : limit - elapsed
    }

    var isOver: Bool { left == 0 }

    /// The same limit from now on.
    func restarted() -> StepClock { StepClock(seconds: seconds, environment: environment) }

    func overrun(_ what: String) -> Failure {
        Failure(
            .failed, "\(what) ran longer than its time limit of \(seconds ?? 0) s",
            hint: "set 'timeoutSeconds' of the step, -1 for no limit")
    }
}
