import Model

/// What a run did, in the shape of AWSTOE's `detailedoutput.json`. Secret values are blotted out in it.
package struct ExecutionReport: Sendable, Codable, Hashable {
    package var executionId: String
    package var status: ExecutionStatus
    package var startTime: String
    package var endTime: String
    package var failureMessage: String
    package var documents: [DocumentReport]
}

package enum ExecutionStatus: String, Sendable, Codable {
    case success = "Success"
    case failed = "Failed"
    /// A step failed whose `onFailure` is Ignore. Stands for a step only.
    case ignoredFailure = "IgnoredFailure"
    /// All is well but for steps whose failure is ignored. Stands for phases, documents and runs.
    case successWithIgnoredFailure = "SuccessWithIgnoredFailure"
    /// The step's `if` said so. Stands for a step only.
    case skipped = "Skipped"
    /// It did not come to its end: the run was cancelled, or the host failed.
    case interrupted = "Interrupted"

    /// Whether whoever asked for it takes it for a success.
    package var isSuccess: Bool { self == .success || self == .successWithIgnoredFailure || self == .skipped }
}

package struct DocumentReport: Sendable, Codable, Hashable {
    package var name: String
    package var filePath: String
    package var status: ExecutionStatus
    package var description: String
    package var startTime: String
    package var endTime: String
    package var failureMessage: String
    package var phases: [PhaseReport]
}

package struct PhaseReport: Sendable, Codable, Hashable {
    package var name: String
    package var status: ExecutionStatus
    package var startTime: String
    package var endTime: String
    package var failureMessage: String
    package var steps: [StepReport]
}

package struct StepReport: Sendable, Codable, Hashable {
    package var name: String
    package var status: ExecutionStatus
    package var failureMessage: String
    /// -1 for no limit.
    package var timeoutSeconds: Int
    package var onFailure: String
    package var maxAttempts: Int
    package var action: String
    package var startTime: String
    package var endTime: String
    /// JSON. Of a loop, those of its last iteration.
    package var inputs: String
    /// JSON.
    package var outputs: String
    package var loop: LoopReport?
    /// The report of the document that the step called.
    package var detailedOutput: ExecutionReport?
}

package struct LoopReport: Sendable, Codable, Hashable {
    package var name: String?
    /// How many iterations were begun in the last attempt.
    package var iterations: Int
    package var failedIterations: [Int]
}

/// What `awstoe run` prints about a run.
package struct ExecutionSummary: Sendable, Codable, Hashable {
    package var executedStepCount: Int
    package var executionId: String
    package var failedStepCount: Int
    package var failureMessage: String
    package var ignoredFailedStepCount: Int
    package var logUrl: String
    package var status: ExecutionStatus
}

extension ExecutionReport {
    /// Steps of called documents are not counted: the step that calls one is.
    package func summary(logURL: String = "") -> ExecutionSummary {
        let steps = documents.flatMap { $0.phases.flatMap(\.steps) }
        func count(_ status: ExecutionStatus) -> Int { steps.count { $0.status == status } }
        return ExecutionSummary(
            executedStepCount: steps.count - count(.skipped), executionId: executionId, failedStepCount: count(.failed),
            failureMessage: failureMessage, ignoredFailedStepCount: count(.ignoredFailure), logUrl: logURL, status: status)
    }

    /// As `detailedoutput.json` has it.
    package func json() throws(Failure) -> String { try CanonicalJSON.text(of: self, pretty: true) }
}
