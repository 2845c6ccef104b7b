import Cloud
import Model

/// A condition on commands, or on what became of them on one instance.
struct CommandFilter: Decodable, Sendable {
    let key: Key
    let value: String

    enum Key: String, Decodable {
        case invokedAfter = "InvokedAfter"
        case invokedBefore = "InvokedBefore"
        case status = "Status"
        case executionStage = "ExecutionStage"
        case documentName = "DocumentName"
    }

    /// `status` is that of the command, or of an invocation of it.
    func accepts(_ command: CommandRecord, _ status: CommandStatus) throws(APIError) -> Bool {
        switch key {
        case .invokedAfter: return try command.requested >= instant()
        case .invokedBefore: return try command.requested < instant()
        case .status: return value == status.rawValue
        case .executionStage: return value == (status.isOver ? "Complete" : "Executing")
        case .documentName: return value == command.document
        }
    }

    private func instant() throws(APIError) -> Instant {
        do throws(Failure) { return try Instant(parsing: value) } catch {
            throw APIError("InvalidFilterKey", "The value of the filter \(key.rawValue) is no time: \(value.prefix(60))")
        }
    }
}

extension [CommandFilter]? {
    func accept(_ command: CommandRecord, _ status: CommandStatus) throws(APIError) -> Bool {
        for filter in self ?? [] where try !filter.accepts(command, status) { return false }
        return true
    }
}
