import Model
import Platform

/// Why one attempt at a transfer failed, and whether another one may succeed.
struct TransferProblem: Error {
    let failure: Failure
    let isTransient: Bool

    init(_ failure: Failure, isTransient: Bool = false) {
        self.failure = failure
        self.isTransient = isTransient
    }
}

/// Five attempts at a transfer, with 1, 2, 4 and 8 seconds between them, within the time of the step. These are not the attempts of
/// `maxAttempts`: one step may make five of these in each of its own.
struct TransferAttempts {
    static let maximum = 5
    private static let firstWait: UInt64 = 1_000_000_000

    private let context: ActionContext
    /// On the clock of `uptime`; nil for no limit.
    private let deadline: UInt64?

    init(_ context: ActionContext) {
        self.context = context
        deadline = context.timeLeft.map { left in
            let (end, overflow) = context.environment.uptime().addingReportingOverflow(left)
            return overflow ? .max : end
        }
    }

    /// `attempt` gets the nanoseconds that are left.
    func run<Result>(
        _ task: String, _ attempt: (_ timeLeft: UInt64?) throws(TransferProblem) -> Result
    ) throws(Failure) -> Result {
        var wait = Self.firstWait
        for number in 1... {
            do throws(TransferProblem) { return try attempt(try timeLeft(task)) } catch {
                if context.environment.cancellation.isCancelled { throw Failure(.cancelled, "\(task): cancelled") }
                guard error.isTransient, number < Self.maximum else { throw told(error, after: number) }
                if let left = timeLeft, left <= wait { throw told(error, after: number) }
                context.print("\(error.failure.message); trying again in \(wait / 1_000_000_000) s")
                context.environment.wait(wait)
                wait *= 2
            }
        }
        throw Failure(.bug, "\(task): no attempt was made")
    }

    private var timeLeft: UInt64? {
        guard let deadline else { return nil }
        let now = context.environment.uptime()
        return deadline > now ? deadline - now : 0
    }

    private func timeLeft(_ task: String) throws(TransferProblem) -> UInt64? {
        if timeLeft == 0 { throw TransferProblem(Failure(.failed, "\(task): the time of the step is over")) }
        return timeLeft
    }

    private func told(_ problem: TransferProblem, after attempts: Int) -> Failure {
        var failure = problem.failure
        if attempts > 1 { failure.message += ", after \(attempts) attempts" }
        return failure
    }
}
