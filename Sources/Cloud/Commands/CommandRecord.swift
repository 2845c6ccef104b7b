import Model

/// A command that Run Command was given for some instances.
package struct CommandRecord: Hashable, Sendable {
    /// A UUID.
    package let id: String
    package let owner: AccountID
    package let script: CommandScript
    package let comment: String
    package let instances: [InstanceID]
    package let requested: Instant
    package let invocations: [CommandInvocation]

    /// What became of it on all instances together.
    package var status: CommandStatus {
        let all = invocations.map(\.status)
        if all.contains(.pending) { return all.allSatisfy { $0 == .pending } ? .pending : .inProgress }
        if all.contains(.inProgress) { return .inProgress }
        return [.failed, .timedOut, .cancelled].first { all.contains($0) } ?? .success
    }
}

/// AWS-RunShellScript with its parameters.
package struct CommandScript: Hashable, Sendable {
    package static let document = "AWS-RunShellScript"

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
    /// The program's status; -1 where it has none.
    package var responseCode: Int
    package var started: Instant?
    package var ended: Instant?
    package var output = ""
    package var error = ""

    package init(
        instance: InstanceID, status: CommandStatus, details: String, responseCode: Int = -1, started: Instant? = nil,
        ended: Instant? = nil, output: String = "", error: String = ""
    ) {
        self.instance = instance
        self.status = status
        self.details = details
        self.responseCode = responseCode
        self.started = started
        self.ended = ended
        self.output = output
        self.error = error
    }

    /// Bytes of each that are kept, as AWS does.
    package static let outputLimit = 24_000
}

/// As Systems Manager names them.
package enum CommandStatus: String, Hashable, Sendable {
    case pending = "Pending"
    case inProgress = "InProgress"
    case success = "Success"
    case failed = "Failed"
    case timedOut = "TimedOut"
    case cancelled = "Cancelled"

    package var isOver: Bool { self != .pending && self != .inProgress }
}

/// SendCommand.
package struct CommandRequest: Hashable, Sendable {
    package var script: CommandScript
    package var comment = ""
    package var instances: [InstanceID]
    /// Tags that instances must have, besides those that are named: a key, and values of which one must be there.
    package var tags: [(key: String, values: [String])] = []

    package init(_ script: CommandScript, instances: [InstanceID]) {
        self.script = script
        self.instances = instances
    }

    package static func == (a: CommandRequest, b: CommandRequest) -> Bool {
        a.script == b.script && a.comment == b.comment && a.instances == b.instances
            && a.tags.elementsEqual(b.tags) { $0 == $1 }
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(script)
        hasher.combine(instances)
    }
}

/// Run Command of Systems Manager, by its names.
package protocol CommandActions: Sendable {
    /// Refused with InvalidInstanceId for an instance that does not run or is not the account's.
    func sendCommand(_ request: CommandRequest) throws(Failure) -> CommandRecord
    /// The account's commands, the latest first.
    func commands() throws(Failure) -> [CommandRecord]
    /// On all its instances, or on some.
    func cancelCommand(_ id: String, on instances: [InstanceID]) throws(Failure)
}
