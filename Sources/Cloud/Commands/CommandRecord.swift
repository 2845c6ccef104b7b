import Model

/// A command that Run Command was given for some instances.
package struct CommandRecord: Hashable, Sendable {
    /// A UUID.
    package let id: String
    package let owner: AccountID
    /// As the request named them.
    package let document: String
    package let documentVersion: String
    package let parameters: [String: [String]]
    /// What is run, one after the other.
    package let steps: [CommandStep]
    package let comment: String
    /// Seconds in which it must have begun, as the request says. Here it begins at once.
    package let delivery: Int
    /// On how many instances it runs at the same time: at least on one.
    package let concurrency: CommandBound
    /// After more errors than this it is sent to no further instance.
    package let mostErrors: CommandBound
    package let instances: [InstanceID]
    package let requested: Instant
    package let invocations: [CommandInvocation]

    /// On how many more instances it may begin.
    var room: Int {
        hasTooManyErrors
            ? 0 : max(1, concurrency.count(of: invocations.count)) - invocations.count { $0.status == .inProgress }
    }

    var hasTooManyErrors: Bool {
        invocations.count { [.failed, .timedOut].contains($0.status) } > mostErrors.count(of: invocations.count)
    }

    /// What became of it on all instances together.
    package var status: CommandStatus {
        let all = invocations.map(\.status)
        if all.contains(.pending) { return all.allSatisfy { $0 == .pending } ? .pending : .inProgress }
        if all.contains(.inProgress) { return .inProgress }
        return [.failed, .timedOut, .cancelled].first { all.contains($0) } ?? .success
    }
}

/// A script that a step runs.
package struct CommandScript: Hashable, Sendable, Codable {
    package var lines: [String]
    package var workingFolder: String
    /// Seconds.
    package var timeout: Int

    package init(lines: [String], workingFolder: String = "", timeout: Int = 3600) {
        self.lines = lines
        self.workingFolder = workingFolder
        self.timeout = timeout
    }
}

/// What became of a command on one instance.
package struct CommandInvocation: Hashable, Sendable {
    package let instance: InstanceID
    package var status: CommandStatus
    /// More than the status says: `Execution Timed Out`.
    package var details: String
    package var started: Instant?
    package var ended: Instant?
    /// Of the steps that ran, in their order.
    package var results: [StepResult]

    package init(
        instance: InstanceID, status: CommandStatus, details: String, started: Instant? = nil, ended: Instant? = nil,
        results: [StepResult] = []
    ) {
        self.instance = instance
        self.status = status
        self.details = details
        self.started = started
        self.ended = ended
        self.results = results
    }
}

/// What became of a step on one instance.
package struct StepResult: Hashable, Sendable, Codable {
    package let step: String
    package var status: CommandStatus
    package var details: String
    /// The program's status; -1 where it has none.
    package var responseCode = -1
    package var started: Instant?
    package var ended: Instant?
    package var output = ""
    package var error = ""

    package init(_ step: String, _ status: CommandStatus, details: String? = nil, started: Instant? = nil) {
        self.step = step
        self.status = status
        self.details = details ?? status.rawValue
        self.started = started
    }

    /// Bytes of each that are kept, as AWS does.
    package static let outputLimit = 24_000
}

/// As Systems Manager names them.
package enum CommandStatus: String, Hashable, Sendable, Codable {
    case pending = "Pending"
    case inProgress = "InProgress"
    case success = "Success"
    case failed = "Failed"
    case timedOut = "TimedOut"
    case cancelled = "Cancelled"

    package var isOver: Bool { self != .pending && self != .inProgress }
}

/// SendCommand.
package struct CommandRequest: Sendable {
    /// A name, or the ARN of somebody's document.
    package var document: String
    /// `$DEFAULT`, `$LATEST` or a number.
    package var documentVersion = "$DEFAULT"
    package var parameters: [String: [String]]
    package var comment = ""
    package var delivery = 3600
    package var concurrency = CommandBound.usualConcurrency
    package var mostErrors = CommandBound.usualErrors
    package var instances: [InstanceID]
    /// Tags that instances must have, besides those that are named: a key, and values of which one must be there.
    package var tags: [(key: String, values: [String])] = []

    package init(_ document: String, _ parameters: [String: [String]], instances: [InstanceID]) {
        self.document = document
        self.parameters = parameters
        self.instances = instances
    }
}

/// Run Command of Systems Manager, by its names.
package protocol CommandActions: Sendable {
    /// Refused with InvalidDocument, InvalidParameters, and InvalidInstanceId for an instance that does not run or is not the account's.
    func sendCommand(_ request: CommandRequest) throws(Failure) -> CommandRecord
    /// The account's commands, the latest first.
    func commands() throws(Failure) -> [CommandRecord]
    /// On all its instances, or on some.
    func cancelCommand(_ id: String, on instances: [InstanceID]) throws(Failure)
}
